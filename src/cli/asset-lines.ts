import type { InventoryAsset } from '../asset/describe'

/** One JSON object a line for each asset; keys as in the manual, times in seconds since 1970. */
export function* assetLines(assets: Iterable<InventoryAsset>): Iterable<string> {
  for (const asset of assets) yield `${JSON.stringify(row(asset))}\n`
}

function row(asset: InventoryAsset): object {
  const { ips, macs, vendor, hostname, names, os, device, services, details, reasons, proofs } = asset
  return {
    ips,
    macs,
    vendor,
    hostname,
    names,
    os,
    os_family: asset.osFamily,
    os_version: asset.osVersion,
    device,
    device_type: asset.deviceType,
    maker: asset.maker,
    model: asset.model,
    services,
    is_gateway: asset.isGateway,
    is_nat_suspected: asset.isNatSuspected,
    first: asset.firstMs / 1000,
    last: asset.lastMs / 1000,
    details,
    evidence: proofs.map(({ attribute, value, confidence, source, atMs, clue }) => {
      const proof = { attribute, value, confidence, source, at: atMs / 1000 }
      return clue === '' ? proof : { ...proof, clue }
    }),
    merged: reasons,
  }
}
