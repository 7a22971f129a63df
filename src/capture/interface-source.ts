import { SNAP_LENGTH, type PacketSource } from './packet-source'
import { loadPcapBinding, type PcapHandle } from './pcap-binding'
import { ALL_PORTS, openingError, portTrouble, PortWatch } from './port'
import type { PacketHandler } from '../wire/packet-handler'

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

/** The names npm's `pcap` has for link types, as numbers of the tcpdump LINKTYPE_ registry. */
const LINK_TYPES: Record<string, number> = {
  LINKTYPE_NULL: 0,
  LINKTYPE_ETHERNET: 1,
  LINKTYPE_RAW: 101,
  LINKTYPE_LINUX_SLL: 113,
  LINKTYPE_IEEE802_11_RADIO: 127,
}

export interface InterfaceSourceOptions {
  onBusy?: () => void
  /** What keeps packets from coming although the port is open, in plain words; empty when nothing does any more. */
  onTrouble?: (text: string) => void
}

/**
 * A mirror port, read through libpcap in promiscuous mode: where there is no ring. Nothing is ever sent. VLAN tags the
 * kernel has stripped are back in the frames; libpcap sees to that. What this machine itself sends through the port is
 * delivered as well: the filter that could leave it out loses what comes first.
 *
 * While packets come faster than they are handled, libpcap does not return and no timer runs. `onBusy` is then
 * called from between two packets, about twice a second.
 */
export class InterfaceSource implements PacketSource {
  readonly method = 'libpcap'
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
  private watch: PortWatch | undefined
  private trouble = ''
  private end: (error?: Error) => void = () => undefined

  constructor(
    private readonly port: string,
    private readonly options: InterfaceSourceOptions = {},
  ) {}

  get kernelDrops(): number {
    return this.dropped.total
  }

  get portDrops(): number {
    return this.watch?.lost ?? 0
  }

  async run(handler: PacketHandler): Promise<void> {
    const { PcapSession } = loadPcapBinding()
    // Other systems than Linux have no /sys; there libpcap alone tells.
    if (process.platform === 'linux' && this.port !== ALL_PORTS) this.watch = new PortWatch(this.port)
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
        this.options.onBusy?.()
      }
      handler(packet, 0, Math.min(headerWords[2]!, SNAP_LENGTH), headerWords[3]!, atMicros, linkType)
    }
    try {
      // A mirror port has no address, which libpcap warns about.
      const ignore = (): void => undefined
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
        this.port !== ALL_PORTS,
      )
      linkType = LINK_TYPES[name] ?? Number(/\d+$/.exec(name)?.[0])
    } catch (error) {
      throw openingError(this.port, error)
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

  /** Throws when it has to be opened again: libpcap hears nothing more of a port that was down. */
  private checkPort(): void {
    if (this.watch === undefined) return
    const port = this.watch.look()
    const trouble = portTrouble(this.port, port)
    if (!port.isUp) throw new Error(trouble)
    if (trouble !== this.trouble) this.options.onTrouble?.(trouble)
    this.trouble = trouble
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
