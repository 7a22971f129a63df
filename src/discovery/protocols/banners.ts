import { i32 } from '../../wire/big-endian'
import { cleanText } from '../clean-text'
import { speaker, type Voice } from '../voice'

// Protocols whose server, or both sides, speak first in one line of text

// What a server's greeting begins with.
const TWO = 0x32
const PLUS = 0x2b
const ASTERISK = 0x2a

/** The first line, without its end; undefined while that has not come. */
export function firstLine(bytes: Buffer): string | undefined {
  const end = bytes.indexOf(0x0a)
  return end === -1 || end > 1024 ? undefined : cleanText(bytes.subarray(0, end))
}

/** Secure Shell (RFC 4253 section 4.2): both sides say which software they are. */
export const SSH: Voice = {
  source: 'ssh',
  tcp: [22],
  firstBytes: 'S',
  mayTell: (bytes, at) => i32(bytes, at) === 0x5353482d,
  hear(heard, notes) {
    const line = firstLine(heard.bytes)
    if (line?.startsWith('SSH-')) notes.add(speaker(heard), 'ssh-banner', line)
  },
}

/** A fully qualified name, which mail servers greet with (RFC 5321 section 4.2), at the start of a greeting. */
const GREETED_NAME = /^220[ -]([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)\s/i

export const SMTP: Voice = {
  source: 'smtp',
  tcp: [25, 587, 2525],
  mayTell: (bytes, at) => bytes[at] === TWO,
  hear(heard, notes) {
    const line = firstLine(heard.bytes)
    if (line === undefined) return
    if (/^220[ -]/.test(line)) {
      notes.add(speaker(heard), 'smtp-banner', line)
      const name = GREETED_NAME.exec(line)?.[1]
      if (name !== undefined) notes.add(speaker(heard), 'hostname', name, 60)
    }
  },
}

export const FTP: Voice = {
  source: 'ftp',
  tcp: [21],
  mayTell: (bytes, at) => bytes[at] === TWO,
  hear(heard, notes) {
    const line = firstLine(heard.bytes)
    if (line !== undefined && /^(220|215)[ -]/.test(line)) notes.add(speaker(heard), 'ftp-banner', line)
  },
}

export const POP3: Voice = {
  source: 'pop3',
  tcp: [110],
  mayTell: (bytes, at) => bytes[at] === PLUS,
  hear(heard, notes) {
    const line = firstLine(heard.bytes)
    if (line?.startsWith('+OK') && heard.source.port === 110) notes.add(speaker(heard), 'mail-banner', line)
  },
}

export const IMAP: Voice = {
  source: 'imap',
  tcp: [143],
  mayTell: (bytes, at) => bytes[at] === ASTERISK,
  hear(heard, notes) {
    const line = firstLine(heard.bytes)
    if (line?.startsWith('* OK') && heard.source.port === 143) notes.add(speaker(heard), 'mail-banner', line)
  },
}

/** Negotiation (IAC, RFC 854) stands before what a person reads, mostly in segments of its own; NUL means nothing. */
export const TELNET: Voice = {
  source: 'telnet',
  tcp: [23],
  hear(heard, notes) {
    if (heard.source.port !== 23) return
    const text = cleanText(
      heard.bytes.toString('latin1').replace(/\xff[\xfb-\xfe][^]|\xff\xfa[^]*?\xff\xf0|\xff[^]|\0/g, ''),
    )
    if (text === '') return true
    if (text.length > 3 && /[a-z]/i.test(text)) notes.add(speaker(heard), 'telnet-banner', text)
    return
  },
}

/** "SIP/", and requests: "REGI", "INVI", "OPTI", "SUBS", "NOTI", "ACK ", "BYE ", "CANC". */
const SIP_BEGINNINGS: readonly number[] = [
  0x5349502f, 0x52454749, 0x494e5649, 0x4f505449, 0x53554253, 0x4e4f5449, 0x41434b20, 0x42594520, 0x43414e43,
]

const LONGEST_SIP_HEAD = 4096

/** Session Initiation Protocol (RFC 3261 section 20): phones and servers name themselves in every message. */
export const SIP: Voice = {
  source: 'sip',
  udp: [5060, 5061],
  tcp: [5060],
  firstBytes: 'SRI',
  mayTell: (bytes, at) => SIP_BEGINNINGS.includes(i32(bytes, at)),
  hear(heard, notes) {
    const all = heard.bytes.toString('latin1', 0, LONGEST_SIP_HEAD)
    if (!/^(SIP\/2\.0 \d{3}|[A-Z]+ sips?:\S+ SIP\/2\.0)/.test(all)) return
    // Whose words they are may be said by the last of the headers: they are waited for, as far as they come.
    const endAt = all.indexOf('\r\n\r\n')
    if (endAt === -1 && !heard.isSnapped) return heard.bytes.length < LONGEST_SIP_HEAD
    const text = all.slice(0, (endAt === -1 ? all.lastIndexOf('\r\n') : endAt) + 2)
    if (isPassedOn(text, heard.source.ip)) return
    for (const [, name] of text.matchAll(/\r\n(?:User-Agent|Server)[ \t]*:[ \t]*([^\s][^\r\n]*)\r/gi)) {
      notes.add(speaker(heard), 'sip-agent', name!)
    }
    return
  },
}

const SIP_CONTACT = /\r\n(?:Contact|m)\s*:[^\r\n]{0,128}?sips?:(?:[^@\r\n]{0,128}@)?(\d+\.\d+\.\d+\.\d+)/i

/**
 * A proxy sends on what the one before it said, each Via of a request being one of them. A response has in Contact the
 * address of who said it, except a registrar's, which has the phone's.
 */
function isPassedOn(text: string, senderIp: string): boolean {
  if (!text.startsWith('SIP/2.0')) return (text.match(/\r\n(Via|v)\s*:/gi)?.length ?? 0) > 1
  if (/\r\nCSeq\s*:\s*\d+\s+REGISTER\r/i.test(text)) return false
  const contact = SIP_CONTACT.exec(text)?.[1]
  return contact !== undefined && contact !== senderIp
}
