import { Cursor } from '../cursor'
import { utf16Text } from '../clean-text'
import { speaker, type Voice } from '../voice'
import { isHandshake, TLS } from './tls'

// Remote Desktop Protocol (MS-RDPBCGR section 2.2.1.3.2): where it is not in TLS, the client's core data are in clear:
// type C001 (2), length (2), version (4), width, height, depth, sequence (2 each), keyboard (4), build (4), name (32)

const CORE_DATA = Buffer.from([0x01, 0xc0])
const NAME_LENGTH = 32

/** The version that all packets begin with (RFC 1006 section 6). */
const TPKT = 3
const LONGEST = 4096

export interface RdpClient {
  name: string
  build: number
}

export function findRdpClient(bytes: Buffer): RdpClient | undefined {
  for (let at = bytes.indexOf(CORE_DATA); at !== -1; at = bytes.indexOf(CORE_DATA, at + 1)) {
    const cursor = new Cursor(bytes, at + 2)
    const length = cursor.le16()
    const version = cursor.le32()
    // 0008 in the upper half, for RDP 5 and later.
    if (length < 132 || length > 512 || version >>> 16 !== 8) continue
    const build = cursor.skip(12).le32()
    const name = utf16Text(cursor.take(NAME_LENGTH))
    if (!cursor.failed) return { name, build }
  }
  return undefined
}

export const RDP: Voice = {
  source: 'rdp',
  tcp: [3389],
  mayTell: (bytes, at) => bytes[at] === TPKT || isHandshake(bytes, at),
  hear(heard, notes) {
    if (isHandshake(heard.bytes, 0)) return TLS.hear(heard, notes)
    if (heard.destination.port !== 3389) return
    const client = findRdpClient(heard.bytes)
    if (client === undefined)
      return heard.bytes[0] === TPKT && heard.bytes.length < Math.min(new Cursor(heard.bytes, 2).u16(), LONGEST)
    if (client.name !== '') notes.add(speaker(heard), 'hostname', client.name, 76)
    if (client.build > 2000) notes.add(speaker(heard), 'nt-build', String(client.build))
    return
  },
}
