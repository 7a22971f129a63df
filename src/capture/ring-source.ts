import { CallError, loadLinuxCalls, type LinuxCalls } from './linux-calls'
import { PacketSocket } from './packet-socket'
import { SNAP_LENGTH, type PacketSource } from './packet-source'
import { ALL_PORTS, openingError, portTrouble, PortWatch } from './port'
import { RingBlocks } from './ring-layout'
import { RingReader } from './ring-reader'
import type { PacketHandler } from '../wire/packet-handler'

/** 53 ms of 10 Gbit/s, or 400,000 of the smallest packets. */
const RING_BYTES = 64 * 1024 * 1024

/** With less than this, a moment's pause of this process would lose packets; better to say that memory is short. */
const SMALLEST_RING_BYTES = 4 * 1024 * 1024

/** About a thousand packets. Small enough for the kernel to find in one piece, and soon handled. */
const BLOCK_BYTES = 256 * 1024

/** How long the kernel may keep a block that is not full. Its packets have their time stamps by then. */
const BLOCK_MS = 50

/** How often the port is looked at: is it there, is it up, what was dropped. */
const CHECK_MS = 1000

/** Link types of the tcpdump LINKTYPE_ registry, by hardware type (ARPHRD_); those whose frames need no more telling. */
const LINK_TYPES: Record<number, number> = {
  1: 1, // Ethernet
  772: 1, // loopback, which has Ethernet headers on Linux
  801: 105, // IEEE 802.11
  803: 127, // IEEE 802.11 with radiotap
  65534: 101, // none: IP as it is, from tun and WireGuard
}

/** What the kernel answers where it does not know the option, or knows it and cannot do it. */
const NO_RING = ['ENOPROTOOPT', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'ENODEV']

/** The ring cannot be had for this port on this machine; libpcap may be. The message says why. */
export class RingUnavailable extends Error {
  constructor(why: string, cause?: unknown) {
    super(`There is no fast capture here. ${why}`, { cause })
    this.name = 'RingUnavailable'
  }
}

export interface RingSourceOptions {
  ringBytes?: number
  /** What keeps packets from coming although the port is open, in plain words; empty when nothing does any more. */
  onTrouble?: (text: string) => void
}

/**
 * A mirror port, read from a ring of memory that the kernel fills (TPACKET_V3), in promiscuous mode: nothing is copied
 * and nothing is called for a packet. What this machine sends through the port is left out, and nothing is ever sent.
 *
 * A port that is switched off or unplugged is waited for, and no packet is missed when it is back. `run` rejects with
 * RingUnavailable where there can be no ring, and with any other Error when the port cannot be opened or is gone.
 */
export class RingSource implements PacketSource {
  readonly method = 'ring'
  kernelDrops = 0
  portDrops = 0
  private socket: PacketSocket | undefined
  private isClosed = false
  private trouble = ''
  private end: (error?: Error) => void = () => undefined

  constructor(
    private readonly name: string,
    private readonly options: RingSourceOptions = {},
  ) {}

  async run(handler: PacketHandler): Promise<void> {
    const calls = callsForRing()
    if (this.name === ALL_PORTS) throw new RingUnavailable('A ring is for one port.')
    const watch = new PortWatch(this.name)
    const linkType = LINK_TYPES[watch.port.hardwareType]
    if (linkType === undefined) throw new RingUnavailable(`${this.name} is not an Ethernet port.`)
    if (this.isClosed) return
    const { socket, blocks } = this.open(calls, watch.port.index)
    const ended = new Promise<void>((resolve, reject) => {
      this.end = (error) => (error === undefined ? resolve() : reject(error))
    })
    const reader = new RingReader(socket, blocks, handler, linkType)
    const check = (): void => this.check(watch, socket)
    const checkTimer = setInterval(check, CHECK_MS)
    try {
      this.socket = socket
      reader.start(check)
      check()
      await ended
    } finally {
      this.isClosed = true
      this.socket = undefined
      clearInterval(checkTimer)
      reader.stop()
      socket.close()
    }
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    if (this.socket !== undefined) this.kernelDrops += this.socket.takeDrops()
    this.end()
  }

  private open(calls: LinuxCalls, portIndex: number): { socket: PacketSocket; blocks: RingBlocks } {
    let socket: PacketSocket | undefined
    try {
      socket = new PacketSocket(calls)
      const blocks = new RingBlocks(this.makeRing(socket), BLOCK_BYTES)
      socket.listen(portIndex)
      return { socket, blocks }
    } catch (error) {
      socket?.close()
      throw error instanceof RingUnavailable ? error : openingError(this.name, error)
    }
  }

  /** As large as asked for, or what memory there is. */
  private makeRing(socket: PacketSocket): ArrayBuffer {
    for (let bytes = this.options.ringBytes ?? RING_BYTES; ; bytes /= 2) {
      try {
        return socket.makeRing(SNAP_LENGTH, { blockBytes: BLOCK_BYTES, blocks: bytes / BLOCK_BYTES, blockMs: BLOCK_MS })
      } catch (error) {
        const code = error instanceof CallError ? error.code : ''
        if (code === 'ENOMEM' && bytes > SMALLEST_RING_BYTES) continue
        // Kernels that only look like Linux have packet sockets, but no rings.
        if (NO_RING.includes(code)) throw new RingUnavailable('This kernel has no packet rings.', error)
        throw error
      }
    }
  }

  private check(watch: PortWatch, socket: PacketSocket): void {
    if (this.isClosed) return
    try {
      this.kernelDrops += socket.takeDrops()
      const port = watch.look()
      this.portDrops = watch.lost
      const trouble = portTrouble(this.name, port)
      if (trouble === this.trouble) return
      this.trouble = trouble
      this.options.onTrouble?.(trouble)
    } catch (error) {
      this.end(error instanceof CallError ? openingError(this.name, error) : (error as Error))
    }
  }
}

function callsForRing(): LinuxCalls {
  try {
    return loadLinuxCalls()
  } catch (error) {
    throw new RingUnavailable((error as Error).message, error)
  }
}
