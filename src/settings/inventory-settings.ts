/** What the owner of the appliance says of the inventory, in sensor.ini. */
export interface OwnersInventory {
  /** Also what plants and buildings speak. */
  industrial: boolean
  /**
   * Consent to take fingerprints, and to tell the platform the clues: `no` whatever the platform says, `yes`
   * until its operator says otherwise, or as the operator says.
   */
  fingerprints: 'platform' | 'yes' | 'no'
  /** Hostnames that tell no two machines apart. */
  ignoredHostnames: string[]
}

/** What the operator has said on the platform, in assets.ini. Nothing yet leaves all of it to the owner. */
export interface OperatorsInventory {
  industrial: boolean
  fingerprints: 'undecided' | 'yes' | 'no'
  ignoredHostnames: string[]
}

export const NOTHING_SAID: OperatorsInventory = { industrial: true, fingerprints: 'undecided', ignoredHostnames: [] }

/** What is done: each of the two can say no, and either can name a hostname. */
export function inventoryInForce(
  owner: OwnersInventory,
  operator: OperatorsInventory,
): { industrial: boolean; fingerprints: boolean; ignoredHostnames: string[] } {
  const consent = operator.fingerprints === 'undecided' ? owner.fingerprints : operator.fingerprints
  return {
    industrial: owner.industrial && operator.industrial,
    fingerprints: consent === 'yes' && owner.fingerprints !== 'no',
    ignoredHostnames: [...new Set([...owner.ignoredHostnames, ...operator.ignoredHostnames])],
  }
}
