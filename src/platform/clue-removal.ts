import { setImmediate as breathe } from 'node:timers/promises'
import type { Store } from './store'

/** A few milliseconds of work, in which nobody else is served. */
const MACHINES_AT_ONCE = 20

/**
 * Removes what sensors have told by which clues machines are known, where there is no consent to that any more. It
 * is asked for whenever that is heard, and where nothing is left it costs little; so what a crash cut off is taken up.
 */
export class ClueRemoval {
  private readonly asked = new Set<string>()
  private isClosed = false
  private turn: Promise<void> = Promise.resolve()

  constructor(private readonly store: Store) {}

  /** Soon. */
  ask(sensorId: string): void {
    if (this.asked.has(sensorId)) return
    this.asked.add(sensorId)
    this.turn = this.turn
      .then(() => this.remove(sensorId))
      .catch((error: unknown) => console.error('nps platform: clues of machines are not removed:', error))
  }

  /** All sensors whose operator has said no. */
  async askWhereRefused(): Promise<void> {
    for (const { id } of await this.store.sensors()) {
      try {
        if ((await this.store.configuration(id)).inventory?.fingerprints === false) this.ask(id)
      } catch (error) {
        // One that cannot be read must not keep the platform from starting.
        console.error(`nps platform: the configuration of the sensor ${id} cannot be read:`, error)
      }
    }
  }

  /** Resolves when nothing of it touches the store any more. */
  async close(): Promise<void> {
    this.isClosed = true
    await this.turn
  }

  private async remove(sensorId: string): Promise<void> {
    this.asked.delete(sensorId)
    while (!this.isClosed && (await this.store.removeClues(sensorId, MACHINES_AT_ONCE))) await breathe()
  }
}
