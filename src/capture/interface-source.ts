import { existsSync, readFileSync } from 'node:fs'
import { loadPcapBinding, type PcapHandle } from './pcap-binding'
import type { PacketSource } from './packet-source'
import type { PacketHandler } from '../wire/packet-handler'

/** A whole frame of a 1500-byte network, with VLAN tags and an ERSPAN tunnel around it. */
export const SNAP_LENGTH = 2048

/** What the kernel keeps while this process does something else: a quarter of a second of 1 Gbit/s. */
const RING_BYTES = 32 * 1024 * 1024

/** How long the kernel may keep a packet to hand over several at once. It has its time stamp by then. */
const KERNEL_DELAY_MS = 50

/** How often the ring is emptied. At 10 Gbit/s it holds for 25 ms. */
const POLL_MS = 10

/** How often the port is looked at: is it there, is it up, what was dropped. */
const CHECK_MS = 1000

/** How long a port may keep the event loop to itself before `onBusy` is called. */
const BUSY_MICROS = 500_000

/** IFF_UP of <linux/if.h>. */
const IFF_UP = 1

/** The names npm's `pcap` has for link types, as numbers of the tcpdump LINKTYPE_ registry. */
const LINK_TYPES: Record<string, number> = {
  LINKTYPE_NULL: 0,
  LINKTYPE_ETHERNET: 1,
  LINKTYPE_RAW: 101,
  LINKTYPE_LINUX_SLL: 113,
  LINKTYPE_IEEE802_11_RADIO: 127,
}

/**
 * A mirror port, read through libpcap in promiscuous mode. Nothing is ever sent. VLAN tags the kernel has stripped
 * are back in the frames; libpcap sees to that.
 *
 * While packets come faster than they are handled, libpcap does not return and no timer runs. `onBusy` is then
 * called from between two packets, about twice a second.
 */
export class InterfaceSource implements PacketSource {
  private readonly packet = Buffer.alloc(SNAP_LENGTH)
  /** Of the packet: seconds, microseconds, captured length, wire length; in the machine's order, as the kernel's are. */
  private readonly headerWords = new Uint32Array(4)
  private readonly header = Buffer.from(this.headerWords.buffer)
  private handle: PcapHandle | undefined
  private readonly dropped = new WrappingCount()
  private isClosed = false
  /** When the first packet of this turn of the event loop was captured; 0 before it. */
  private busySinceMicros = 0
  private isDispatching = false
  private end: (error?: Error) => void = () => undefined

  constructor(
    private readonly port: string,
    private readonly onBusy: () => void = () => undefined,
  ) {}

  get kernelDrops(): number {
    return this.dropped.total
  }

  async run(handler: PacketHandler): Promise<void> {
    const { PcapSession } = loadPcapBinding()
    this.checkPort()
    if (this.isClosed) return
    const handle = new PcapSession()
    this.open(handle, handler)
    this.handle = handle
    const ended = new Promise<void>((resolve, reject) => {
      this.end = (error) => (error === undefined ? resolve() : reject(error))
    })
    const pollTimer = setInterval(() => this.poll(handle), POLL_MS)
    const checkTimer = setInterval(() => this.check(handle), CHECK_MS)
    try {
      await ended
    } finally {
      clearInterval(pollTimer)
      clearInterval(checkTimer)
      this.isClosed = true
      this.free(handle)
    }
  }

  close(): void {
    this.isClosed = true
    if (this.handle !== undefined && !this.isDispatching) this.countDrops(this.handle)
    this.end()
  }

  private open(handle: PcapHandle, handler: PacketHandler): void {
    const { packet, headerWords } = this
    let linkType = 0
    const onPacket = (): void => {
      if (this.isClosed) return
      const atMicros = headerWords[0]! * 1_000_000 + headerWords[1]!
      // The packets' own time is looked at, since the clock would cost as much as the packet.
      if (this.busySinceMicros === 0) this.busySinceMicros = atMicros
      else if (atMicros - this.busySinceMicros > BUSY_MICROS) {
        this.busySinceMicros = atMicros
        this.countDrops(handle)
        this.onBusy()
      }
      handler(packet, 0, Math.min(headerWords[2]!, SNAP_LENGTH), headerWords[3]!, atMicros, linkType)
    }
    try {
      // A mirror port has no address, which libpcap warns about; and `any` has no promiscuous mode.
      const ignore = (): void => undefined
      const isPromiscuous = this.port !== 'any'
      const name = handle.open_live(
        this.port,
        '',
        RING_BYTES,
        SNAP_LENGTH,
        '',
        onPacket,
        false,
        KERNEL_DELAY_MS,
        ignore,
        isPromiscuous,
      )
      linkType = LINK_TYPES[name] ?? Number(/\d+$/.exec(name)?.[0])
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error)
      const mayNot = /permission|permitted/i.test(said)
      throw new Error(
        mayNot
          ? `This user may not capture on ${this.port}: it takes root or the capability CAP_NET_RAW.`
          : `The mirror port ${this.port} cannot be opened: ${said}`,
        { cause: error },
      )
    }
  }

  private poll(handle: PcapHandle): void {
    this.busySinceMicros = 0
    this.isDispatching = true
    const result = handle.dispatch(this.packet, this.header)
    this.isDispatching = false
    if (result === -1) this.end(new Error(`The mirror port ${this.port} is gone.`))
  }

  private check(handle: PcapHandle): void {
    this.countDrops(handle)
    try {
      this.checkPort()
    } catch (error) {
      this.end(error as Error)
    }
  }

  private checkPort(): void {
    // libpcap's own pseudo port, which has no entry in /sys.
    if (this.port === 'any') return
    const folder = `/sys/class/net/${this.port}`
    if (!/^[^/\s]+$/.test(this.port) || !existsSync(folder)) {
      throw new Error(`There is no port ${this.port} on this machine.`)
    }
    if ((Number(readFileSync(`${folder}/flags`, 'utf8')) & IFF_UP) === 0) {
      throw new Error(`The mirror port ${this.port} is down: it has to be switched on (ip link set ${this.port} up).`)
    }
  }

  private countDrops(handle: PcapHandle): void {
    try {
      this.dropped.update(handle.stats().ps_drop)
    } catch {
      // The port has just gone; the next look at it says so.
    }
  }

  /**
   * libpcap frees a handle only when it meets one more packet, which on an idle port may be never: 32 MB of ring
   * stay until then. So it is asked again and again, without keeping the process alive. After an error it cannot be
   * freed at all; that takes a port that was removed from the machine.
   */
  private free(handle: PcapHandle): void {
    handle.close()
    const tryAgain = (): void => {
      if (handle.dispatch(this.packet, this.header) === 0) setTimeout(tryAgain, CHECK_MS).unref()
    }
    tryAgain()
  }
}

/** A count that the kernel keeps in 32 bits, kept in full here. */
export class WrappingCount {
  total = 0
  private last = 0

  /** The kernel's count now; a negative number is one read as signed. */
  update(count: number): void {
    this.total += (count - this.last) >>> 0
    this.last = count
  }
}
