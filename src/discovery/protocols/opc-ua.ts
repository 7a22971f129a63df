import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'

// OPC Unified Architecture over TCP (part 6): type (3), F or C, length (4, the least byte first). In clear only without
// encryption, which the discovery of endpoints always is.

const PORT = 4840
const URN = Buffer.from('urn:', 'latin1')
/** Kinds of application (part 4 section 7.2): a server, and both. */
const SERVERS: readonly number[] = [0, 2]

export interface OpcUaApplication {
  uri: string
  product: string
  name: string
}

/** The first description of a server application in an answer: it stands in every endpoint (part 4 section 7.2). */
export function findOpcUaApplication(bytes: Buffer): OpcUaApplication | undefined {
  for (let at = bytes.indexOf(URN); at !== -1; at = bytes.indexOf(URN, at + 1)) {
    if (at < 4) continue
    const cursor = new Cursor(bytes, at - 4)
    const uri = text(cursor)
    const product = text(cursor)
    // A text in a language: a mask of what is there, the language (1), the text (2).
    const mask = cursor.u8()
    if ((mask & 1) !== 0) text(cursor)
    const name = (mask & 2) !== 0 ? text(cursor) : ''
    const type = cursor.le32()
    if (!cursor.failed && mask <= 3 && SERVERS.includes(type) && uri.startsWith('urn:')) return { uri, product, name }
  }
  return undefined
}

function text(cursor: Cursor): string {
  const length = cursor.le32()
  if (length === 0xffffffff) return ''
  if (length > 512) cursor.failed = true
  return cursor.failed ? '' : cursor.take(length).toString('utf8')
}

/** Beginnings of messages; F behind them stands for the last part of one. */
const OPENINGS = new Set(['HEL', 'ACK', 'OPN', 'MSG'])

export const OPC_UA: Voice = {
  source: 'opc-ua',
  tcp: [PORT],
  firstBytes: 'HAOM',
  mayTell: (bytes, at) => bytes[at + 3] === 0x46 && OPENINGS.has(bytes.toString('latin1', at, at + 3)),
  hear(heard, notes) {
    const { bytes } = heard
    if (!/^(HEL|ACK|OPN|MSG)[FC]/.test(bytes.toString('latin1', 0, 4))) return
    const isServer = heard.source.port === PORT || bytes.toString('latin1', 0, 3) === 'ACK'
    if (isServer) notes.add(speaker(heard), 'role', 'opc-ua server')
    const found = findOpcUaApplication(bytes)
    if (found === undefined) return bytes.length >= 8 && bytes.length < Math.min(bytes.readUInt32LE(4), 8192)
    notes.add(speaker(heard), 'opc-ua-application', found.uri, 80)
    if (found.product !== '') notes.add(speaker(heard), 'opc-ua-product', found.product, 75)
    if (found.name !== '') notes.add(speaker(heard), 'friendly-name', found.name, 75)
    return
  },
}
