import { ipv4Text, ipv6Text } from '../../wire/address-text'
import type { Subject } from '../../asset/observation'
import { speaker, type Heard, type Notes, type Voice } from '../voice'
import {
  nameInData,
  parseDnsMessage,
  textsOf,
  TYPE_A,
  TYPE_AAAA,
  TYPE_PTR,
  TYPE_SRV,
  TYPE_TXT,
  type DnsMessage,
  type DnsRecord,
} from './dns-message'

// Multicast DNS (RFC 6762) and the service discovery that goes by it (RFC 6763)

/** A service instance: `Milan's MacBook Pro._companion-link._tcp.local`. */
const INSTANCE = /^(.+)\.(_[a-z0-9-]+\._(?:tcp|udp))\.local$/i

/** Keys of TXT records whose values name the device: of Apple, of printers (Bonjour Printing), of Google Cast. */
const TXT_KINDS: Record<string, string> = {
  model: 'mdns-model',
  am: 'mdns-model',
  md: 'mdns-model',
  ty: 'mdns-model',
  rpmd: 'mdns-model',
  usb_mfg: 'maker-said',
  usb_mdl: 'mdns-model',
  osxvers: 'mdns-osxvers',
  fv: 'firmware',
  fn: 'friendly-name',
}

/**
 * A response tells what its sender is; a query's authority section does as well, since these are the records that it
 * wants to have (RFC 6762 section 8.1). What a query lists as known answers belongs to others (section 7.1).
 */
export const MDNS: Voice = {
  source: 'mdns',
  udp: [5353],
  isTalkative: true,
  tellsOfOthers: true,
  hear(heard, notes) {
    const message = parseDnsMessage(heard.bytes)
    if (message === undefined || heard.source.port !== 5353) return
    const records = message.isResponse ? [...message.answers, ...message.additionals] : message.authorities
    learnAddresses(records, heard, notes)
    for (const record of records) learnRecord(message, record, speaker(heard), notes)
  },
}

/** Names of addresses go to those addresses: a reflector repeats what machines of another link said. */
function learnAddresses(records: readonly DnsRecord[], heard: Heard, notes: Notes): void {
  for (const { name, type, data, ttl } of records) {
    if (!/^[^.]+\.local$/i.test(name) || ttl === 0) continue
    const ip =
      type === TYPE_A && data.length === 4
        ? ipv4Text(data, 0)
        : type === TYPE_AAAA && data.length === 16
          ? ipv6Text(data, 0)
          : undefined
    if (ip === undefined) continue
    notes.add({ ip }, 'hostname', name, ip === heard.source.ip ? 90 : 80)
    // The sender has several addresses, and says so of all of them at once.
    if (ip !== heard.source.ip && isSameFamilyOfNames(records, name, heard))
      notes.add(speaker(heard), 'hostname', name, 72)
  }
}

/** No other machine's name is among the records, so they are the sender's own. */
function isSameFamilyOfNames(records: readonly DnsRecord[], name: string, heard: Heard): boolean {
  const owners = records.filter(({ type }) => type === TYPE_A || type === TYPE_AAAA).map((record) => record.name)
  return owners.every((owner) => owner.toLowerCase() === name.toLowerCase()) && heard.source.ip !== ''
}

function learnRecord(message: DnsMessage, record: DnsRecord, sender: Subject, notes: Notes): void {
  const { name, type, ttl } = record
  // A record that lives no longer is a good-bye.
  if (ttl === 0) return
  const [, instance, service] = INSTANCE.exec(name) ?? []
  if (type === TYPE_SRV && service !== undefined) {
    const target = nameInData(message, record, 6)
    if (/^[^.]+\.local$/i.test(target) && !hasAddresses(message)) notes.add(sender, 'hostname', target, 75)
    const port = record.data.length >= 6 ? record.data.readUInt16BE(4) : 0
    const [label = '', transport = ''] = service.slice(1).split('._')
    if (port > 0) notes.add(sender, 'service', `${transport}/${port} ${label}`, 80)
  }
  if (type === TYPE_PTR && /^_[a-z0-9-]+\._(tcp|udp)\.local$/i.test(name)) {
    notes.add(sender, 'mdns-service', name.replace(/\.local$/i, ''))
    const target = INSTANCE.exec(nameInData(message, record))?.[1]
    if (target !== undefined) notes.add(sender, 'mdns-instance', target)
  }
  if (instance !== undefined && (type === TYPE_SRV || type === TYPE_TXT)) {
    notes.add(sender, 'mdns-instance', instance)
    notes.add(sender, 'mdns-service', service!)
  }
  if (type === TYPE_TXT) learnTexts(record, sender, notes)
}

function hasAddresses({ answers, additionals }: DnsMessage): boolean {
  return [...answers, ...additionals].some(({ type }) => type === TYPE_A || type === TYPE_AAAA)
}

function learnTexts(record: DnsRecord, sender: Subject, notes: Notes): void {
  for (const text of textsOf(record)) {
    const equals = text.indexOf(0x3d)
    if (equals < 1) continue
    const kind = TXT_KINDS[text.toString('latin1', 0, equals).toLowerCase()]
    if (kind !== undefined && equals + 1 < text.length) notes.add(sender, kind, text.subarray(equals + 1))
  }
}
