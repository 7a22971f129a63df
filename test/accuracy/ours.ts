import { join } from 'node:path'
import type { InventoryAsset } from '../../src/asset/describe'
import { readAssets } from '../../src/capture/read-assets'
import { CAPTURES_FOLDER } from '../captures/where'
import type { Said } from './score'

/** What we say of the machines of a capture. */
export async function ourAssets(file: string): Promise<Said[]> {
  const { assets } = await readAssets(join(CAPTURES_FOLDER, file))
  return [...assets].map((asset) => ({ ...asset, texts: textsOf(asset) }))
}

function textsOf({ hostname, names, model, maker, details }: InventoryAsset): string[] {
  const attributes = [hostname, model, maker].flatMap((text) => text ?? [])
  return [...attributes, ...names, ...Object.values(details).flat()]
}
