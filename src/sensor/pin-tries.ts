import { setTimeout as pause } from 'node:timers/promises'
import { Turns } from './turns'

/** Anybody mistypes. From then on each wrong try doubles the pause before the next one, up to a minute. */
const FREE = 3
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/**
 * Slows down who guesses the 4-digit password (G-05): tries are looked at one after the other, each after a pause that
 * grows with the wrong ones before it. All 10,000 take a week. Nobody is locked out for good, and the right one ends it.
 */
export class PinTries {
  private wrong = 0
  private readonly turns = new Turns()

  constructor(
    private readonly isRight: (pin: string) => Promise<boolean>,
    /** A try that waits does not keep the process. */
    private readonly wait: (ms: number) => Promise<unknown> = (ms) => pause(ms, undefined, { ref: false }),
  ) {}

  /** Is this the password? Answers late on purpose. */
  take(pin: string): Promise<boolean> {
    return this.turns.take(async () => {
      // Before looking, and for the right one too: no answer yet must not mean wrong.
      if (this.wrong >= FREE) await this.wait(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.wrong - FREE)))
      const isRight = await this.isRight(pin)
      this.wrong = isRight ? 0 : this.wrong + 1
      return isRight
    })
  }
}
