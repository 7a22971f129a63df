import { macText } from '../../wire/address-text'
import { u16 } from '../../wire/big-endian'
import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'

// PROFINET IO context management (IEC 61158-6-10), over connectionless DCE/RPC: a controller that connects to a device says
// its own name and MAC, in a block of type 0101: type (2), length (2), version 1.0, kind of relation (2), identifier (16),
// session (2), MAC (6), object (16), properties (4), time-out (2), port (2), length of name (2), name

const PORT = 34964
const RPC_VERSION = 4
const RPC_REQUEST = 0
const RPC_HEADER_LENGTH = 80
/** The number of the operation in that header; 0 is to connect, in either order of bytes. */
const OPERATION_AT = 68
const BLOCK = Buffer.from([0x01, 0x01])
/** All but the name, without type and length. */
const SMALLEST_BLOCK = 54

export interface ProfinetController {
  mac: string
  name: Buffer
}

export function findProfinetController(bytes: Buffer): ProfinetController | undefined {
  for (let at = bytes.indexOf(BLOCK, RPC_HEADER_LENGTH); at !== -1; at = bytes.indexOf(BLOCK, at + 1)) {
    const cursor = new Cursor(bytes, at + 2)
    const length = cursor.u16()
    if (length < SMALLEST_BLOCK || length > 512 || cursor.u16() !== 0x0100) continue
    const mac = cursor.skip(20).take(6)
    const name = cursor.skip(24).take(cursor.u16())
    if (!cursor.failed && mac.length === 6 && /^[a-z0-9][a-z0-9.-]*$/.test(name.toString('latin1'))) {
      return { mac: macText(mac, 0), name }
    }
  }
  return undefined
}

export const PROFINET_CM: Voice = {
  source: 'profinet-cm',
  udp: [PORT],
  isTalkative: true,
  mayTell: (bytes, at) =>
    bytes[at] === RPC_VERSION && bytes[at + 1] === RPC_REQUEST && u16(bytes, at + OPERATION_AT) === 0,
  hear(heard, notes) {
    const found = findProfinetController(heard.bytes)
    if (found === undefined || heard.destination.port !== PORT) return
    notes.bond(heard.source.ip, found.mac)
    notes.add(speaker(heard), 'station', found.name, 74)
    notes.add(speaker(heard), 'role', 'profinet controller')
  },
}
