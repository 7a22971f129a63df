import { isUtf8 } from 'node:buffer'
import { i32 } from '../../wire/big-endian'
import { Cursor } from '../cursor'
import { speaker, type Heard, type Notes, type Voice } from '../voice'
import { learnNtlm } from './ntlm'

// Hypertext Transfer Protocol (RFC 9112): a first line, then headers, up to an empty line

const REQUEST = /^(GET|POST|HEAD|PUT|DELETE|OPTIONS|CONNECT|PATCH|TRACE|PROPFIND|SUBSCRIBE|NOTIFY|M-SEARCH) \S+ HTTP\/1/
const RESPONSE = /^HTTP\/1\.[01] \d{3}/

/** Interim responses (RFC 9110 section 15.2), behind which the one that counts is yet to come. */
const INTERIM = /^(?:HTTP\/1\.1 10[023] [^]*?\r\n\r\n)+/

/** Enough for the headers of any browser. */
const LONGEST_HEAD = 8192

export interface HttpHead {
  isRequest: boolean
  /** By name in lower case; of one that comes several times all values, with commas between (RFC 9110 section 5.3). */
  headers: Map<string, string>
  /** The empty line was there. */
  isWhole: boolean
  bodyAt: number
}

/** The head of a request or a response, as far as it is there; undefined for what begins otherwise. */
export function parseHttpHead(bytes: Buffer): HttpHead | undefined {
  const all = bytes.toString('latin1', 0, LONGEST_HEAD)
  const startAt = INTERIM.exec(all)?.[0].length ?? 0
  if (startAt > 0 && startAt === all.length) {
    return { isRequest: false, headers: new Map(), isWhole: false, bodyAt: bytes.length }
  }
  const text = all.slice(startAt)
  const isRequest = REQUEST.test(text)
  if (!isRequest && !RESPONSE.test(text)) return undefined
  const endAt = text.indexOf('\r\n\r\n')
  const lines = (endAt === -1 ? text : text.slice(0, endAt)).split('\r\n')
  // The last one may be cut.
  if (endAt === -1) lines.pop()
  const headers = new Map<string, string>()
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = headerText(line.slice(colon + 1).trim())
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value)
  }
  return { isRequest, headers, isWhole: endAt !== -1, bodyAt: endAt === -1 ? bytes.length : startAt + endAt + 4 }
}

/** What was read as Latin-1 may be UTF-8. */
function headerText(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value
  const bytes = Buffer.from(value, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : value
}

/** Elements of a UPnP description (UPnP Device Architecture section 2.3) of the first, outermost device. */
const UPNP_ELEMENTS: readonly [element: string, kind: string, confidence: number][] = [
  ['friendlyName', 'friendly-name', 70],
  ['manufacturer', 'maker', 75],
  ['modelName', 'upnp-model', 0],
  ['modelNumber', 'model-number', 70],
  ['serialNumber', 'serial', 70],
  ['deviceType', 'upnp-device', 0],
]

/** The first four bytes of requests and responses. */
const BEGINNINGS = new Set(
  ['GET ', 'POST', 'HEAD', 'PUT ', 'OPTI', 'CONN', 'PROP', 'NOTI', 'SUBS', 'M-SE', 'HTTP'].map((text) =>
    Buffer.from(text, 'latin1').readInt32BE(),
  ),
)

function isHttp(bytes: Buffer, at: number): boolean {
  return BEGINNINGS.has(i32(bytes, at))
}

export const HTTP: Voice = {
  source: 'http',
  tcp: [80, 8080, 8000, 3128, 5985, 49152, 2869],
  firstBytes: 'GPHOC',
  mayTell: isHttp,
  hear(heard, notes) {
    const head = parseHttpHead(heard.bytes)
    if (head === undefined) return
    const isLongest = heard.bytes.length >= LONGEST_HEAD
    // Whose words they are may be said by the last of the headers: they are waited for, as far as they come.
    if (!head.isWhole && !isLongest && !heard.isSnapped) return true
    learnHead(head, heard, notes)
    return learnUpnp(head, heard, notes) && !isLongest
  },
}

/** What a proxy sends on is somebody else's word (RFC 9110 section 7.6.3, RFC 7239). */
function isPassedOn({ headers }: HttpHead): boolean {
  return headers.has('via') || headers.has('forwarded') || headers.has('x-forwarded-for')
}

/** The last proxy's own software, as it may say behind its name: `1.1 server1 (squid/5.7)`. */
const PROXY_SOFTWARE = /\(([^()]+)\)$/

function learnHead(head: HttpHead, heard: Heard, notes: Notes): void {
  const { isRequest, headers } = head
  const sender = speaker(heard)
  const ntlm = ['proxy-authorization', 'proxy-authenticate']
  if (isPassedOn(head)) {
    const software = PROXY_SOFTWARE.exec(headers.get('via') ?? '')?.[1]
    if (!isRequest && software !== undefined) notes.add(sender, 'http-server', software)
  } else {
    const [agent, server] = [headers.get('user-agent'), headers.get('server')]
    if (isRequest && agent !== undefined) notes.add(sender, 'http-agent', agent)
    if (!isRequest && server !== undefined) notes.add(sender, 'http-server', server)
    const realm = /realm="([^"]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1]
    if (!isRequest && realm !== undefined) notes.add(sender, 'http-realm', realm)
    ntlm.push('authorization', 'www-authenticate')
  }
  for (const name of ntlm) {
    const token = /\b(?:NTLM|Negotiate) ([A-Za-z0-9+/=]{16,})/.exec(headers.get(name) ?? '')?.[1]
    if (token !== undefined) learnNtlm(Buffer.from(token, 'base64'), sender, notes)
  }
}

/** Characters within which a description says that it is one. */
const BEGINNING_OF_XML = 256

/** Answers whether more of the description is to come. */
function learnUpnp(head: HttpHead, heard: Heard, notes: Notes): boolean {
  const type = head.headers.get('content-type') ?? 'text/xml'
  if (head.isRequest || isPassedOn(head) || !/^(text|application)\/xml/i.test(type)) return false
  const body = heard.bytes.toString('utf8', head.bodyAt)
  if (!body.includes('urn:schemas-upnp-org:device')) {
    // Many servers send the head by itself, some the first line of XML too.
    return body.length < BEGINNING_OF_XML && head.headers.has('content-type')
  }
  const [outermost, ...devices] = body.split('<deviceList>')
  for (const [element, kind, confidence] of UPNP_ELEMENTS) {
    const value = new RegExp(`<${element}>([^<]{1,200})</${element}>`).exec(outermost!)?.[1]
    if (value !== undefined) notes.add(speaker(heard), kind, xmlText(value), confidence)
  }
  return devices.length === 0 && !body.includes('</root>')
}

const XML_ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Text as XML means it (XML 1.0 section 4.6). */
function xmlText(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => XML_ENTITIES[name]!)
}

/** Simple Service Discovery Protocol: HTTP's headers in a datagram (UPnP Device Architecture section 1). */
export const SSDP: Voice = {
  source: 'ssdp',
  udp: [1900],
  isTalkative: true,
  hear(heard, notes) {
    const head = parseHttpHead(heard.bytes)
    if (head === undefined) return
    const text = heard.bytes.toString('latin1', 0, 8)
    const server = head.headers.get('server')
    const isAnnouncement = text.startsWith('NOTIFY') || text.startsWith('HTTP')
    if (isAnnouncement && server !== undefined) notes.add(speaker(heard), 'ssdp-server', server)
    const type = head.headers.get('nt') ?? head.headers.get('st')
    if (isAnnouncement && type !== undefined && /:device:/.test(type)) notes.add(speaker(heard), 'upnp-device', type)
    const agent = head.headers.get('user-agent')
    if (text.startsWith('M-SEARCH') && agent !== undefined) notes.add(speaker(heard), 'http-agent', agent)
  },
}

/** Internet Printing Protocol (RFC 8010) in HTTP: attributes by name, each with the length of its value behind it. */
export const IPP: Voice = {
  source: 'ipp',
  tcp: [631],
  isTalkative: true,
  mayTell: isHttp,
  hear(heard, notes) {
    const { bytes } = heard
    const wantsMore = HTTP.hear(heard, notes)
    if (heard.source.port !== 631) return wantsMore
    for (const [name, kind] of IPP_ATTRIBUTES) {
      const at = bytes.indexOf(name, 0, 'latin1')
      if (at === -1) continue
      const cursor = new Cursor(bytes, at + name.length)
      const value = cursor.take(cursor.u16())
      if (cursor.failed || value.length === 0) continue
      notes.add(speaker(heard), kind, value, kind === 'model' ? 85 : 60)
    }
    return bytes.length < LONGEST_HEAD
  },
}

const IPP_ATTRIBUTES: readonly [string, string][] = [
  ['printer-make-and-model', 'model'],
  ['printer-name', 'friendly-name'],
]

/** Real Time Streaming Protocol (RFC 2326), which cameras answer in the form of HTTP. */
export const RTSP: Voice = {
  source: 'rtsp',
  tcp: [554, 8554],
  hear(heard, notes) {
    const text = heard.bytes.toString('latin1', 0, 2048)
    if (!text.startsWith('RTSP/1.0 ')) return
    const [, server] = /\r\nServer[ \t]*:[ \t]*([^\s][^\r\n]*)\r/i.exec(text) ?? []
    if (server !== undefined) notes.add(speaker(heard), 'rtsp-server', server)
  },
}
