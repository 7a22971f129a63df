import type { Key } from '../form/keys'
import { KeyDecoder } from './keys'

/** A timer that is so late was held up, and the bytes it was to wait for may have been, too. */
const LATE_MS = 20

/** Bytes as they come from a line, and keys as they are understood; an unfinished sequence is over after a while. */
export class KeyInput {
  readonly decoder = new KeyDecoder()
  private patience: NodeJS.Timeout | undefined

  /** `leastMs`: an unfinished sequence is waited for at least so long. */
  constructor(
    private readonly onKeys: (keys: readonly Key[]) => void,
    private readonly leastMs: () => number = () => 0,
  ) {}

  feed(bytes: Uint8Array): void {
    clearTimeout(this.patience)
    this.onKeys(this.decoder.feed(bytes))
    this.waitForRest()
  }

  /** Whoever typed what is unfinished has gone. */
  reset(): void {
    clearTimeout(this.patience)
    this.decoder.reset()
  }

  close(): void {
    clearTimeout(this.patience)
  }

  private waitForRest(): void {
    const { patienceMs } = this.decoder
    if (patienceMs === undefined) return
    const waitMs = Math.max(patienceMs, this.leastMs())
    const dueAtMs = performance.now() + waitMs
    this.patience = setTimeout(() => {
      // The wait itself was held up.
      if (performance.now() > dueAtMs + LATE_MS) this.waitForRest()
      else this.onKeys(this.decoder.giveUp())
    }, waitMs)
  }
}
