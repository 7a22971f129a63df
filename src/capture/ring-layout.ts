import type { PacketHandler } from '../wire/packet-handler'

/*
 * The receive ring of an AF_PACKET socket, version 3 (TPACKET_V3 of <linux/if_packet.h>): blocks of equal size that the
 * kernel fills one after the other, many frames to a block, and hands over whole. All numbers are in the machine's order.
 *
 *   Block                                             Frame, at a multiple of 8
 *
 *    0 +---------------------------------+             0 +---------------------------------+
 *      | version                         |               | bytes to the next frame         |
 *    4 +---------------------------------+             4 +---------------------------------+
 *      | where private data lies         |               | seconds since 1970              |
 *    8 +---------------------------------+             8 +---------------------------------+
 *      | status: 0 the kernel's, 1 ours  |               | nanoseconds                     |
 *   12 +---------------------------------+            12 +---------------------------------+
 *      | frames in it                    |               | captured length                 |
 *   16 +---------------------------------+            16 +---------------------------------+
 *      | where the first frame lies      |               | length it had                   |
 *   20 +---------------------------------+            20 +---------------------------------+
 *      | bytes used                      |               | status                          |
 *   24 +---------------------------------+            24 +----------------+----------------+
 *      | sequence number (64 bits)       |               | where it lies  | where IP lies  |
 *   32 +---------------------------------+            28 +----------------+----------------+
 *      | time of the first frame         |               | hash                            |
 *   40 +---------------------------------+            32 +---------------------------------+
 *      | time of the last frame          |               | VLAN tag: priority and ID       |
 *   48 +---------------------------------+            36 +----------------+----------------+
 *      | frames ...                      |               | VLAN protocol  | padding        |
 *                                                     48 +----------------+----------------+
 *                                                        | address of the sender, headroom |
 *                                                        | the frame as captured ...       |
 */
const BLOCK = { status: 8, frames: 12, firstFrame: 16 }
const FRAME = {
  next: 0,
  seconds: 4,
  nanos: 8,
  captured: 12,
  length: 16,
  status: 20,
  start: 24,
  vlanTag: 32,
  vlanType: 36,
}

const TP_STATUS_KERNEL = 0
const TP_STATUS_USER = 1 << 0
const TP_STATUS_VLAN_VALID = 1 << 4
const TP_STATUS_VLAN_TPID_VALID = 1 << 6

/** IEEE 802.1Q, for drivers that do not say which tag it was. */
const VLAN_TYPE = 0x8100

/** Bytes of a VLAN tag; what has to be free in front of each frame (PACKET_RESERVE). */
export const VLAN_TAG_BYTES = 4

/** Two MAC addresses: what stands in front of a VLAN tag. */
const MAC_BYTES = 12

/** The blocks of a ring, read in place. */
export class RingBlocks {
  readonly count: number
  private readonly bytes: Buffer
  private readonly words: Uint32Array
  private readonly halves: Uint16Array
  /** The words again, as Atomics take them. */
  private readonly states: Int32Array
  private readonly data: DataView

  constructor(
    memory: ArrayBuffer,
    private readonly blockBytes: number,
  ) {
    this.count = memory.byteLength / blockBytes
    this.bytes = Buffer.from(memory)
    this.words = new Uint32Array(memory)
    this.halves = new Uint16Array(memory)
    this.states = new Int32Array(memory)
    this.data = new DataView(memory)
  }

  /** Has the kernel handed this block over? Atomic, so that nothing of the block is read before it is known. */
  isReady(block: number): boolean {
    const status = Atomics.load(this.states, (block * this.blockBytes + BLOCK.status) >>> 2)
    return (status & TP_STATUS_USER) !== 0
  }

  /** Give the block back. Nothing of it may be read from here on. */
  release(block: number): void {
    Atomics.store(this.states, (block * this.blockBytes + BLOCK.status) >>> 2, TP_STATUS_KERNEL)
  }

  /**
   * Deliver the frames of a block that is ready. A VLAN tag that the port or the kernel has taken out is put back, which
   * moves the MAC addresses in front of it into the headroom, so a block can be delivered only once.
   */
  deliver(block: number, handler: PacketHandler, linkType: number): void {
    const { bytes, words, halves } = this
    const blockStart = block * this.blockBytes
    let frame = blockStart + words[(blockStart + BLOCK.firstFrame) >>> 2]!
    for (let left = words[(blockStart + BLOCK.frames) >>> 2]!; left > 0; left -= 1) {
      const word = frame >>> 2
      let start = frame + halves[(frame + FRAME.start) >>> 1]!
      const end = start + words[word + FRAME.captured / 4]!
      let length = words[word + FRAME.length / 4]!
      if ((words[word + FRAME.status / 4]! & TP_STATUS_VLAN_VALID) !== 0 && end - start >= MAC_BYTES) {
        start -= VLAN_TAG_BYTES
        length += VLAN_TAG_BYTES
        this.putTagBack(frame, start)
      }
      const micros = Math.floor(words[word + FRAME.nanos / 4]! / 1000)
      handler(bytes, start, end, length, words[word + FRAME.seconds / 4]! * 1e6 + micros, linkType)
      frame += words[word + FRAME.next / 4]!
    }
  }

  /** `start` is where the frame begins from now on. */
  private putTagBack(frame: number, start: number): void {
    const { data, words, halves } = this
    // By hand, as a call to copyWithin() takes longer than all the rest of this.
    for (let at = start; at < start + MAC_BYTES; at += 4) data.setUint32(at, data.getUint32(at + VLAN_TAG_BYTES))
    const hasType = (words[(frame + FRAME.status) >>> 2]! & TP_STATUS_VLAN_TPID_VALID) !== 0
    data.setUint16(start + MAC_BYTES, hasType ? halves[(frame + FRAME.vlanType) >>> 1]! : VLAN_TYPE)
    data.setUint16(start + MAC_BYTES + 2, words[(frame + FRAME.vlanTag) >>> 2]!)
  }
}
