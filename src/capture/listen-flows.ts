import { FlowMeter } from '../flow/flow-meter'
import { FourTuples, type FourTuple } from '../flow/four-tuples'
import { LiveSource } from './live-source'
import type { CaptureMethod, PortCounters } from './messages'
import { PayloadWatch } from './payload-watch'

/** What was heard on some mirror ports. */
export interface HeardFlows {
  /** In the order first seen. */
  flows: Iterable<FourTuple>
  /** 4-tuples too many to be told apart: they are in those between `Others`, with port 0. */
  folded: number
  ports: PortCounters[]
}

/** Connections followed at the same time; beyond that the longest silent make room. */
const CAPACITY = 1 << 19

/** 4-tuples told apart: 80 bytes each. */
const FOUR_TUPLES = 1 << 20

export interface ListenOptions {
  method: CaptureMethod
  /** The flows are those inside of VXLAN and Geneve, not the tunnels. */
  opensOverlays?: boolean
  /** Listening ends with it. */
  until: AbortSignal
  /** All that a person should know meanwhile, a line without its end. */
  log: (line: string) => void
}

/**
 * The flows of mirror ports, for as long as one listens. Rejects in plain words when one of the ports cannot be opened,
 * or is taken away.
 */
export async function listenFlows(
  names: string[],
  { method, opensOverlays, until, log }: ListenOptions,
): Promise<HeardFlows> {
  const meter = new FlowMeter({ capacity: CAPACITY, opensOverlays: opensOverlays ?? false })
  meter.onPayload = new PayloadWatch(meter).look
  const flows = new FourTuples(meter.addresses, FOUR_TUPLES)
  meter.onEvicted = (flow) => flows.add(flow)
  const ports = [...new Set(names)].map((name) => {
    const onTrouble = (text: string): void => log(text === '' ? `All is well with ${name} again.` : text)
    return { name, source: new LiveSource(name, { method, onTrouble, log }), packets: 0, bytes: 0 }
  })
  const close = (): void => ports.forEach(({ source }) => source.close())
  until.addEventListener('abort', close)
  try {
    await Promise.all(
      ports.map((port) =>
        port.source.run((bytes, start, end, wireBytes, atMicros, linkType) => {
          port.packets += 1
          port.bytes += wireBytes
          meter.packet(bytes, start, end, wireBytes, atMicros, linkType)
        }),
      ),
    )
  } finally {
    // When one fails the others end with it.
    close()
  }
  meter.take((flow) => flows.add(flow))
  return {
    flows,
    folded: flows.folded,
    ports: ports.map(({ name, source: { method, kernelDrops, portDrops }, packets, bytes }) => {
      return { name, method, packets, bytes, kernelDrops, portDrops }
    }),
  }
}
