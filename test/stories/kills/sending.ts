import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Backoff } from '../../../src/link/backoff'
import { Uploader } from '../../../src/link/uploader'
import { Spool } from '../../../src/report/spool/spool'
import { directTo } from '../../link/parties'

/** The sensor's half: uploads what a spool holds and keeps its budget. Prints its totals each time they change. */
async function main([folder, budget, port, credential]: string[]): Promise<void> {
  const { ca, key, cert } = JSON.parse(readFileSync(credential!, 'utf8')) as Record<'ca' | 'key' | 'cert', string>
  const spool = new Spool(folder!, { budgetBytes: Number(budget) })
  const silent = { onUploaded: () => undefined, onTrouble: () => undefined }
  const handlers = { ...silent, mayTellClues: () => true, onRefused: fail }
  const uploader = new Uploader(spool, { ...directTo(Number(port), ca), key, cert }, handlers, new Backoff(5, 20))
  uploader.start()
  let told = ''
  for (;;) {
    uploader.kick()
    await spool.keepBudget()
    const waiting = (await spool.list()).length
    const totals = JSON.stringify({ waiting, uploaded: uploader.uploadedBatches, ...spool.totals })
    if (totals !== told) console.log((told = totals))
    await pause(5)
  }
}

function fail(id: string, reason: string): void {
  throw new Error(`batch ${id} was refused: ${reason}`)
}

void main(process.argv.slice(2))
