import { keyInBook } from '../asset/address-key'
import type { Inventory } from '../asset/inventory'
import type { FlowMeter, TakenFlow } from '../flow/flow-meter'
import { flowService } from './flow-service'

/** Of a hundred services that are told by the payload so many are right, and of those told by the port. */
const SURE_BY_PAYLOAD = 90
const SURE_BY_PORT = 50

/** IP bytes of a TCP segment without options and data, in IPv4 and IPv6: how a closed port refuses. */
const BARE_SEGMENT = 40
const BARE_SEGMENT_V6 = 60

/** Places for services that were told; one that falls into another's takes it over. */
const PLACE_BITS = 18

/** Tells the inventory which machine offers what, by the flows that were answered. */
export class ServiceOffers {
  /**
   * Server, port, transport and service as one number, 0 where there is none. Telling it again is no harm, so this forgets
   * what it has no place for: nothing is allocated, and a scan of everything fills no memory.
   */
  private readonly told = new Float64Array(1 << PLACE_BITS)
  /** Of the meter's book of addresses, whose numbers are in there. */
  private edition = 0

  constructor(
    private readonly meter: FlowMeter,
    private readonly inventory: Inventory,
  ) {}

  /** What the meter calls for each flow. */
  readonly learn = (flow: TakenFlow): void => {
    const { server, serverPort, proto, s2cPackets, c2sPackets } = flow
    if (s2cPackets === 0 || c2sPackets === 0) return
    const { addresses } = this.meter
    if (addresses.edition !== this.edition) {
      this.edition = addresses.edition
      this.told.fill(0)
    }
    const what = (serverPort * 2 + (proto === 'tcp' ? 1 : 0)) * 512 + flow.service
    const key = server * 2 ** 26 + what
    const place = (Math.imul(server, 0x9e3779b1) ^ Math.imul(what, 0x85ebca6b)) >>> (32 - PLACE_BITS)
    if (this.told[place] === key) return
    const service = flowService(flow)
    if (service === undefined) return
    const address = keyInBook(addresses, server)
    const bare = typeof address === 'number' ? BARE_SEGMENT : BARE_SEGMENT_V6
    if (proto === 'tcp' && flow.s2cBytes <= s2cPackets * bare) return
    this.told[place] = key
    // Most servers are somewhere outside.
    if (!this.inventory.mayHold(address)) return
    const value = `${proto}/${serverPort} ${service.app}`
    const confidence = service.by === 'payload' ? SURE_BY_PAYLOAD : SURE_BY_PORT
    const atMs = Math.floor(flow.lastMicros / 1000)
    this.inventory.observeKey(address, { kind: 'service', value, confidence, source: 'flow', atMs })
  }

  /**
   * Everything is told once more: an address may be another machine's by now, or that of one that was forgotten and is
   * back.
   */
  tellAgain(): void {
    this.told.fill(0)
  }
}
