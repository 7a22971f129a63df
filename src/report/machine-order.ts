import type { AddressKey } from '../asset/address-key'
import type { Group } from '../asset/identity'
import type { Host } from '../asset/inventory'

/** Where a machine stands in a list. */
export interface MachinePlace {
  /** When it was heard last, in minutes since 1970. */
  minute: number
  /** Of its first address, one of IPv4 if it has any; undefined where it has none. */
  key: AddressKey | undefined
}

/**
 * The latest first. What was heard in the same minute, as all that are up were, goes by address, so that a list which is
 * looked at again has mostly stayed as it was.
 */
export function byMinute(one: MachinePlace, other: MachinePlace): number {
  return other.minute - one.minute || byAddress(one.key, other.key)
}

export function placeOf({ hosts, cards }: Group, present: readonly Host[]): MachinePlace {
  let lastMs = 0
  for (const host of hosts) lastMs = Math.max(lastMs, host.lastMs)
  for (const card of cards) lastMs = Math.max(lastMs, card.lastMs)
  const { key } = present.find((host) => typeof host.key === 'number') ?? present[0] ?? {}
  return { minute: Math.floor(lastMs / 60_000), key }
}

/** IPv4 first, and what has none last. */
function byAddress(one: AddressKey | undefined, other: AddressKey | undefined): number {
  if (one === other) return 0
  if (typeof one === 'number' && typeof other === 'number') return (one >>> 0) - (other >>> 0)
  if (one === undefined || typeof other === 'number') return 1
  if (other === undefined || typeof one === 'number') return -1
  return one < other ? -1 : one > other ? 1 : 0
}
