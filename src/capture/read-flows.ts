import { FlowMeter, type FlowCounters, type TakenFlow } from '../flow/flow-meter'
import { FourTuples, type FourTuple } from '../flow/four-tuples'
import type { FileInventory } from './file-inventory'
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

export interface ReadOptions {
  capacity?: number
  opensOverlays?: boolean
  /** What is to hear of the machines in the same pass. */
  inventory?: FileInventory | undefined
}

/**
 * The flows of a whole capture file, or of standard input for `-`. Rejects in plain words when it cannot be opened or
 * is no capture file.
 */
export async function readFlows(path: string, options: ReadOptions = {}): Promise<FileFlows> {
  const source = new FileSource(path)
  const meter = new FlowMeter({ capacity: CAPACITY, ...options })
  meter.onPayload = new PayloadWatch(meter).look
  const flows = new FourTuples(meter.addresses, FOUR_TUPLES)
  const learn = options.inventory?.hear(meter)
  const take = (flow: TakenFlow): void => {
    learn?.(flow)
    flows.add(flow)
  }
  meter.onEvicted = take
  await source.run(meter.packet)
  meter.take(take)
  return { flows, folded: flows.folded, counters: meter.counters, damage: source.damage }
}
