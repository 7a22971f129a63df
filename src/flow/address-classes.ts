import { Address4, Address6 } from 'ip-address'
import type { AssetGroups } from './asset-groups'
import { addressBytes, macTextOfNumber } from '../wire/address-text'
import { FqdnGroups } from './fqdn-groups'
import { PrefixTrie } from './prefix-trie'

/** The class of one end of a flow. */
export type AddressClass = 'inventoried' | 'non-inventoried' | 'excluded' | 'monitored' | 'external'

/** What the configured groups say about one address. One object may be handed out many times: never change it. */
export interface ClassifiedAddress {
  class: AddressClass
  /** What may be shown: the address, `External` or `Excluded`. */
  name: string
  /** The monitored external group. */
  group?: string
  /** A flow is tracked when one of its ends is internal. */
  isInternal: boolean
  /** May become an asset: a single machine's address inside an inventoried range. */
  isAsset: boolean
}

/** Names that addresses are seen to go by. */
export interface AddressNames {
  /** In lower case, the newest first, at a time in milliseconds since 1970. */
  namesOf(address: string, atMs: number): readonly string[]
}

/** How the outside is shown, and monitored groups by FQDN. */
export const EXTERNAL_NAME = 'External'

const EXTERNAL: ClassifiedAddress = { class: 'external', name: EXTERNAL_NAME, isInternal: false, isAsset: false }
const EXCLUDED: ClassifiedAddress = { class: 'excluded', name: 'Excluded', isInternal: false, isAsset: false }

/** Addresses whose class is remembered. To look one up costs 0.5 to 1.3 us, to find it again a tenth of that. */
const MOST_REMEMBERED = 65_536

/**
 * The asset groups, compiled for quick answers; built anew when the platform changes them. What wins:
 *
 * 1. excluded, by MAC or by address;
 * 2. inventoried or non-inventoried, the longer prefix. Of two equal ones non-inventoried wins: the private ranges
 *    are inventoried as shipped, and who adds one of them again as non-inventoried wants it out of the inventory;
 * 3. monitored external, by address;
 * 4. monitored external, by a name that the address was seen to go by. Several sites may share an address: the
 *    name learned last that is of a group decides;
 * 5. external.
 *
 * Multicast groups and the limited broadcast belong to no machine. Outside every range they keep their address and
 * are called non-inventoried, since `External` would be read as traffic that leaves the enterprise; but they do not
 * make a flow internal, or every neighbour's mDNS would be reported.
 */
export class AddressClasses {
  /** Ranges that cannot be read, as they were given. They match nothing. */
  readonly unreadable: string[] = []
  private readonly excluded = new RangeTable<true>()
  private readonly internal = new RangeTable<'inventoried' | 'non-inventoried'>()
  private readonly monitored = new RangeTable<string>()
  private readonly excludedMacs: Set<string>
  private readonly remembered = new Map<string, ClassifiedAddress>()
  private readonly fqdnGroups: FqdnGroups
  /** One object for each group by FQDN: nothing of the address is shown. */
  private readonly named = new Map<string, ClassifiedAddress>()

  /** `names` knows the names of addresses; without it no group by FQDN has any. */
  constructor(
    groups: AssetGroups,
    private readonly names?: AddressNames,
  ) {
    this.fqdnGroups = new FqdnGroups(groups.monitoredExternal)
    this.excludedMacs = new Set(groups.excludedMacs.map((mac) => mac.toLowerCase().replaceAll('-', ':')))
    for (const range of groups.excludedRanges) this.put(this.excluded, range, true)
    for (const range of groups.inventoried) this.put(this.internal, range, 'inventoried')
    for (const range of groups.nonInventoried) this.put(this.internal, range, 'non-inventoried')
    for (const group of groups.monitoredExternal) {
      for (const range of group.ranges) this.put(this.monitored, range, group.name)
    }
  }

  /**
   * `address` in its canonical text, `mac` colon-separated in lower case, or empty when it is not known. Groups by FQDN
   * are asked when it is said at what time the address was met, in milliseconds since 1970: names come and go.
   */
  classify(address: string, mac: string, atMs?: number): ClassifiedAddress {
    if (this.excludedMacs.size > 0 && this.excludedMacs.has(mac)) return EXCLUDED
    const classified = this.remembered.get(address) ?? this.remember(address)
    return classified === EXTERNAL && atMs !== undefined ? this.byName(address, atMs) : classified
  }

  /**
   * May this address become an asset, as `classify` has it? Of 4 or 16 bytes which were not made text, and nothing is
   * remembered: most that are asked for are somewhere outside. `mac` is a number of 48 bits, 0 when it is not known.
   */
  admits(bytes: readonly number[], mac: number): boolean {
    if (this.internal.get(bytes) !== 'inventoried' || !isOneMachine(bytes)) return false
    return this.excluded.get(bytes) === undefined && !this.excludesMac(mac)
  }

  /** Is the card with this number excluded, whatever address it has? One that is not known, 0, is not. */
  excludesMac(mac: number): boolean {
    return mac !== 0 && this.excludedMacs.size > 0 && this.excludedMacs.has(macTextOfNumber(mac))
  }

  private remember(address: string): ClassifiedAddress {
    const classified = this.look(address)
    // Forgetting all at once is cheap and rare; a scan of the whole internet must not fill the memory.
    if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear()
    this.remembered.set(address, classified)
    return classified
  }

  private byName(address: string, atMs: number): ClassifiedAddress {
    if (this.names === undefined || this.fqdnGroups.isEmpty) return EXTERNAL
    for (const name of this.names.namesOf(address, atMs)) {
      const group = this.fqdnGroups.groupOf(name)
      if (group !== undefined) return this.named.get(group) ?? this.nameGroup(group)
    }
    return EXTERNAL
  }

  private nameGroup(group: string): ClassifiedAddress {
    const classified: ClassifiedAddress = { ...EXTERNAL, class: 'monitored', group }
    this.named.set(group, classified)
    return classified
  }

  private put<Value>(table: RangeTable<Value>, range: string, value: Value): void {
    if (!table.put(range, value)) this.unreadable.push(range)
  }

  private look(address: string): ClassifiedAddress {
    const bytes = addressBytes(address)
    if (bytes === undefined) return EXTERNAL
    if (this.excluded.get(bytes) !== undefined) return EXCLUDED
    const internal = this.internal.get(bytes)
    if (internal !== undefined) {
      const isAsset = internal === 'inventoried' && isOneMachine(bytes)
      return { class: internal, name: address, isInternal: true, isAsset }
    }
    const group = this.monitored.get(bytes)
    if (group !== undefined) return { class: 'monitored', name: address, group, isInternal: false, isAsset: false }
    if (isForMany(bytes)) return { class: 'non-inventoried', name: address, isInternal: false, isAsset: false }
    return EXTERNAL
  }
}

/** CIDR ranges of both families. */
class RangeTable<Value> {
  private readonly v4 = new PrefixTrie<Value>()
  private readonly v6 = new PrefixTrie<Value>()

  /** False when the range cannot be read. Host bits count for nothing: `10.10.10.0/12` is `10.0.0.0/12`. */
  put(range: string, value: Value): boolean {
    if (Address4.isValid(range)) {
      const parsed = new Address4(range)
      this.v4.set(parsed.toArray(), parsed.subnetMask, value)
    } else if (Address6.isValid(range)) {
      const parsed = new Address6(range)
      this.v6.set(parsed.toUnsignedByteArray(), parsed.subnetMask, value)
    } else return false
    return true
  }

  get(bytes: readonly number[]): Value | undefined {
    return (bytes.length === 4 ? this.v4 : this.v6).get(bytes)
  }
}

/** Multicast (224.0.0.0/4, RFC 5771; ff00::/8, RFC 4291) or the limited broadcast (RFC 919). */
function isForMany(bytes: readonly number[]): boolean {
  if (bytes.length === 16) return bytes[0] === 0xff
  return (bytes[0]! & 0xf0) === 0xe0 || (bytes[0]! & bytes[1]! & bytes[2]! & bytes[3]!) === 0xff
}

/** Not for many, not "this host" (0.0.0.0/8, RFC 1122; ::), not loopback: what a machine on a wire can be called. */
function isOneMachine(bytes: readonly number[]): boolean {
  if (isForMany(bytes)) return false
  if (bytes.length === 4) return bytes[0] !== 0 && bytes[0] !== 127
  let lead = 0
  for (let at = 0; at < 15; at++) lead |= bytes[at]!
  return lead !== 0 || bytes[15]! > 1
}
