import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { issue } from '../errors/issue'
import { SensorError } from '../errors/sensor-error'
import { readIfThere, writeDurably } from '../files/durable-files'
import { Refused } from './refused'

/** Words that a person has to give before something happens that cannot be taken back. */
export type ConfirmationWord = 'REBOOT' | 'SHUTDOWN' | 'RESET'

/** Refused with 10 at `confirmation` unless it is the word. */
export function requireConfirmation(given: string, word: ConfirmationWord): void {
  if (given.trim() === word) return
  throw new Refused([issue('confirmation', 10, { reason: `it needs the word ${word} as confirmation` })])
}

/**
 * Going back to how the appliance was shipped takes many files. A note is written first, and taken away when all of them
 * are done: a power cut before it changes nothing, and after it the next start goes on until all is gone.
 */
export class FactoryReset {
  private readonly noteFile: string

  constructor(
    stateFolder: string,
    /** Forgets everything; may be called again when it was broken off. */
    private readonly forget: () => Promise<void>,
    private readonly log: (line: string) => void,
  ) {
    this.noteFile = join(stateFolder, 'reset-under-way')
  }

  /** Rejects with nothing changed, or with SensorError 10 when it is only done in part and goes on at the next start. */
  async run(): Promise<void> {
    await writeDurably({ path: this.noteFile, text: 'The sensor goes on with it when it starts.\n', mode: 0o600 })
    try {
      await this.finish()
    } catch (error) {
      const reason = `the reset is not finished (${error instanceof Error ? error.message : String(error)})`
      throw new SensorError(10, { reason: `${reason}; it goes on at the next start` }, { cause: error })
    }
  }

  /** At a start: go on with a reset that was broken off. */
  async finishIfBrokenOff(): Promise<void> {
    if ((await readIfThere(this.noteFile)) !== undefined) await this.finish()
  }

  private async finish(): Promise<void> {
    await this.forget()
    await rm(this.noteFile, { force: true })
    this.log('reset: everything is as shipped')
  }
}
