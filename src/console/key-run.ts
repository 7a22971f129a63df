import { count } from '../text/figures'

/** More keys than this within that time are nobody's fingers: a held key repeats 30 times a second. */
const FAST_KEYS = 16
const FAST_MS = 100

/** A line that has been silent for so long has nothing more to send for now. */
export const QUIET_MS = 300

/**
 * Why the rest of a run is thrown away: the sensor or the form refused something, an Enter was held back, or behind the
 * console password there was something that nobody had seen yet.
 */
export type Stop = 'refused' | 'held' | 'uncovered'

/**
 * Keys received and keys used, since the line was last quiet. When they come faster than a person types it is a run,
 * such as a keystroke file or a paste: at its end the screen says both figures. After a refusal the rest of a run was
 * meant for a screen that never came, so it is thrown away; with a key unused the form is not what the file meant, so
 * an Enter that sends it is held back.
 */
export class KeyRun {
  private received = 0
  private unused = 0
  private thrownAway = 0
  private stop: Stop | undefined
  private isFast = false
  private windowFromMs = 0
  private inWindow = 0

  /** Keys have come in. */
  take(keys: number, nowMs: number): void {
    if (nowMs - this.windowFromMs > FAST_MS) {
      this.windowFromMs = nowMs
      this.inWindow = 0
    }
    this.inWindow += keys
    if (this.inWindow > FAST_KEYS) this.isFast = true
    this.received += keys
  }

  /** So many of them were of no use. */
  miss(keys: number): void {
    this.unused += keys
  }

  /** Enter is not to send anything. */
  get holdsBack(): boolean {
    return this.isFast && this.unused > 0
  }

  get isRun(): boolean {
    return this.isFast
  }

  /** Nothing of what still comes is to reach the form. */
  get isStopped(): boolean {
    return this.stop !== undefined
  }

  stopAt(stop: Stop): void {
    this.stop = stop
  }

  /** So many keys came behind the stop. */
  throwAway(keys: number): void {
    this.thrownAway += keys
    this.unused += keys
  }

  /** What the screen says of it; empty for a person's typing. */
  get remark(): string {
    const figures = `${count(this.received)} keys received, ${count(this.received - this.unused)} used`
    if (this.stop === 'held') return `Not sent: ${figures}. Look it over; Enter sends it now.`
    if (this.thrownAway > 0 && this.stop === 'uncovered') return `This was left open. ${figures}.`
    if (this.thrownAway > 0) return `Stopped at the refusal: ${figures}.`
    return this.isFast ? `${figures}.` : ''
  }

  reset(): void {
    this.received = this.unused = this.thrownAway = this.inWindow = 0
    this.stop = undefined
    this.isFast = false
  }
}
