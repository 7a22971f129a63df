import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'

// Machines that report to others name themselves in what they report

/** `<34>Oct 11 22:14:15 mymachine su: ...` (RFC 3164), or `<34>1 2003-10-11T22:14:15.003Z mymachine su ...` (RFC 5424). */
const SYSLOG =
  /^<\d{1,3}>(?:1 \S{19,40} (\S+) |[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d ([A-Za-z][\w.-]*) [\w/.-]+(?:\[\d+\])?:)/

export const SYSLOG_SENDER: Voice = {
  source: 'syslog',
  udp: [514],
  hear(heard, notes) {
    if (heard.destination.port !== 514) return
    const [, modern, old] = SYSLOG.exec(heard.bytes.toString('latin1', 0, 256)) ?? []
    const name = modern ?? old
    if (name !== undefined && name !== '-') notes.add(speaker(heard), 'hostname', name, 62)
  },
}

const ACCESS_REQUEST = 1
const ACCOUNTING_REQUEST = 4
const NAS_IDENTIFIER = 32

/** RADIUS (RFC 2865): code (1), identifier (1), length (2), authenticator (16), attributes of type (1), length (1). */
export const RADIUS: Voice = {
  source: 'radius',
  udp: [1812, 1813, 1645, 1646],
  hear(heard, notes) {
    const { bytes } = heard
    if (bytes[0] !== ACCESS_REQUEST && bytes[0] !== ACCOUNTING_REQUEST) return
    const cursor = new Cursor(bytes, Math.min(20, bytes.length))
    while (cursor.left >= 2) {
      const type = cursor.u8()
      const value = cursor.take(cursor.u8() - 2)
      if (cursor.failed || value.length === 0) return
      if (type === NAS_IDENTIFIER) notes.add(speaker(heard), 'hostname', value, 60)
    }
  },
}
