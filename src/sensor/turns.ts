import { SensorError } from '../errors/sensor-error'

/** Runs tasks one after the other: two faces that apply settings at the same moment must not mix. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve()
  private isOver = false

  /** Run `task` when all earlier ones have ended, however they ended. Rejects with SensorError 10 after end(). */
  take<T>(task: () => Promise<T>): Promise<T> {
    if (this.isOver) return Promise.reject(new SensorError(10, { reason: 'the sensor is being ended' }))
    const mine = this.last.then(task, task)
    this.last = mine.catch(() => undefined)
    return mine
  }

  /** Nothing is begun any more; resolves when all that was to be done until now is. */
  async end(): Promise<void> {
    this.isOver = true
    await this.last
  }
}
