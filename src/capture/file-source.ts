import { DamagedInput, openInput, type ByteInput } from './byte-input'
import type { CaptureFormat } from './capture-format'
import type { PacketSource } from './packet-source'
import type { PacketHandler } from '../wire/packet-handler'
import { PcapFile } from './pcap-file'
import { PcapngFile } from './pcapng-file'

/**
 * How much is read at once: a millisecond or two of decoding, after which the event loop has its turn. It must hold
 * the largest record.
 */
const CHUNK_BYTES = 1 << 20

/** A capture file, or standard input for `-`: pcap or pcapng, plain or gzip. */
export class FileSource implements PacketSource {
  readonly kernelDrops = 0
  /** What is wrong with the file, once `run` has resolved; everything before the damage was delivered. */
  damage: string | undefined

  private format: CaptureFormat | undefined
  private closed = false

  constructor(private readonly path: string) {}

  /**
   * Deliver every packet, as fast as they can be read. Rejects in plain words when the file cannot be opened or read, or is
   * no capture file; a file that is damaged further on resolves, with `damage` set. After each part of at most
   * 1 MiB `afterPart` is waited for, before more is read.
   */
  async run(handler: PacketHandler, afterPart?: () => Promise<void>): Promise<void> {
    let input: ByteInput | undefined
    try {
      input = await openInput(this.path)
      await this.readAll(input, handler, afterPart)
    } catch (error) {
      if (error instanceof DamagedInput) this.damage = error.message
      else throw isSystemError(error) ? new Error(this.inPlainWords(error), { cause: error }) : error
    } finally {
      await input?.close()
    }
  }

  close(): void {
    this.closed = true
    if (this.format !== undefined) this.format.stopped = true
  }

  private async readAll(input: ByteInput, handler: PacketHandler, afterPart?: () => Promise<void>): Promise<void> {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
    // From `at` to `end` lies what is read and not used up. A block that holds no packets may be passed over before it
    // is read: then `at` is beyond `end`.
    let at = 0
    let end = 0
    for (;;) {
      if (at < end) buffer.copyWithin(0, at, end)
      const kept = Math.max(end - at, 0)
      const passOver = Math.max(at - end, 0)
      const got = await input.read(buffer, kept, buffer.length - kept)
      if (this.closed) return
      at = passOver
      end = kept + got
      if (got === 0) break
      this.format ??= this.detect(buffer.subarray(0, end))
      if (this.format === undefined || at >= end) continue
      at = this.format.read(buffer, at, end, handler)
      if (afterPart !== undefined) await afterPart()
      if (this.closed) return
      this.damage = this.format.damage
      if (this.damage !== undefined) return
    }
    if (this.format === undefined) throw new Error(`${this.name} is empty`)
    if (at !== end) this.damage = 'it ends in the middle of a record'
  }

  /** Which format the file's start announces; undefined while too little of it is there. */
  private detect(start: Buffer): CaptureFormat | undefined {
    if (start.length < 4) return undefined
    if (PcapFile.begins(start)) return new PcapFile()
    if (PcapngFile.begins(start)) return new PcapngFile()
    throw new Error(`${this.name} is not a capture file (neither pcap nor pcapng)`)
  }

  private get name(): string {
    return this.path === '-' ? 'standard input' : this.path
  }

  private inPlainWords(error: NodeJS.ErrnoException): string {
    switch (error.code) {
      case 'ENOENT':
        return `there is no file ${this.name}`
      case 'EACCES':
        return `${this.name} may not be read by this user`
      case 'EISDIR':
        return `${this.name} is a folder`
      default:
        return `${this.name} cannot be read: ${error.message}`
    }
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error
}
