/**
 * MD4, RFC 1320. NTLM starts from it and OpenSSL 3 no longer has it, so the sensor brings its own. It protects
 * nothing here but what NTLM already left weak; it is used for nothing else.
 */

/** Digest of `message`, 16 bytes. */
export function md4(message: Buffer): Buffer {
  const blocks = pad(message)
  let a = 0x67452301
  let b = 0xefcdab89
  let c = 0x98badcfe
  let d = 0x10325476
  const words = new Uint32Array(16)
  for (let at = 0; at < blocks.length; at += 64) {
    for (let i = 0; i < 16; i++) words[i] = blocks.readUInt32LE(at + 4 * i)
    const before = [a, b, c, d] as const
    for (const round of ROUNDS) {
      for (let step = 0; step < 16; step++) {
        const mixed = (a + round.mix(b, c, d) + words[round.order[step]!]! + round.constant) >>> 0
        const shift = round.shifts[step % 4]!
        // The four words take turns: after each step d, the new value, b and c stand where a, b, c and d were.
        ;[a, b, c, d] = [d, ((mixed << shift) | (mixed >>> (32 - shift))) >>> 0, b, c]
      }
    }
    a = (a + before[0]) >>> 0
    b = (b + before[1]) >>> 0
    c = (c + before[2]) >>> 0
    d = (d + before[3]) >>> 0
  }
  const digest = Buffer.alloc(16)
  ;[a, b, c, d].forEach((word, i) => digest.writeUInt32LE(word, 4 * i))
  return digest
}

/** Section 3.4: what each of the three rounds does with the words, in which order, and how far it rotates. */
const ROUNDS: { mix(x: number, y: number, z: number): number; order: number[]; shifts: number[]; constant: number }[] =
  [
    {
      mix: (x, y, z) => (x & y) | (~x & z),
      order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
      shifts: [3, 7, 11, 19],
      constant: 0,
    },
    {
      mix: (x, y, z) => (x & y) | (x & z) | (y & z),
      order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
      shifts: [3, 5, 9, 13],
      constant: 0x5a827999,
    },
    {
      mix: (x, y, z) => x ^ y ^ z,
      order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
      shifts: [3, 9, 11, 15],
      constant: 0x6ed9eba1,
    },
  ]

/** Sections 3.1 and 3.2: a one bit, zeros up to 8 bytes short of a block, then the length in bits. */
function pad(message: Buffer): Buffer {
  const blocks = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64)
  message.copy(blocks)
  blocks[message.length] = 0x80
  blocks.writeBigUInt64LE(BigInt(message.length) * 8n, blocks.length - 8)
  return blocks
}
