import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { readIfThere, writeDurably } from '../files/durable-files'
import type { NetworkSettings } from '../settings/network-settings'

const Kept = z.object({ wanted: z.record(z.string(), z.string()) })

/**
 * The note on disk that settings are in force which are not proven yet: network.ini still has those of before. A sensor
 * that finds it at its start has to put them back, however the one before it ended.
 */
export class TrialNote {
  private readonly file: string

  constructor(stateFolder: string) {
    this.file = join(stateFolder, 'network-trial.json')
  }

  write(wanted: NetworkSettings): Promise<void> {
    return writeDurably({ path: this.file, text: `${JSON.stringify({ wanted })}\n`, mode: 0o600 })
  }

  remove(): Promise<void> {
    return rm(this.file, { force: true })
  }

  /** Was a trial broken off that had not come to a good end: these settled settings are not what was tried? */
  async wasBrokenOff(settled: NetworkSettings): Promise<boolean> {
    const bytes = await readIfThere(this.file)
    if (bytes === undefined) return false
    try {
      return !isDeepStrictEqual(Kept.parse(JSON.parse(bytes.toString('utf8'))).wanted, { ...settled })
    } catch {
      // Written whole or not at all, so this is some other damage: better to say too much than nothing.
      return true
    }
  }
}
