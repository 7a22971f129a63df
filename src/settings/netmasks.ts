import { Address4 } from 'ip-address'

/** A subnet mask of the list. */
export interface Netmask {
  prefix: number
  mask: string
}

/**
 * The masks a management port may have, in the order the netmask list shows them going down: /24 to /1, then /30 to
 * /25, and round again. Computed, because the guide misprints /4 as 255.0.0.0 (C-01). /0, /31 and /32 are
 * absent: they leave no network with a gateway and a host in it.
 */
export const NETMASK_RING: readonly Netmask[] = [...descending(24, 1), ...descending(30, 25)]

/** Prefix length of a dotted mask of that list, or undefined. */
export function prefixOfNetmask(mask: string): number | undefined {
  return NETMASK_RING.find((entry) => entry.mask === mask)?.prefix
}

function descending(from: number, to: number): Netmask[] {
  return Array.from({ length: from - to + 1 }, (_, step) => {
    const prefix = from - step
    return { prefix, mask: Address4.fromInteger(2 ** 32 - 2 ** (32 - prefix)).correctForm() }
  })
}
