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

  get length(): number {
    return this.keys.length - this.next
  }

  /** How many of these there was no room for. */
  push(keys: readonly Key[]): number {
    const room = CAPACITY - this.length
    this.keys = this.next === 0 ? this.keys : this.keys.slice(this.next)
    this.next = 0
    for (const key of keys.slice(0, room)) this.keys.push(key)
    return Math.max(0, keys.length - room)
  }

  /** Look at a waiting key without taking it. */
  holds(name: Key['name']): boolean {
    return this.keys.some((key, index) => index >= this.next && key.name === name)
  }

  take(): Key | undefined {
    const key = this.keys[this.next]
    if (key === undefined) return undefined
    this.next += 1
    if (this.next === this.keys.length) this.clear()
    return key
  }

  /** Throw away what waits; how many keys that were. */
  clear(): number {
    const { length } = this
    this.keys = []
    this.next = 0
    return length
  }
}
