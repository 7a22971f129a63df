import { ipv4Text, macText } from '../../wire/address-text'
import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'
import { parseBrowser } from './browser'
import { parseDnsMessage, TYPE_NETBIOS, TYPE_NETBIOS_STATUS } from './dns-message'

// NetBIOS over UDP (RFC 1002): names at port 137, datagrams at 138. A name has 15 characters and a suffix that tells
// what it is for; on the wire each half byte is a letter from A on.

const SUFFIX_WORKSTATION = 0x00
const SUFFIX_SERVER = 0x20
const FLAG_GROUP = 0x8000
/** In a node status: the name, its suffix, and flags (2). */
const STATUS_NAME_LENGTH = 18
const OPCODE_QUERY = 0
/** Registration, release of what was one's own, refresh in both its numbers, and registration by many homes. */
const REGISTRATIONS: readonly number[] = [5, 6, 8, 9, 15]

export interface NetbiosName {
  name: string
  suffix: number
}

/** A name in its first encoding; undefined for what is none. */
export function decodeNetbiosName(encoded: string): NetbiosName | undefined {
  const letters = encoded.split('.')[0] ?? ''
  if (!/^[A-P]{32}$/.test(letters)) return undefined
  const bytes = Buffer.alloc(16)
  for (let at = 0; at < 16; at++) {
    bytes[at] = ((letters.charCodeAt(2 * at) - 65) << 4) | (letters.charCodeAt(2 * at + 1) - 65)
  }
  return { name: bytes.toString('latin1', 0, 15).replace(/[ \0]+$/, ''), suffix: bytes[15]! }
}

/** A machine's own name: neither a domain's nor a browser's (`\x01\x02__MSBROWSE__\x02`). */
function isOwn(found: NetbiosName | undefined, flags: number): found is NetbiosName {
  if (found === undefined || (flags & FLAG_GROUP) !== 0) return false
  return (
    (found.suffix === SUFFIX_WORKSTATION || found.suffix === SUFFIX_SERVER) &&
    /^[\x21-\xff][\x20-\xff]*$/.test(found.name)
  )
}

/** Names that are registered or answered for; those that are asked for belong to somebody else. */
export const NETBIOS_NAMES: Voice = {
  source: 'nbns',
  udp: [137],
  isTalkative: true,
  tellsOfOthers: true,
  hear(heard, notes) {
    const message = parseDnsMessage(heard.bytes)
    if (message === undefined) return
    const { isResponse, opcode, responseCode } = message
    if (isResponse && responseCode !== 0) return
    // The lower four bits of the opcode; the highest is R in RFC 1002, as QR is in DNS.
    if (!isResponse && !REGISTRATIONS.includes(opcode)) return
    if (isResponse && opcode !== OPCODE_QUERY) return
    for (const { name, type, data } of isResponse ? message.answers : message.additionals) {
      if (type === TYPE_NETBIOS_STATUS && isResponse) learnStatus(data)
      else if (type === TYPE_NETBIOS) {
        const own = decodeNetbiosName(name)
        for (let at = 0; at + 6 <= data.length; at += 6) {
          const ip = ipv4Text(data, at + 2)
          if (isOwn(own, data.readUInt16BE(at))) notes.add({ ip }, 'hostname', own.name, own.suffix === 0 ? 81 : 80)
        }
      }
    }

    /** Answer to a node status request: all names of the sender, then its MAC, which tells whose names they are. */
    function learnStatus(data: Buffer): void {
      const cursor = new Cursor(data)
      const count = cursor.u8()
      const mac = new Cursor(data, 1 + STATUS_NAME_LENGTH * count).take(6)
      if (mac.length === 6) notes.bond(heard.source.ip, macText(mac, 0))
      for (let left = count; left > 0 && !cursor.failed; left--) {
        const name = cursor.take(15).toString('latin1').trimEnd()
        const found = { name, suffix: cursor.u8() }
        const flags = cursor.u16()
        if (!cursor.failed && isOwn(found, flags)) notes.add(speaker(heard), 'hostname', name, 83)
      }
    }
  },
}

const DATAGRAM_HEADER_LENGTH = 14
/** Direct to one, to a group, broadcast. */
const DIRECT_DATAGRAMS: readonly number[] = [0x10, 0x11, 0x12]

/** Datagrams: who sends one says its name, and may announce itself as a server in it. */
export const NETBIOS_DATAGRAMS: Voice = {
  source: 'nbdgm',
  udp: [138],
  isTalkative: true,
  tellsOfOthers: true,
  hear(heard, notes) {
    const { bytes } = heard
    if (bytes.length < DATAGRAM_HEADER_LENGTH + 34 || !DIRECT_DATAGRAMS.includes(bytes[0]!)) return
    const encoded = bytes.toString('latin1', DATAGRAM_HEADER_LENGTH + 1, DATAGRAM_HEADER_LENGTH + 33)
    const sender = { ip: ipv4Text(bytes, 4) }
    // Behind address translation the header has an address of the inside.
    const isDirect = sender.ip === heard.source.ip
    const own = decodeNetbiosName(encoded)
    if (isDirect && isOwn(own, 0)) notes.add(sender, 'hostname', own.name, 80)
    const announced = parseBrowser(bytes)
    if (announced === undefined || !isDirect) return
    notes.add(sender, 'hostname', announced.name, 86)
    notes.add(sender, 'nt-version', `${announced.major}.${announced.minor}`)
    if (announced.comment !== '') notes.add(sender, 'browser-comment', announced.comment)
    notes.add(sender, 'browser-type', announced.types)
  },
}
