import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { SpoolWriter } from '../../../src/report/spool/spool-writer'
import type { Batch } from '../../../src/report/summary'

/** The writing half of a worker: puts reports of a list in a spool and prints the number of each that is safe. */
async function main([folder, list, ...numbers]: string[]): Promise<void> {
  const lines = readFileSync(list!, 'utf8').split('\n')
  const spool = new SpoolWriter(folder!)
  for (const number of numbers) {
    const report = JSON.parse(lines[Number(number)]!) as Batch
    // As the reporter does it: what it could not see on disk is reported anew, under an id of its own.
    await spool.write({ ...report, id: randomUUID() })
    console.log(number)
    await pause(5)
  }
}

void main(process.argv.slice(2))
