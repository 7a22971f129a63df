import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'

// Beckhoff's Automation Device Specification, the least byte first. TCP 48898: reserved (2), length (4), then target and
// source (net id 6, port 2 each), command (2), flags (2), length (4), error (4), invocation (4). UDP 48899: a magic number,
// then invocation, service, net id and port of the sender, and tagged texts.

const TCP_PORT = 48898
const UDP_PORT = 48899
const READ_DEVICE_INFO = 1
const IS_RESPONSE = 0x0001
const MAGIC = 0x71146603
const TAG_NAME = 5

export interface AdsDevice {
  netId: string
  version: string
  name: Buffer
}

/** An answer to ReadDeviceInfo. */
export function parseAdsDevice(bytes: Buffer): AdsDevice | undefined {
  const cursor = new Cursor(bytes, 6)
  cursor.skip(8)
  const netId = [...cursor.take(6)].join('.')
  const command = cursor.skip(2).le16()
  const flags = cursor.le16()
  if (command !== READ_DEVICE_INFO || (flags & IS_RESPONSE) === 0) return undefined
  cursor.skip(16)
  const version = `${cursor.u8()}.${cursor.u8()}.${cursor.le16()}`
  const name = cursor.take(16)
  return cursor.failed ? undefined : { netId, version, name }
}

/** The name that a device gives in discovery, or that a client gives itself when it asks for a route. */
export function parseAdsName(bytes: Buffer): Buffer | undefined {
  const cursor = new Cursor(bytes)
  if (cursor.u32() !== MAGIC) return undefined
  cursor.skip(16)
  for (let left = Math.min(cursor.le32(), 16); left > 0 && !cursor.failed; left--) {
    const tag = cursor.le16()
    const value = cursor.take(cursor.le16())
    if (tag === TAG_NAME && !cursor.failed) return value
  }
  return undefined
}

export const BECKHOFF_ADS: Voice = {
  source: 'ads',
  tcp: [TCP_PORT],
  udp: [UDP_PORT],
  hear(heard, notes) {
    const sender = speaker(heard)
    if (!heard.isTcp) {
      const name = parseAdsName(heard.bytes)
      if (name !== undefined && heard.source.port === UDP_PORT) notes.add(sender, 'hostname', name, 74)
      return
    }
    if (heard.source.port === TCP_PORT) notes.add(sender, 'role', 'ads server')
    const device = parseAdsDevice(heard.bytes)
    if (device === undefined) return
    notes.add(sender, 'maker', 'Beckhoff', 85)
    notes.add(sender, 'ads-device', device.name, 80)
    notes.add(sender, 'firmware', device.version, 75)
    notes.add(sender, 'ads-net-id', device.netId, 85)
  },
}
