import { FlowMeter, type FlowCounters } from '../flow/flow-meter'
import { FourTuples, type FourTuple } from '../flow/four-tuples'
import { FileSource } from './file-source'
import type { PacketHandler } from '../wire/packet-handler'

/** What one capture file holds. */
export interface FileFlows {
  /** In the order first seen. */
  flows: FourTuple[]
  counters: FlowCounters
  /** What is wrong with the file; the flows are those before the damage. */
  damage: string | undefined
}

/** Connections followed at the same time. */
const CAPACITY = 1 << 20

/** Connections silent for so long, by the file's own clock, may be let go when the table fills up. */
const IDLE_MICROS = 120e6

/** Looking for idle flows walks the whole table, so not for every packet of a flood. */
const PACKETS_BETWEEN_LOOKS = 1 << 20

/**
 * The flows of a whole capture file, or of standard input for `-`. Rejects in plain words when it cannot be opened or
 * is no capture file.
 */
export async function readFlows(path: string, capacity = CAPACITY): Promise<FileFlows> {
  const source = new FileSource(path)
  const meter = new FlowMeter({ capacity })
  const folded = new FourTuples()
  const nearlyFull = capacity * 0.75
  let nextLook = 0
  const count: PacketHandler = (bytes, start, end, wireBytes, atMicros, linkType) => {
    meter.packet(bytes, start, end, wireBytes, atMicros, linkType)
    if (meter.liveFlows > nearlyFull && meter.counters.packets >= nextLook) {
      nextLook = meter.counters.packets + PACKETS_BETWEEN_LOOKS
      meter.take((flow) => folded.add(flow), { forgetIdleSinceMicros: atMicros - IDLE_MICROS })
    }
  }
  await source.run(count)
  meter.take((flow) => folded.add(flow))
  return { flows: [...folded.values()], counters: meter.counters, damage: source.damage }
}
