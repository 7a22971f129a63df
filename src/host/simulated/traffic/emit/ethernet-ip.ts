import { join, le16, le32, u16, u32, u8 } from './octets'

/* EtherNet/IP encapsulation (CIP volume 2 chapter 2): 24 octets of header, low byte first. */
const LIST_IDENTITY = 0x63
const CIP_IDENTITY_ITEM = 0x0c

export const emitListIdentity = (): Buffer => encapsulate(LIST_IDENTITY, Buffer.alloc(0))

export function emitIdentity(device: {
  address: Buffer
  vendorId: number
  deviceType: number
  productCode: number
  revision: [number, number]
  serial: number
  productName: string
}): Buffer {
  const identity = join(
    le16(1),
    // A socket address, in network order unlike the rest.
    u16(2),
    u16(44818),
    device.address,
    u32(0),
    u32(0),
    le16(device.vendorId),
    le16(device.deviceType),
    le16(device.productCode),
    Buffer.of(...device.revision),
    le16(0x0030),
    le32(device.serial),
    u8(device.productName.length),
    device.productName,
    u8(3),
  )
  return encapsulate(LIST_IDENTITY, join(le16(1), le16(CIP_IDENTITY_ITEM), le16(identity.length), identity))
}

const encapsulate = (command: number, data: Buffer): Buffer =>
  join(le16(command), le16(data.length), le32(0), le32(0), Buffer.alloc(8), le32(0), data)
