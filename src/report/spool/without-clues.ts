import { setImmediate as breathe } from 'node:timers/promises'
import { openBatch } from '../batch-format/decode'
import { BatchEncoder } from '../batch-format/encode'
import { hasClues, withoutClues } from '../clues'

/**
 * The batch, with its id and its rows in their order, without the clues that it tells of machines; the same bytes
 * where it tells none. Lets others have the event loop in between. Rejects with BatchFormatError when it is damaged.
 */
export async function batchWithoutClues(bytes: Buffer): Promise<Buffer> {
  const batch = openBatch(bytes)
  let isClean = true
  for (const machines of batch.machines()) {
    isClean &&= !machines.some(hasClues)
    await breathe()
  }
  if (isClean) return bytes
  const encoder = new BatchEncoder(batch.head)
  for (const flows of batch.flows()) {
    encoder.addFlows(flows)
    await breathe()
  }
  for (const assets of batch.assets()) {
    encoder.addAssets(assets)
    await breathe()
  }
  for (const machines of batch.machines()) {
    encoder.addMachines(machines.map(withoutClues))
    await breathe()
  }
  return encoder.finish()
}
