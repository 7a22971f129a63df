import type { Key } from '../form/keys'

/** As many keys as can wait: a keystroke file of 64 KB and more goes in whole. */
const CAPACITY = 256 * 1024

/**
 * The one queue every key passes. A key leaves it only when the screen can take it, so what is typed while a screen
 * changes or an operation runs is not lost; in a burst of four answers all four arrive.
 */
export class KeyQueue {
  private keys: Key[] = []
  private next = 0
  /** Keys there was no room for. */
  turnedAway = 0

  get length(): number {
    return this.keys.length - this.next
  }

  push(keys: readonly Key[]): void {
    for (const key of keys) {
      if (this.length >= CAPACITY) this.turnedAway += 1
      else this.keys.push(key)
    }
  }

  /** Look at a waiting key without taking it. */
  holds(name: Key['name']): boolean {
    return this.keys.slice(this.next).some((key) => key.name === name)
  }

  take(): Key | undefined {
    const key = this.keys[this.next]
    if (key === undefined) return undefined
    this.next += 1
    if (this.next === this.keys.length) {
      this.keys = []
      this.next = 0
    }
    return key
  }
}
