import type { Payload } from '../../wire/payload'
import { berContentAt, berLength } from './ber'
import { nearPorts, range, when, type Recogniser } from './recogniser'

const SEQUENCE = 0x30
const INTEGER = 0x02
const OCTETS = 0x04
const ENUMERATED = 0x0a

const BIND_REQUEST = 0x60
const SEARCH_REQUEST = 0x63
const EXTENDED_REQUEST = 0x77

/** Where the operation of an LDAP message is (RFC 4511 section 4.1.1): sequence, message id, operation. -1 if it is none. */
function ldapOperationAt(payload: Payload): number {
  if (payload.u8(0) !== SEQUENCE) return -1
  const idAt = berContentAt(payload, 0)
  if (payload.u8(idAt) !== INTEGER) return -1
  const idLength = payload.u8(idAt + 1)
  return idLength >= 1 && idLength <= 4 ? idAt + 2 + idLength : -1
}

/** A request that nothing else looks like: a bind of version 2 or 3, a search with its scope, an extended operation. */
function isLdapRequest(payload: Payload): boolean {
  const at = ldapOperationAt(payload)
  if (at === -1) return false
  const contentAt = berContentAt(payload, at)
  switch (payload.u8(at)) {
    case BIND_REQUEST:
      return payload.u16(contentAt) === 0x0201 && (payload.u8(contentAt + 2) === 3 || payload.u8(contentAt + 2) === 2)
    case SEARCH_REQUEST: {
      const scopeAt = berContentAt(payload, contentAt) + berLength(payload, contentAt)
      return payload.u8(contentAt) === OCTETS && payload.u8(scopeAt) === ENUMERATED && payload.u8(scopeAt + 2) <= 3
    }
    case EXTENDED_REQUEST:
      return payload.u8(contentAt) === 0x80
    default:
      return false
  }
}

/** At its ports any operation: they are of class application, 0 to 25. */
function isLdap(payload: Payload): boolean {
  const operation = payload.u8(ldapOperationAt(payload))
  return (operation & 0xc0) === 0x40 && (operation & 0x1f) <= 25
}

/**
 * Kerberos 5 (RFC 4120 section 5): an element of class application, in it a sequence, in it protocol version 5 as
 * field 0 or 1, and the message type again as the field after. Over TCP a length of four bytes comes before.
 */
function isKerberos(payload: Payload): boolean {
  const at = payload.isTcp ? 4 : 0
  if (payload.isTcp && payload.u16(0) > 1) return false
  const type = payload.u8(at) & 0x1f
  const sequenceAt = berContentAt(payload, at)
  if ((payload.u8(at) & 0xe0) !== 0x60 || type < 10 || payload.u8(sequenceAt) !== SEQUENCE) return false
  const fieldAt = berContentAt(payload, sequenceAt)
  const isVersion = (payload.u8(fieldAt) & 0xfe) === 0xa0 && payload.u32(fieldAt + 1) === 0x03020105
  return isVersion && payload.u8(fieldAt + 9) === type
}

/** RADIUS (RFC 2865 section 3): code, id, length, authenticator (16), attributes. */
function isRadius(payload: Payload): boolean {
  const code = payload.u8(0)
  const length = payload.u16(2)
  const isCode = (code >= 1 && code <= 5) || (code >= 11 && code <= 13) || (code >= 40 && code <= 45)
  return isCode && length >= 20 && length <= payload.size
}

/** TACACS+ (RFC 8907 section 4.1): version 12, type 1 to 3. */
function isTacacs(payload: Payload): boolean {
  return payload.u8(0) >> 4 === 12 && payload.u8(1) >= 1 && payload.u8(1) <= 3 && payload.u32(8) < 65_536
}

/** Diameter (RFC 6733 section 3): version 1, length (3), flags, command (3). */
function isDiameter(payload: Payload): boolean {
  const length = payload.u24(1)
  const isCommand = payload.u24(5) >= 257 && (payload.u8(4) & 0x0f) === 0
  return payload.u8(0) === 1 && length >= 20 && length % 4 === 0 && length <= 65_536 && isCommand
}

export const DIRECTORIES: readonly Recogniser[] = [
  when('kerberos', 'tcp', [0], isKerberos),
  when('kerberos', 'udp', range(0x6a, 0x7e), isKerberos),
  when('ldap', 'both', [SEQUENCE], isLdapRequest),
  nearPorts('ldap', 'both', isLdap),
  nearPorts('radius', 'udp', isRadius),
  nearPorts('tacacs', 'tcp', isTacacs),
  nearPorts('diameter', 'tcp', isDiameter),
]
