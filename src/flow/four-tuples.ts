import type { TakenFlow } from './flow-meter'

/** All traffic of one 4-tuple: client, server, server port, protocol. Units as in `TakenFlow`. */
export type FourTuple = Omit<TakenFlow, 'clientPort' | 'clientMac' | 'serverMac'>

/** Folds flows that differ only in the client's port, in the order in which their 4-tuples were first added. */
export class FourTuples {
  private readonly byKey = new Map<string, FourTuple>()

  add(flow: TakenFlow): void {
    const key = `${flow.clientAddress} ${flow.serverAddress} ${flow.serverPort} ${flow.proto}`
    const known = this.byKey.get(key)
    if (known === undefined) {
      const { clientPort, clientMac, serverMac, ...fourTuple } = flow
      this.byKey.set(key, fourTuple)
      return
    }
    known.c2sPackets += flow.c2sPackets
    known.s2cPackets += flow.s2cPackets
    known.c2sBytes += flow.c2sBytes
    known.s2cBytes += flow.s2cBytes
    known.c2sWireBytes += flow.c2sWireBytes
    known.s2cWireBytes += flow.s2cWireBytes
    known.firstMicros = Math.min(known.firstMicros, flow.firstMicros)
    known.lastMicros = Math.max(known.lastMicros, flow.lastMicros)
  }

  values(): IterableIterator<FourTuple> {
    return this.byKey.values()
  }
}
