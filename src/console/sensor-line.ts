import type { SensorControl } from '../sensor/control-client'
import type { SensorStatus } from '../sensor/messages'
import type { Sight } from './header'

/** How soon a sensor that is not there is looked for again. */
const RETRY_MS = 500

/** One that says nothing for so long is asked whether it still answers, and after the longer time it is said that it does not. */
const ASK_AFTER_MS = 5000
const SILENT_AFTER_MS = 10_000

/** The console's line to the sensor: it waits for one, follows its status, and waits again when it has gone. */
export class SensorLine {
  /** Undefined while there is no connection. */
  control: SensorControl | undefined
  /** The last status; undefined before the first one. */
  status: SensorStatus | undefined
  /** Since when it is connected, or not. */
  sinceMs = performance.now()
  /** Why the last attempt failed, in plain words. */
  trouble = ''
  onStatus: (status: SensorStatus) => void = () => undefined
  onGone: () => void = () => undefined
  private retry: NodeJS.Timeout | undefined
  private asking: NodeJS.Timeout | undefined
  private isAsked = false
  private heardMs = performance.now()
  private isClosed = false

  constructor(
    private readonly connect: () => Promise<SensorControl>,
    private readonly times = { askAfterMs: ASK_AFTER_MS, silentAfterMs: SILENT_AFTER_MS },
  ) {}

  /** For how long a sensor that is there has not answered, in milliseconds; 0 while it does. */
  get silentMs(): number {
    const ms = performance.now() - this.heardMs
    return this.control !== undefined && ms >= this.times.silentAfterMs ? ms : 0
  }

  /** What the header is made of. */
  sight(mayLeave: boolean): Sight {
    const { status, control, sinceMs, silentMs, trouble } = this
    return { status, isConnected: control !== undefined, sinceMs, silentMs, trouble, mayLeave }
  }

  /** Start looking. Resolves after the first attempt, whatever came of it; later ones follow by themselves. */
  async open(): Promise<void> {
    let control: SensorControl | undefined
    try {
      control = await this.connect()
      const status = await control.watch((next) => this.take(next))
      if (this.isClosed) return control.close()
      control.onGone = () => this.gone()
      this.control = control
      this.sinceMs = performance.now()
      this.take(status)
      const there = control
      this.asking = setInterval(() => void this.askWhetherThere(there), this.times.askAfterMs)
    } catch (error) {
      // Not there yet, or gone before it had said anything.
      this.trouble = (error as Error).message
      control?.close()
      this.openSoon()
    }
  }

  close(): void {
    this.isClosed = true
    clearTimeout(this.retry)
    clearInterval(this.asking)
    this.control?.close()
  }

  private take(status: SensorStatus): void {
    if (this.isClosed) return
    this.heardMs = performance.now()
    this.status = status
    this.onStatus(status)
  }

  /** A process that is stopped, or waits for a dying disk, keeps its socket open. */
  private async askWhetherThere(control: SensorControl): Promise<void> {
    if (this.isAsked || performance.now() - this.heardMs < this.times.askAfterMs) return
    this.isAsked = true
    const outcome = await control.ask('watch', {}).catch(() => undefined)
    this.isAsked = false
    if (outcome?.ok && control === this.control) this.take(outcome.answer)
  }

  private gone(): void {
    if (this.isClosed) return
    clearInterval(this.asking)
    this.control = undefined
    this.sinceMs = performance.now()
    this.onGone()
    this.openSoon()
  }

  private openSoon(): void {
    if (!this.isClosed) this.retry = setTimeout(() => void this.open(), RETRY_MS)
  }
}
