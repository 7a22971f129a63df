import { closeSync } from 'node:fs'
import { CallError, type LinuxCalls, type MappedMemory } from './linux-calls'
import { VLAN_TAG_BYTES } from './ring-layout'

const AF_PACKET = 17
const SOCK_RAW = 3
const SOCK_CLOEXEC = 0o2000000
const ETH_P_ALL = 3

const SOL_SOCKET = 1
const SO_ERROR = 4

/** Options of <linux/if_packet.h>. */
const SOL_PACKET = 263
const PACKET_ADD_MEMBERSHIP = 1
const PACKET_RX_RING = 5
const PACKET_STATISTICS = 6
const PACKET_VERSION = 10
const PACKET_RESERVE = 12
const PACKET_IGNORE_OUTGOING = 23

const TPACKET_V3 = 2
const PACKET_MR_PROMISC = 1

/** BPF_RET | BPF_K of <linux/bpf_common.h>: so many bytes of each packet. */
const BPF_RETURN = 0x06

/** Of no meaning in version 3, where frames take what they need, but it has to divide the block. */
const FRAME_BYTES = 2048

export interface RingSize {
  /** A power of two, at least a page. */
  blockBytes: number
  blocks: number
  /** A block that is not full by then is handed over as it is. */
  blockMs: number
}

/** An AF_PACKET socket with a receive ring: packet(7). It only ever listens. */
export class PacketSocket {
  private readonly descriptor: number
  private mapped: MappedMemory | undefined
  private watch: { close(): void } | undefined

  /** Needs CAP_NET_RAW. Hears nothing yet. Throws CallError, as all here do. */
  constructor(private readonly calls: LinuxCalls) {
    this.descriptor = calls.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)
  }

  /** No more than `snapLength` bytes of each packet, and a ring of this size. Answers the ring's memory. */
  makeRing(snapLength: number, { blockBytes, blocks, blockMs }: RingSize): ArrayBuffer {
    const { calls, descriptor } = this
    this.set(PACKET_VERSION, TPACKET_V3)
    this.set(PACKET_RESERVE, VLAN_TAG_BYTES)
    calls.attachFilter(descriptor, instruction(BPF_RETURN, snapLength))
    const frames = (blockBytes / FRAME_BYTES) * blocks
    this.set(PACKET_RX_RING, blockBytes, blocks, FRAME_BYTES, frames, blockMs, 0, 0)
    this.mapped = calls.mmap(descriptor, blockBytes * blocks)
    return this.mapped.bytes
  }

  /** Hear what comes in on this port, whoever it is for. What this machine sends is left out, where the kernel can. */
  listen(portIndex: number): void {
    try {
      this.set(PACKET_IGNORE_OUTGOING, 1)
    } catch (error) {
      // Linux before 4.20.
      if (!(error instanceof CallError) || error.code !== 'ENOPROTOOPT') throw error
    }
    // struct packet_mreq: the port, what for, and an address that this has none of.
    const mode = Buffer.from(Uint16Array.of(PACKET_MR_PROMISC, 0).buffer)
    const membership = Buffer.concat([words(portIndex), mode, Buffer.alloc(8)])
    this.calls.setsockopt(this.descriptor, SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership)
    // struct sockaddr_ll; only the protocol is in network order.
    const address = Buffer.alloc(20)
    Buffer.from(Uint16Array.of(AF_PACKET).buffer).copy(address, 0)
    address.writeUInt16BE(ETH_P_ALL, 2)
    words(portIndex).copy(address, 4)
    this.calls.bind(this.descriptor, address)
  }

  /** Packets dropped for want of room in the ring, since this was asked last. */
  takeDrops(): number {
    // struct tpacket_stats_v3: packets, drops, and how often the ring stood still.
    const statistics = new Uint32Array(3)
    this.calls.getsockopt(this.descriptor, SOL_PACKET, PACKET_STATISTICS, Buffer.from(statistics.buffer))
    return statistics[1]!
  }

  /**
   * Call back while a block is ready, and once more with `hasFailed` when the port goes down or away; what is wrong is
   * then forgotten, and after `watchFor` again the socket goes on when the port does. See LinuxCalls.poll.
   */
  watchFor(callback: (hasFailed: boolean) => void): void {
    this.watch?.close()
    this.watch = this.calls.poll(this.descriptor, (hasFailed) => {
      // Reading the error takes it away; it would be reported for ever.
      if (hasFailed) this.calls.getsockopt(this.descriptor, SOL_SOCKET, SO_ERROR, Buffer.alloc(4))
      callback(hasFailed)
    })
  }

  close(): void {
    this.watch?.close()
    this.mapped?.unmap()
    closeSync(this.descriptor)
  }

  private set(option: number, ...values: number[]): void {
    this.calls.setsockopt(this.descriptor, SOL_PACKET, option, words(...values))
  }
}

/** 32 bits each, in the machine's order. */
function words(...values: number[]): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer)
}

/** A `struct sock_filter` without jumps: a code of 16 bits and a number of 32. */
function instruction(code: number, value: number): Buffer {
  return Buffer.concat([Buffer.from(Uint16Array.of(code, 0).buffer), words(value)])
}
