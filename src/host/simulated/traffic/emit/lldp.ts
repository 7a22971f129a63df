import { join, u16, u8 } from './octets'

/** Where LLDP frames go; bridges do not forward it (IEEE 802.1AB section 7.1). */
export const LLDP_GROUP = Buffer.from('0180c200000e', 'hex')

const CHASSIS_ID = 1
const PORT_ID = 2
const TIME_TO_LIVE = 3
const PORT_DESCRIPTION = 4
const SYSTEM_NAME = 5
const SYSTEM_DESCRIPTION = 6
const SYSTEM_CAPABILITIES = 7
const MANAGEMENT_ADDRESS = 8

/** Bits of the system capabilities (IEEE 802.1AB section 8.5.8). */
export const LLDP_BRIDGE = 0x04
export const LLDP_ACCESS_POINT = 0x08
export const LLDP_TELEPHONE = 0x20

export function emitLldp(neighbour: {
  mac: Buffer
  port: string
  systemName: string
  systemDescription: string
  capabilities: number
  address: Buffer
}): Buffer {
  const managementAddress = join(u8(5), u8(1), neighbour.address, u8(2), Buffer.of(0, 0, 0, 1), u8(0))
  return join(
    value(CHASSIS_ID, join(u8(4), neighbour.mac)),
    value(PORT_ID, join(u8(5), neighbour.port)),
    value(TIME_TO_LIVE, u16(120)),
    value(PORT_DESCRIPTION, Buffer.from(neighbour.port)),
    value(SYSTEM_NAME, Buffer.from(neighbour.systemName)),
    value(SYSTEM_DESCRIPTION, Buffer.from(neighbour.systemDescription)),
    value(SYSTEM_CAPABILITIES, join(u16(neighbour.capabilities), u16(neighbour.capabilities))),
    value(MANAGEMENT_ADDRESS, managementAddress),
    u16(0),
  )
}

/** Type in 7 bits, length in 9. */
const value = (type: number, bytes: Buffer): Buffer => join(u16((type << 9) | bytes.length), bytes)
