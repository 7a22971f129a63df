import { isPrivate, keyAt, keyOfText } from '../../asset/address-key'
import { ipv4Text } from '../../wire/address-text'
import { DNS_TYPE_A, DnsView } from '../../wire/dns'
import type { Notes, Voice } from '../voice'
import { parseDnsMessage, TYPE_A, TYPE_PTR } from './dns-message'

const REVERSE = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.in-addr\.arpa$/i

/** An update (RFC 2136): a machine, or the DHCP server for it, registers its name. */
const OPCODE_UPDATE = 5

const view = new DnsView()

/**
 * What name servers say of private addresses. Much less trusted than a machine's own word: one address has many names,
 * and names of the outside may point to it.
 */
export const DNS: Voice = {
  source: 'dns',
  udp: [53],
  isTalkative: true,
  tellsOfOthers: true,
  // A response, or an update.
  mayTell: (bytes, at) => bytes[at + 2]! >= 0x80 || bytes[at + 2]! >> 3 === OPCODE_UPDATE,
  hear({ bytes, source }, notes) {
    if (!view.set(bytes, 0, bytes.length)) return
    if (!view.isResponse) learnUpdate(bytes, notes)
    else if (source.port === 53 && view.responseCode === 0) learnAnswers(bytes, notes)
  },
}

/** Most answers are of the outside: no name is read of them. */
function learnAnswers(bytes: Buffer, notes: Notes): void {
  let addresses = 0
  let addressAt = -1
  let nameAt = -1
  view.eachAnswer((ownerAt, type, dataAt, length) => {
    if (type === DNS_TYPE_A && length === 4) {
      addresses++
      addressAt = dataAt
      nameAt = ownerAt
    } else if (type === TYPE_PTR) learnReverse(ownerAt, dataAt, notes)
  })
  if (addresses !== 1 || !isPrivate(keyAt(bytes, addressAt, 4))) return
  const name = view.nameAt(nameAt)
  // An alias is not what the machine is called.
  if (name.toLowerCase() !== view.nameAt(view.bodyAt).toLowerCase()) return
  addPrivate(notes, ipv4Text(bytes, addressAt), name, 40)
}

function learnReverse(ownerAt: number, dataAt: number, notes: Notes): void {
  const [, d, c, b, a] = REVERSE.exec(view.nameAt(ownerAt)) ?? []
  if (a !== undefined) addPrivate(notes, `${a}.${b}.${c}.${d}`, view.nameAt(dataAt), 55)
}

function learnUpdate(bytes: Buffer, notes: Notes): void {
  // The update section stands where answers have their authorities. A record of lifetime 0 is one that is taken out.
  for (const { name, type, data, ttl } of parseDnsMessage(bytes)?.authorities ?? []) {
    if (type === TYPE_A && data.length === 4 && ttl > 0) addPrivate(notes, ipv4Text(data, 0), name, 75)
  }
}

function addPrivate(notes: Notes, ip: string, name: string, confidence: number): void {
  const key = keyOfText(ip)
  if (key !== undefined && isPrivate(key) && name !== '') notes.add({ ip }, 'hostname', name, confidence)
}
