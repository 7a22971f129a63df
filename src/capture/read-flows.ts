import { FlowMeter, type FlowCounters } from '../flow/flow-meter'
import { FourTuples, type FourTuple } from '../flow/four-tuples'
import { FileSource } from './file-source'

/** What one capture file holds. */
export interface FileFlows {
  /** In the order first seen. */
  flows: FourTuple[]
  counters: FlowCounters
  /** What is wrong with the file; the flows are those before the damage. */
  damage: string | undefined
}

/** Room for a busy link's flows; more only turn the oldest idle ones out of the table early. */
const CAPACITY = 1 << 20

/**
 * The flows of a whole capture file, or of standard input for `-`. Rejects in plain words when it cannot be opened or
 * is no capture file.
 */
export async function readFlows(path: string, capacity = CAPACITY): Promise<FileFlows> {
  const source = new FileSource(path)
  const meter = new FlowMeter({ capacity })
  const folded = new FourTuples()
  await source.run(meter.packet)
  meter.take((flow) => folded.add(flow))
  return { flows: [...folded.values()], counters: meter.counters, damage: source.damage }
}
