import { FlowMeter, type FlowCounters } from '../flow/flow-meter'
import { FourTuples, type FourTuple } from '../flow/four-tuples'
import { FileSource } from './file-source'
import { PayloadWatch } from './payload-watch'

/** What one capture file holds. */
export interface FileFlows {
  /** In the order first seen; as often as asked for. */
  flows: Iterable<FourTuple>
  /** 4-tuples too many to be told apart: they are in those between `Others`, with port 0. */
  folded: number
  counters: FlowCounters
  /** What is wrong with the file; the flows are those before the damage. */
  damage: string | undefined
}

/** Connections followed at the same time; beyond that the longest silent make room. */
const CAPACITY = 1 << 20

/** 4-tuples told apart: 80 bytes each. */
const FOUR_TUPLES = 1 << 21

/**
 * The flows of a whole capture file, or of standard input for `-`. Rejects in plain words when it cannot be opened or
 * is no capture file.
 */
export async function readFlows(
  path: string,
  options: { capacity?: number; opensOverlays?: boolean } = {},
): Promise<FileFlows> {
  const source = new FileSource(path)
  const meter = new FlowMeter({ capacity: CAPACITY, ...options })
  meter.onPayload = new PayloadWatch(meter).look
  const flows = new FourTuples(meter.addresses, FOUR_TUPLES)
  meter.onEvicted = (flow) => flows.add(flow)
  await source.run(meter.packet)
  meter.take((flow) => flows.add(flow))
  return { flows, folded: flows.folded, counters: meter.counters, damage: source.damage }
}
