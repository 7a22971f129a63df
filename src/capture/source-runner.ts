import type { PacketSource } from './packet-source'
import type { PacketHandler } from '../wire/packet-handler'

/** A source that has run for so long is well: its trouble is over, and its next failure is the first one again. */
const WELL_AFTER_MS = 1000

/** Makes a source, which tells `onTrouble` what is wrong while it runs: plain words, empty when all is well again. */
export type OpenSource = (onTrouble: (text: string) => void) => PacketSource

export interface SourceRunnerOptions {
  onPacket: PacketHandler
  /** What is wrong with the source, in plain words; empty when all is well again. */
  onTrouble: (text: string) => void
  /** First pause before another attempt; it doubles up to `longestBackoffMs`. */
  shortestBackoffMs?: number
  longestBackoffMs?: number
}

/** Keeps one packet source running: a port that is gone is tried again, with growing pauses. */
export class SourceRunner {
  /** Delivered by all sources so far; bytes as on the wire. */
  packets = 0
  bytes = 0
  private open: OpenSource | undefined
  private source: PacketSource | undefined
  private readonly lostBefore = { byKernel: 0, byPort: 0 }
  private wake: () => void = () => undefined

  constructor(private readonly options: SourceRunnerOptions) {}

  get isRunning(): boolean {
    return this.open !== undefined
  }

  /** Dropped by the kernel, by all sources so far. */
  get kernelDrops(): number {
    return this.lostBefore.byKernel + (this.source?.kernelDrops ?? 0)
  }

  /** Lost by the port itself while it was listened to. */
  get portDrops(): number {
    return this.lostBefore.byPort + (this.source?.portDrops ?? 0)
  }

  /** How the source that is open listens; empty while none is. */
  get method(): string {
    return this.source?.method ?? ''
  }

  /** Take packets from another source from now on. */
  start(open: OpenSource): void {
    this.stop()
    this.open = open
    void this.keepRunning(open)
  }

  /** Take no more packets. No packet is delivered after it. */
  stop(): void {
    this.open = undefined
    this.source?.close()
    this.leaveSource()
    this.wake()
    this.options.onTrouble('')
  }

  private async keepRunning(open: OpenSource): Promise<void> {
    // A port is looked for in no time at all, and a person who has just plugged it in is waiting.
    const { shortestBackoffMs = 1_000, longestBackoffMs = 5_000 } = this.options
    let backoffMs = shortestBackoffMs
    const isWanted = (): boolean => this.open === open
    const onPacket: PacketHandler = (bytes, start, end, wireBytes, atMicros, linkType) => {
      if (this.open !== open) return
      this.packets += 1
      this.bytes += wireBytes
      this.options.onPacket(bytes, start, end, wireBytes, atMicros, linkType)
    }
    while (isWanted()) {
      let sourceTrouble = ''
      const wellTimer = setTimeout(() => {
        backoffMs = shortestBackoffMs
        if (isWanted() && sourceTrouble === '') this.options.onTrouble('')
      }, WELL_AFTER_MS)
      let trouble = 'The packet source has ended.'
      try {
        const source = open((text) => {
          sourceTrouble = text
          if (isWanted()) this.options.onTrouble(text)
        })
        this.source = source
        await source.run(onPacket)
      } catch (error) {
        trouble = error instanceof Error ? error.message : String(error)
      }
      clearTimeout(wellTimer)
      if (!isWanted()) return
      this.leaveSource()
      this.options.onTrouble(trouble)
      await this.pause(backoffMs)
      backoffMs = Math.min(backoffMs * 2, longestBackoffMs)
    }
  }

  private leaveSource(): void {
    this.lostBefore.byKernel += this.source?.kernelDrops ?? 0
    this.lostBefore.byPort += this.source?.portDrops ?? 0
    this.source = undefined
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
