import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { CollectorAddress } from './collector-address'
import { reasonOf } from './reason'
import type { Sender } from './sender'

/** Far below the 65,535 of a message's length, so that a packet to analyse is not held up by a long one to send. */
const MESSAGE_BYTES = 16 * 1024

const CONNECT_MS = 10_000

/** A collector that takes nothing for so long is taken for gone. */
const STALL_MS = 30_000

/** How long it may take to take the rest. */
const FAREWELL_MS = 2_000

/** One connection to a collector. */
export class TcpSender implements Sender {
  readonly messageBytes = MESSAGE_BYTES
  readonly isStream = true
  private complaint = ''

  /** Rejects when nobody answers. */
  static async open({ host, port }: CollectorAddress): Promise<TcpSender> {
    const socket = connect({ host, port, noDelay: true, keepAlive: true })
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) })
    } catch (error) {
      socket.destroy()
      const isLate = (error as Error).name === 'AbortError'
      throw isLate ? new Error(`no answer within ${CONNECT_MS / 1000} s`) : error
    }
    return new TcpSender(socket)
  }

  private constructor(private readonly socket: Socket) {
    socket.on('error', (error) => (this.complaint = reasonOf(error)))
    socket.on('close', () => (this.complaint ||= 'it closed the connection'))
    // A collector has nothing to say (RFC 7011 section 10.4); it is read so that its end is noticed.
    socket.resume()
  }

  async isCurrent(): Promise<boolean> {
    return this.socket.writable
  }

  async send(message: Buffer): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const stalled = setTimeout(() => {
        this.socket.destroy(new Error(`it took nothing for ${STALL_MS / 1000} s`))
      }, STALL_MS)
      this.socket.write(message, (error) => {
        clearTimeout(stalled)
        if (error) reject(error)
        else resolve()
      })
    })
  }

  async settle(): Promise<void> {}

  takeComplaint(): string {
    const { complaint } = this
    this.complaint = ''
    return complaint
  }

  async close(): Promise<void> {
    const { socket } = this
    if (!socket.destroyed) {
      const closed = once(socket, 'close', { signal: AbortSignal.timeout(FAREWELL_MS) }).catch(() => undefined)
      socket.end()
      await closed
    }
    socket.removeAllListeners('close')
    socket.destroy()
  }
}
