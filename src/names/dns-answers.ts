import { ipv4Text, ipv6Text } from '../wire/address-text'
import { DNS_TYPE_A, DNS_TYPE_AAAA, DNS_TYPE_CNAME, type DnsView } from '../wire/dns'
import type { NameTable } from './name-table'

/** Aliases followed from a name to its address. */
const MOST_ALIASES = 16

/** Records of one answer that are read: more than any name has, and no more work than a packet may make. */
const MOST_RECORDS = 64

interface Found {
  owner: string
  /** An address in text, or for an alias the name it stands for. */
  value: string
  ttlSeconds: number
}

/**
 * Learns the addresses that a message of DNS gives for the name asked for, and under all the aliases on the way there.
 * What an answer says of names that were not asked for is not learned, and who asked does not matter.
 */
export function learnDnsAnswer(view: DnsView, bytes: Buffer, names: NameTable, nowMs: number): void {
  if (!view.isResponse || view.responseCode !== 0 || view.questions !== 1 || view.answers === 0) return
  const aliases: Found[] = []
  const addresses: Found[] = []
  let records = 0
  view.eachAnswer((nameAt, type, dataAt, length, ttlSeconds) => {
    if (++records > MOST_RECORDS) return
    const owner = (): string => view.nameAt(nameAt).toLowerCase()
    if (type === DNS_TYPE_CNAME) aliases.push({ owner: owner(), value: view.nameAt(dataAt).toLowerCase(), ttlSeconds })
    else if (type === DNS_TYPE_A && length === 4) {
      addresses.push({ owner: owner(), value: ipv4Text(bytes, dataAt), ttlSeconds })
    } else if (type === DNS_TYPE_AAAA && length === 16) {
      addresses.push({ owner: owner(), value: ipv6Text(bytes, dataAt), ttlSeconds })
    }
  })
  if (addresses.length === 0) return
  const chain = chainFrom(view.nameAt(view.bodyAt).toLowerCase(), aliases)
  for (const { owner, value, ttlSeconds } of addresses) {
    const links = chain.indexOf(owner) + 1
    // The name asked for comes last, as the newest: it is what people know the address by.
    for (const name of chain.slice(0, links).reverse()) names.learn(value, name, ttlSeconds, nowMs)
  }
}

/** The name asked for, what it is an alias of, what that is an alias of, and so on. */
function chainFrom(asked: string, aliases: readonly Found[]): string[] {
  const chain = [asked]
  while (chain.length <= MOST_ALIASES) {
    const next = aliases.find(({ owner, value }) => owner === chain.at(-1) && !chain.includes(value))
    if (next === undefined) return chain
    chain.push(next.value)
  }
  return chain
}
