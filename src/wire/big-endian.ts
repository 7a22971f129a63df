// Network byte order reads that never throw: past the end of the buffer they see zeroes. Callers check lengths first;
// this only makes a forgotten check a wrong number in a counter instead of a dead worker.

/** The unsigned 16-bit number at `at`. */
export function u16(bytes: Buffer, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

/** The unsigned 32-bit number at `at`. */
export function u32(bytes: Buffer, at: number): number {
  return i32(bytes, at) >>> 0
}

/** The unsigned 48-bit number at `at`, such as a MAC address. */
export function u48(bytes: Buffer, at: number): number {
  return u16(bytes, at) * 2 ** 32 + u32(bytes, at + 2)
}

/** The 32 bits at `at` as a signed number: stays a small integer in V8 where `u32` may become a heap number. */
export function i32(bytes: Buffer, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}
