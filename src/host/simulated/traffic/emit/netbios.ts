import { join, u16, u32 } from './octets'

/*
 * NetBIOS name service (RFC 1002 section 4.2). A name is 15 letters and a kind; each half octet becomes a letter.
 */
export const NETBIOS_WORKSTATION = 0x00
export const NETBIOS_FILE_SERVER = 0x20

const TYPE_NB = 0x20
/** Registration, recursion desired, broadcast. */
const REGISTRATION = 0x2910
/** Query, recursion desired, broadcast. */
const QUERY = 0x0110

/** A machine claims a name: it says so three times and keeps it when nobody objects. */
export const emitNetbiosRegistration = (id: number, name: string, kind: number, address: Buffer): Buffer =>
  join(
    header(id, REGISTRATION, 1),
    emitNetbiosName(name, kind),
    u16(TYPE_NB),
    u16(1),
    u16(0xc00c),
    u16(TYPE_NB),
    u16(1),
    u32(300_000),
    u16(6),
    u16(0),
    address,
  )

export const emitNetbiosQuery = (id: number, name: string, kind: number): Buffer =>
  join(header(id, QUERY, 0), emitNetbiosName(name, kind), u16(TYPE_NB), u16(1))

const header = (id: number, flags: number, additional: number): Buffer =>
  join(u16(id), u16(flags), u16(1), u16(0), u16(0), u16(additional))

function emitNetbiosName(name: string, kind: number): Buffer {
  const octets = Buffer.alloc(16, ' ')
  octets.write(name.toUpperCase().slice(0, 15), 'latin1')
  octets[15] = kind
  const letters = [...octets].flatMap((octet) => [0x41 + (octet >> 4), 0x41 + (octet & 15)])
  return Buffer.of(32, ...letters, 0)
}
