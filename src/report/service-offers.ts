import type { Inventory } from '../asset/inventory'
import type { FlowMeter, TakenFlow } from '../flow/flow-meter'
import { flowService } from './flow-service'

/** Of a hundred services that are told by the payload so many are right, and of those told by the port. */
const SURE_BY_PAYLOAD = 90
const SURE_BY_PORT = 50

/** IP bytes of a TCP segment without options and data, in IPv4 and IPv6: how a closed port refuses. */
const BARE_SEGMENT = 40
const BARE_SEGMENT_V6 = 60

/** Services remembered as told; a scan of everything must not fill the memory. */
const MOST_TOLD = 1 << 18

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
    const service = flowService(flow)
    if (service === undefined) return
    const ip = this.meter.addresses.text(server)
    if (proto === 'tcp' && flow.s2cBytes <= s2cPackets * (ip.includes(':') ? BARE_SEGMENT_V6 : BARE_SEGMENT)) return
    if (this.told.size >= MOST_TOLD) this.told.clear()
    this.told.add(key)
    const value = `${proto}/${serverPort} ${service.app}`
    const confidence = service.by === 'payload' ? SURE_BY_PAYLOAD : SURE_BY_PORT
    const atMs = Math.floor(flow.lastMicros / 1000)
    this.inventory.observe({ ip }, { kind: 'service', value, confidence, source: 'flow', atMs })
  }

  /** The meter's numbers of addresses mean others from now on. */
  forget(): void {
    this.told.clear()
  }
}
