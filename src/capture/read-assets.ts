import type { InventoryAsset } from '../asset/describe'
import { FlowMeter } from '../flow/flow-meter'
import { FileInventory } from './file-inventory'
import { FileSource } from './file-source'
import { PayloadWatch } from './payload-watch'

/** The machines of one capture file. */
export interface FileAssets {
  /** In the order in which they were first seen. To be gone through once. */
  assets: Iterable<InventoryAsset>
  /** New addresses and cards, and statements, there was no room for. */
  turnedAway: number
  /** What is wrong with the file; the assets are those before the damage. */
  damage: string | undefined
}

const FLOWS = 1 << 18

/**
 * The assets of a whole capture file, or of standard input for `-`: of its own network, and not those that were met
 * somewhere behind a router. Rejects in plain words when it cannot be opened or is no capture file.
 */
export async function readAssets(path: string, options: { opensOverlays?: boolean } = {}): Promise<FileAssets> {
  const source = new FileSource(path)
  const meter = new FlowMeter({ capacity: FLOWS, ...options })
  meter.onPayload = new PayloadWatch(meter).look
  const inventory = new FileInventory()
  const learn = inventory.hear(meter)
  meter.onEvicted = learn
  await source.run(meter.packet)
  meter.take(learn)
  return { assets: inventory.assets(), turnedAway: inventory.turnedAway, damage: source.damage }
}
