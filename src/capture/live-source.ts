import { InterfaceSource } from './interface-source'
import type { CaptureMethod } from './messages'
import type { PacketSource } from './packet-source'
import { RingSource, RingUnavailable } from './ring-source'
import type { PacketHandler } from '../wire/packet-handler'

export interface LiveSourceOptions {
  /** How to listen; `auto` is the ring, and libpcap where there is none. */
  method: CaptureMethod
  ringBytes?: number
  /** Called from between two packets where no timer runs for long; see InterfaceSource. */
  onBusy?: () => void
  /** What keeps packets from coming although the port is open, in plain words; empty when nothing does any more. */
  onTrouble?: (text: string) => void
  /** What only someone who looks for it needs to know, a line without its end. */
  log?: (line: string) => void
}

/** A mirror port, listened to in the best way that this machine has. */
export class LiveSource implements PacketSource {
  private source: InterfaceSource | RingSource

  constructor(
    private readonly port: string,
    private readonly options: LiveSourceOptions,
  ) {
    this.source = options.method === 'pcap' ? new InterfaceSource(port, options) : new RingSource(port, options)
  }

  get kernelDrops(): number {
    return this.source.kernelDrops
  }

  get portDrops(): number {
    return this.source.portDrops
  }

  get method(): string {
    return this.source.method
  }

  async run(handler: PacketHandler): Promise<void> {
    try {
      return await this.source.run(handler)
    } catch (error) {
      if (this.options.method !== 'auto' || !(error instanceof RingUnavailable)) throw error
      this.options.log?.(`${this.port} is read through libpcap. ${error.message}`)
    }
    this.source = new InterfaceSource(this.port, this.options)
    await this.source.run(handler)
  }

  close(): void {
    this.source.close()
  }
}
