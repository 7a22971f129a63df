import { ipv4Text } from '../../wire/address-text'
import { Cursor } from '../cursor'
import type { Notes } from '../voice'

// PROFINET Discovery and basic Configuration Protocol (IEC 61158-6-10), EtherType 8892
//
//    0          2         3       4             8       10
//   +----------+---------+-------+-------------+-------+--------+-------------------------------------------
//   | frame id | service | type  | transaction | delay | length | blocks: option, suboption, length (2), data
//   +----------+---------+-------+-------------+-------+--------+-------------------------------------------

const RESPONSE = 1
const SMALLEST_FRAME_ID = 0xfefc

const IP_PARAMETERS = 0x0102
const STATION_TYPE = 0x0201
const STATION_NAME = 0x0202
const DEVICE_ID = 0x0203
const DEVICE_ROLE = 0x0204

const ROLES: readonly [bit: number, word: string][] = [
  [1, 'profinet device'],
  [2, 'profinet controller'],
  [8, 'profinet supervisor'],
]

export interface DcpResponse {
  ip: string
  stationType: Buffer | undefined
  stationName: Buffer | undefined
  vendorId: number
  deviceId: number
  role: number
}

/** What a device answers. A request tells nothing of who sent it, whatever names are in it. */
export function parseDcpResponse(bytes: Buffer): DcpResponse | undefined {
  const cursor = new Cursor(bytes)
  if (cursor.u16() < SMALLEST_FRAME_ID) return undefined
  const type = cursor.skip(1).u8()
  if (type !== RESPONSE) return undefined
  const length = cursor.skip(6).u16()
  const blocks = new Cursor(cursor.take(length))
  const found: DcpResponse = {
    ip: '',
    stationType: undefined,
    stationName: undefined,
    vendorId: -1,
    deviceId: -1,
    role: 0,
  }
  while (blocks.left >= 4) {
    const option = blocks.u16()
    const blockLength = blocks.u16()
    // Two bytes of information stand before the value, and a byte behind one of odd length.
    const value = blocks.take(blockLength).subarray(2)
    if (blocks.failed) break
    if (blockLength % 2 === 1) blocks.skip(1)
    if (option === IP_PARAMETERS && value.length >= 4) found.ip = ipv4Text(value, 0)
    else if (option === STATION_TYPE) found.stationType = value
    else if (option === STATION_NAME && value.length > 0) found.stationName = value
    else if (option === DEVICE_ID && value.length >= 4) {
      found.vendorId = value.readUInt16BE(0)
      found.deviceId = value.readUInt16BE(2)
    } else if (option === DEVICE_ROLE && value.length >= 1) found.role = value[0]!
  }
  return found
}

export function learnDcp(bytes: Buffer, senderMac: string, notes: Notes): void {
  const found = parseDcpResponse(bytes)
  if (found === undefined) return
  const sender = { mac: senderMac }
  const { ip, stationType, stationName, vendorId, deviceId, role } = found
  if (ip !== '' && ip !== '0.0.0.0') notes.bond(ip, senderMac)
  if (stationName !== undefined) notes.add(sender, 'hostname', stationName, 86)
  if (stationType !== undefined) notes.add(sender, 'model', stationType, 84)
  if (vendorId !== -1) {
    notes.add(sender, 'profinet-vendor', hex(vendorId))
    notes.add(sender, 'profinet-device', hex(deviceId), 85)
  }
  for (const [bit, word] of ROLES) if ((role & bit) !== 0) notes.add(sender, 'role', word)
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`
}
