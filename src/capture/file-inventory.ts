import { keyInBook } from '../asset/address-key'
import { COMMON_NAMES } from '../asset/common-names'
import { describe, isLocal, type InventoryAsset } from '../asset/describe'
import { groupsOf } from '../asset/identity'
import { Inventory } from '../asset/inventory'
import { Ear } from '../discovery/ear'
import type { FlowMeter, TakenFlow } from '../flow/flow-meter'
import { ServiceOffers } from '../report/service-offers'
import { loadSignatures } from './signature-files'

const HOSTS = 100_000

/** The machines of a capture, heard while a meter makes its flows. */
export class FileInventory {
  private readonly inventory = new Inventory({ capacity: HOSTS })

  /** Hear every packet that the meter takes in from now on. What is answered is to be called for every flow it gives out. */
  hear(meter: FlowMeter): (flow: TakenFlow) => void {
    meter.onDecoded = new Ear(this.inventory).packet
    const offers = new ServiceOffers(meter, this.inventory)
    return (flow) => {
      if (flow.c2sPackets > 0) this.wasHeard(flow.client, meter, flow)
      if (flow.s2cPackets > 0) this.wasHeard(flow.server, meter, flow)
      offers.learn(flow)
    }
  }

  /** The ear is told of who speaks as a flow begins; until when it went on the flow itself tells. */
  private wasHeard(number: number, { addresses }: FlowMeter, { firstMicros, lastMicros }: TakenFlow): void {
    const host = this.inventory.hostAt(keyInBook(addresses, number))
    if (host === undefined) return
    this.inventory.hear(host.key, Math.floor(firstMicros / 1000), Math.floor(lastMicros / 1000))
  }

  /** Of the capture's own network, and not those met somewhere behind a router; in the order first seen. */
  assets(): InventoryAsset[] {
    const signatures = loadSignatures()
    return groupsOf(this.inventory, (name) => COMMON_NAMES.has(name))
      .filter(isLocal)
      .map((group) => describe(group, signatures))
      .sort((one, other) => one.firstMs - other.firstMs)
  }

  /** New addresses and cards, and statements, there was no room for. */
  get turnedAway(): number {
    return this.inventory.turnedAway + this.inventory.budget.turnedAway
  }
}
