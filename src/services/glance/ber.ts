import type { Payload } from '../../wire/payload'

/**
 * Where the content of the BER element at `offset` starts (X.690 section 8.1): tag (1), then a length below 128, or
 * how many bytes have it and these. -1 if that cannot be, or the element is said to be longer than 16 MB.
 */
export function berContentAt(payload: Payload, offset: number): number {
  const first = payload.u8(offset + 1)
  if (first === -1 || first === 0x80 || first > 0x84) return -1
  if (first < 0x80) return offset + 2
  if (first === 0x84 && payload.u8(offset + 2) !== 0) return -1
  return offset + 2 + (first & 0x7f)
}

/** The length it tells; -1 if that cannot be. */
export function berLength(payload: Payload, offset: number): number {
  const contentAt = berContentAt(payload, offset)
  if (contentAt === -1) return -1
  if (contentAt === offset + 2) return payload.u8(offset + 1)
  let length = 0
  for (let at = offset + 2; at < contentAt; at++) length = length * 256 + payload.u8(at)
  return length
}
