import type { SensorControl } from '../sensor/control-client'
import type { SensorStatus } from '../sensor/messages'

/** How soon a sensor that is not there is looked for again. */
const RETRY_MS = 500

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
  private isClosed = false

  constructor(private readonly connect: () => Promise<SensorControl>) {}

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
    this.control?.close()
  }

  private take(status: SensorStatus): void {
    if (this.isClosed) return
    this.status = status
    this.onStatus(status)
  }

  private gone(): void {
    if (this.isClosed) return
    this.control = undefined
    this.sinceMs = performance.now()
    this.onGone()
    this.openSoon()
  }

  private openSoon(): void {
    if (!this.isClosed) this.retry = setTimeout(() => void this.open(), RETRY_MS)
  }
}
