import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'

// EtherNet/IP (ODVA, CIP volume 2 section 2-3), the least byte first: command (2), length (2), session (4), status (4),
// context (8), options (4), then items of type (2), length (2)

const PORT = 44818
const HEADER_LENGTH = 24
const LIST_IDENTITY = 0x63
const SEND_RR_DATA = 0x6f
const SEND_UNIT_DATA = 0x70
const ITEM_IDENTITY = 0x0c
const ITEM_CONNECTED = 0xb1
const ITEM_UNCONNECTED = 0xb2
/** Answer to Get Attributes All. */
const ALL_ATTRIBUTES = 0x81

/** The identity object (CIP volume 1 section 5-2). */
export interface CipIdentity {
  vendor: number
  deviceType: number
  productCode: number
  revision: string
  serial: string
  product: string
}

function readIdentity(cursor: Cursor): CipIdentity | undefined {
  const identity: CipIdentity = {
    vendor: cursor.le16(),
    deviceType: cursor.le16(),
    productCode: cursor.le16(),
    revision: `${cursor.u8()}.${cursor.u8()}`,
    serial: (cursor.skip(2), `0x${cursor.le32().toString(16).padStart(8, '0')}`),
    product: cursor.take(cursor.u8()).toString('latin1'),
  }
  const isText = /^[\x20-\x7e]{2,}$/.test(identity.product)
  return cursor.failed || !isText || identity.vendor === 0 ? undefined : identity
}

/** Who a device says it is, in an answer to List Identity or to a question for all attributes of its identity. */
export function parseCipIdentity(bytes: Buffer): CipIdentity | undefined {
  if (bytes.length < HEADER_LENGTH + 2) return undefined
  const command = bytes.readUInt16LE(0)
  const cursor = new Cursor(bytes, HEADER_LENGTH)
  if (command === SEND_RR_DATA || command === SEND_UNIT_DATA) cursor.skip(6)
  else if (command !== LIST_IDENTITY) return undefined
  for (let left = Math.min(cursor.le16(), 8); left > 0 && !cursor.failed; left--) {
    const type = cursor.le16()
    const item = new Cursor(cursor.take(cursor.le16()))
    // Version of the protocol, and an address that may be one behind a bridge.
    if (type === ITEM_IDENTITY && command === LIST_IDENTITY) return readIdentity(item.skip(18))
    if (type !== ITEM_CONNECTED && type !== ITEM_UNCONNECTED) continue
    if (type === ITEM_CONNECTED) item.skip(2)
    const isAnswer = item.u8() === ALL_ATTRIBUTES && item.skip(1).u8() === 0
    const identity = isAnswer ? readIdentity(item.skip(2 * item.u8())) : undefined
    // Other objects answer this question, too: a product's name ends the answer.
    if (identity !== undefined && item.left <= 4) return identity
  }
  return undefined
}

export const ETHERNET_IP: Voice = {
  source: 'ethernet-ip',
  udp: [PORT],
  tcp: [PORT],
  isTalkative: true,
  mayTell: (bytes, at) => bytes[at] === SEND_RR_DATA || bytes[at] === LIST_IDENTITY,
  hear(heard, notes) {
    if (heard.source.port !== PORT) return
    const identity = parseCipIdentity(heard.bytes)
    if (identity === undefined) return
    const sender = speaker(heard)
    notes.add(sender, 'model', identity.product, 88)
    notes.add(sender, 'cip-vendor', String(identity.vendor))
    notes.add(sender, 'cip-device-type', String(identity.deviceType))
    notes.add(sender, 'product-code', String(identity.productCode), 85)
    notes.add(sender, 'firmware', identity.revision, 85)
    notes.add(sender, 'serial', identity.serial, 88)
  },
}
