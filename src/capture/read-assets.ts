import { COMMON_NAMES } from '../asset/common-names'
import { describe, isLocal, type InventoryAsset } from '../asset/describe'
import { groupsOf } from '../asset/identity'
import { Inventory } from '../asset/inventory'
import { Ear } from '../discovery/ear'
import { FlowMeter } from '../flow/flow-meter'
import { FileSource } from './file-source'
import { PayloadWatch } from './payload-watch'
import { ServiceOffers } from '../report/service-offers'
import { loadSignatures } from './signature-files'

/** The machines of one capture file. */
export interface FileAssets {
  /** In the order in which they were first seen. */
  assets: InventoryAsset[]
  /** New addresses and cards, and statements, there was no room for. */
  turnedAway: number
  /** What is wrong with the file; the assets are those before the damage. */
  damage: string | undefined
}

const FLOWS = 1 << 18
const HOSTS = 100_000

/**
 * The assets of a whole capture file, or of standard input for `-`: of its own network, and not those that were met
 * somewhere behind a router. Rejects in plain words when it cannot be opened or is no capture file.
 */
export async function readAssets(path: string): Promise<FileAssets> {
  const source = new FileSource(path)
  const meter = new FlowMeter({ capacity: FLOWS })
  const inventory = new Inventory({ capacity: HOSTS })
  meter.onPayload = new PayloadWatch(meter).look
  meter.onDecoded = new Ear(inventory).packet
  const offers = new ServiceOffers(meter, inventory)
  meter.onEvicted = offers.learn
  await source.run(meter.packet)
  meter.take(offers.learn)
  const signatures = loadSignatures()
  const assets = groupsOf(inventory, (name) => COMMON_NAMES.has(name))
    .filter(isLocal)
    .map((group) => describe(group, signatures))
    .sort((one, other) => one.firstMs - other.firstMs)
  return { assets, turnedAway: inventory.turnedAway + inventory.budget.turnedAway, damage: source.damage }
}
