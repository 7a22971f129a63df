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
    return new ServiceOffers(meter, this.inventory).learn
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
