import type { Inventory } from '../asset/inventory'
import type { FlowMeter, TakenFlow } from '../flow/flow-meter'
import { flowService } from '../report/flow-service'

/** Of a hundred services that are told by the payload so many are right, and of those told by the port. */
const SURE_BY_PAYLOAD = 90
const SURE_BY_PORT = 50

/** Tells the inventory which machine offers what, by the flows that were answered. */
export class ServiceOffers {
  /** Server, port, transport and service as one number, each told once. */
  private readonly told = new Set<number>()

  constructor(
    private readonly meter: FlowMeter,
    private readonly inventory: Inventory,
  ) {}

  /** What the meter calls for each flow. */
  readonly learn = (flow: TakenFlow): void => {
    const { server, serverPort, proto, s2cPackets, c2sPackets } = flow
    if (s2cPackets === 0 || c2sPackets === 0) return
    const key = ((server * 65_536 + serverPort) * 2 + (proto === 'tcp' ? 1 : 0)) * 512 + flow.service
    if (this.told.has(key)) return
    this.told.add(key)
    const service = flowService(flow)
    if (service === undefined) return
    const value = `${proto}/${serverPort} ${service.app}`
    const confidence = service.by === 'payload' ? SURE_BY_PAYLOAD : SURE_BY_PORT
    const atMs = Math.floor(flow.lastMicros / 1000)
    const ip = this.meter.addresses.text(server)
    this.inventory.observe({ ip }, { kind: 'service', value, confidence, source: 'flow', atMs })
  }
}
