/** Numbers as the wire has them: `u` in network order, `le` with the low byte first (SMB, EtherNet/IP). */
export const u8 = (value: number): Buffer => Buffer.of(value & 0xff)

export const u16 = (value: number): Buffer => Buffer.of((value >> 8) & 0xff, value & 0xff)

export const u24 = (value: number): Buffer => Buffer.of((value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff)

export const u32 = (value: number): Buffer =>
  Buffer.of((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)

export const le16 = (value: number): Buffer => u16(value).reverse()

export const le32 = (value: number): Buffer => u32(value).reverse()

export function le64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

/** Octets put one after the other; texts as UTF-8. */
export const join = (...parts: (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
