// With which TTLs a machine begins its connections, as bits of a number. Systems start at 64, 128 or 255, and each router
// takes one off. A machine by itself begins with the same one always; a router that lends it its address with others (NAT).

/** What a TTL starts at; so many bits of each: as it started, and after one or two routers. */
const FIRST_TTLS: readonly number[] = [64, 128, 255]
const STEPS = 3

/** Bits of all that a router has passed on. */
const FORWARDED = 0b110_110_110

/** The same with one more; those between are what somebody set by hand, as for tracing a route. */
export function withTtl(ttls: number, ttl: number): number {
  const at = FIRST_TTLS.findIndex((first) => ttl <= first && first - ttl < STEPS)
  return at === -1 ? ttls : ttls | (1 << (STEPS * at + FIRST_TTLS[at]! - ttl))
}

/** Some have passed a router, and not all of them alike. */
export function showsForwarding(ttls: number): boolean {
  return (ttls & FORWARDED) !== 0 && (ttls & (ttls - 1)) !== 0
}

/** `63, 64, 127` */
export function ttlText(ttls: number): string {
  return FIRST_TTLS.flatMap((first, at) =>
    [2, 1, 0].filter((off) => ttls & (1 << (STEPS * at + off))).map((off) => first - off),
  ).join(', ')
}
