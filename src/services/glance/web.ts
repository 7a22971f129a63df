import type { Payload } from '../../wire/payload'
import type { ApplicationName } from '../applications'
import { byPorts, letters, nearPorts, when, type Recogniser } from './recogniser'

const SPACE = 0x20
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** Methods have registered names of up to 17 letters (RFC 9110 section 16.1). */
const LONGEST_METHOD = 17
/** What servers take at most, more or less; a longer first line is judged by its start. */
const LONGEST_LINE = 8192

/** Methods common enough to go by when the first line does not end in this packet. */
const COMMON_METHODS = ['GET ', 'POST ', 'HEAD ', 'PUT ', 'DELETE ', 'OPTIONS ', 'PATCH ', 'PROPFIND ']

/** The protocol that a request in the manner of HTTP names at the end of its first line, or that an answer begins with. */
const VERSIONS: readonly (readonly [text: string, name: ApplicationName])[] = [
  ['HTTP/1.', 'http'],
  ['HTTP/0.9', 'http'],
  ['HTTP/2.0', 'http'],
  ['RTSP/1.0', 'rtsp'],
  ['RTSP/2.0', 'rtsp'],
  ['SIP/2.0', 'sip'],
  ['ICAP/1.0', 'icap'],
]

/** HTTP, and what borrowed its first line: RTSP (RFC 7826), SIP (RFC 3261), ICAP (RFC 3507), SSDP (UPnP). */
function webLike(payload: Payload): ApplicationName | undefined {
  const answer = versionAt(payload, 0)
  if (answer !== undefined) return inHttp(payload, answer)
  const targetAt = afterMethod(payload)
  if (targetAt === -1) return undefined
  const lineEnd = payload.find(LINE_FEED, targetAt, LONGEST_LINE)
  if (lineEnd === -1) {
    if (!payload.isTcp) return undefined
    const isCommon = COMMON_METHODS.some((method) => payload.says(method))
    const isTarget = payload.says('/', targetAt) || payload.saysAnyCase('HTTP://', targetAt)
    return isCommon && isTarget ? httpFor(payload, targetAt) : undefined
  }
  let at = lineEnd - 1
  if (payload.u8(at) === CARRIAGE_RETURN) at--
  while (at > targetAt && payload.u8(at) !== SPACE) at--
  const version = versionAt(payload, at + 1)
  return version === 'http' ? httpFor(payload, targetAt) : version
}

/** Where the target of a request starts, or -1. */
function afterMethod(payload: Payload): number {
  for (let at = 0; at <= LONGEST_METHOD; at++) {
    const byte = payload.u8(at)
    if (byte === SPACE) return at >= 3 ? at + 1 : -1
    const isMethod = (byte >= 0x41 && byte <= 0x5a) || byte === 0x2d || byte === 0x5f
    if (!isMethod) return -1
  }
  return -1
}

function versionAt(payload: Payload, at: number): ApplicationName | undefined {
  for (const [text, name] of VERSIONS) if (payload.says(text, at)) return name
  return undefined
}

/** A request that names another host, or asks for a tunnel, is for a proxy (RFC 9112 section 3.2). */
function httpFor(payload: Payload, targetAt: number): ApplicationName {
  if (!payload.isTcp) return 'ssdp'
  const isForProxy = payload.says('CONNECT ') || payload.saysAnyCase('HTTP://', targetAt)
  return isForProxy ? 'http-proxy' : inHttp(payload, 'http')
}

/** HTTP carries other applications; the port tells which. Over UDP it is how devices announce themselves. */
function inHttp(payload: Payload, name: ApplicationName): ApplicationName {
  if (name !== 'http') return name
  if (!payload.isTcp) return 'ssdp'
  const usual = byPorts(payload)
  return usual?.http === true ? usual.name : 'http'
}

/** SOCKS 5 (RFC 1928 section 3): version, number of methods, methods; all that a client says first. */
function socks5(payload: Payload): boolean {
  const methods = payload.u8(1)
  if (payload.size !== 2 + methods || methods < 1 || methods > 4) return false
  // None, GSSAPI, user name and password.
  for (let each = 0; each < methods; each++) if (payload.u8(2 + each) > 2) return false
  return true
}

/** SOCKS 4: version, command, port, address, user name and a zero; 4a adds a host name and another zero. */
function socks4(payload: Payload): boolean {
  const command = payload.u8(1)
  if (payload.size < 9 || payload.u16(2) === 0 || payload.u32(4) === 0) return false
  return (command === 1 || command === 2) && payload.u8(payload.size - 1) === 0
}

export const WEB: readonly Recogniser[] = [
  { transport: 'both', first: letters('ABCDEFGHILMNOPRSTUV'), read: webLike },
  when('http', 'tcp', letters('P'), (payload) => payload.says('PRI * HTTP/2.0\r\n')),
  when('haproxy', 'tcp', letters('P'), (payload) => payload.says('PROXY TCP') || payload.says('PROXY UNKNOWN')),
  when('haproxy', 'tcp', [0x0d], (payload) => payload.says('\r\n\r\n\0\r\nQUIT\n')),
  when('socks', 'tcp', [5], socks5),
  nearPorts('socks', 'tcp', (payload) => (payload.u8(0) === 5 && payload.u8(1) < 16) || payload.u8(0) === 4),
  when('socks', 'tcp', [4], socks4),
  nearPorts('rtmp', 'tcp', (payload) => payload.u8(0) === 3),
]
