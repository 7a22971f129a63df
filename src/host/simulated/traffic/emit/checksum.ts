/** The one's complement sum of 16-bit words (RFC 1071), not folded to its end yet; `sum` continues an earlier one. */
export function addWords(bytes: Buffer, sum = 0): number {
  const even = bytes.length & ~1
  for (let at = 0; at < even; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!
  if (even < bytes.length) sum += bytes[even]! << 8
  return sum
}

/** The internet checksum for the header field. */
export function foldSum(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}

/** Sum of the pseudo-header of TCP, UDP and ICMPv6 (RFC 9293 section 3.1, RFC 8200 section 8.1). */
export function pseudoHeaderSum(from: Buffer, to: Buffer, protocol: number, length: number): number {
  return addWords(to, addWords(from)) + protocol + length
}
