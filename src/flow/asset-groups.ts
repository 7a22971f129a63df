/**
 * Which addresses are whose, as the platform configures it and the worker is given it. Ranges are
 * CIDR (`10.0.0.0/8`) or single addresses, v4 or v6; MACs are colon-separated.
 */
export interface AssetGroups {
  /** Assets are made and flows tracked. */
  inventoried: string[]
  /** Flows only, with the address recorded. */
  nonInventoried: string[]
  /** Flows show `Excluded`; no inventory data at all. */
  excludedRanges: string[]
  excludedMacs: string[]
  /** Named groups outside the enterprise that are worth counting apart. */
  monitoredExternal: { name: string; fqdns: string[]; ranges: string[] }[]
}

/** As shipped: the private ranges, inventoried. */
export const DEFAULT_ASSET_GROUPS: AssetGroups = {
  inventoried: ['192.168.0.0/16', '172.16.0.0/12', '10.0.0.0/8'],
  nonInventoried: [],
  excludedRanges: [],
  excludedMacs: [],
  monitoredExternal: [],
}
