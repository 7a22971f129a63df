import { isPrivate, keyOfText } from '../../asset/address-key'
import { ipv4Text } from '../../wire/address-text'
import type { Notes, Voice } from '../voice'
import { nameInData, parseDnsMessage, TYPE_A, TYPE_PTR, type DnsMessage } from './dns-message'

const REVERSE = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.in-addr\.arpa$/i

/** An update (RFC 2136): a machine, or the DHCP server for it, registers its name. */
const OPCODE_UPDATE = 5

/**
 * What name servers say of private addresses. Much less trusted than a machine's own word: one address has many names,
 * and names of the outside may point to it.
 */
export const DNS: Voice = {
  source: 'dns',
  udp: [53],
  isTalkative: true,
  tellsOfOthers: true,
  hear({ bytes, source }, notes) {
    const message = parseDnsMessage(bytes)
    if (message === undefined) return
    if (message.opcode === OPCODE_UPDATE && !message.isResponse) learnUpdate(message, notes)
    else if (message.isResponse && source.port === 53 && message.responseCode === 0) learnAnswers(message, notes)
  },
}

function learnAnswers(message: DnsMessage, notes: Notes): void {
  const isAlias = message.answers.some(({ name }) => name.toLowerCase() !== message.questions[0]?.name.toLowerCase())
  const addresses = message.answers.filter(({ type }) => type === TYPE_A)
  for (const record of message.answers) {
    if (record.type === TYPE_PTR) {
      const [, d, c, b, a] = REVERSE.exec(record.name) ?? []
      if (a !== undefined) addPrivate(notes, `${a}.${b}.${c}.${d}`, nameInData(message, record), 55)
    } else if (record.type === TYPE_A && record.data.length === 4 && addresses.length === 1 && !isAlias) {
      addPrivate(notes, ipv4Text(record.data, 0), record.name, 40)
    }
  }
}

function learnUpdate(message: DnsMessage, notes: Notes): void {
  // The update section stands where answers have their authorities. A record of lifetime 0 is one that is taken out.
  for (const { name, type, data, ttl } of message.authorities) {
    if (type === TYPE_A && data.length === 4 && ttl > 0) addPrivate(notes, ipv4Text(data, 0), name, 75)
  }
}

function addPrivate(notes: Notes, ip: string, name: string, confidence: number): void {
  const key = keyOfText(ip)
  if (key !== undefined && isPrivate(key) && name !== '') notes.add({ ip }, 'hostname', name, confidence)
}
