import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { runWorker } from '../../../src/capture/main'
import { SpoolWriter } from '../../../src/report/spool/spool-writer'
import { sumsOf } from './journal'

/** The real worker; it only writes down, before each batch, what is in it, and after it that it is safe on disk. */
const write = SpoolWriter.prototype.write
SpoolWriter.prototype.write = async function (batch) {
  const journal = join((this as unknown as { folder: string }).folder, '.journal')
  appendFileSync(journal, `tried ${batch.id} ${sumsOf(batch.flows).join(' ')}\n`)
  const id = await write.call(this, batch)
  appendFileSync(journal, `safe ${id}\n`)
  return id
}

void runWorker()
