import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CollectorAddress } from './collector-address'
import { reasonOf } from './reason'
import type { Sender } from './sender'

/**
 * Every IPv6 link takes 1,280 bytes (RFC 8200 section 5), and in practice every IPv4 path too; less IPv6 and UDP
 * headers. RFC 7011 section 10.3.3 forbids more than the path takes.
 */
const MESSAGE_BYTES = 1280 - 40 - 8

/**
 * A socket that receives has room for about 200 KB unless somebody gave it more, and nothing tells us when it is full.
 * So 20 KB at a time, 5 MB a second.
 */
const BURST_MESSAGES = 16
const PAUSE_MS = 4

/** How long a refusal may take to come back. */
const REFUSAL_MS = 100

/** Datagrams to one collector. What is lost on the way shows in the sequence numbers, to the collector alone. */
export class UdpSender implements Sender {
  readonly messageBytes = MESSAGE_BYTES
  readonly isStream = false
  private complaint = ''
  private sent = 0

  /** Rejects when the name is unknown or there is no way there. */
  static async open({ host, port }: CollectorAddress): Promise<UdpSender> {
    const { address, family } = await lookup(host)
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
    try {
      // Connected, so that the kernel tells us when nobody listens there.
      socket.connect(port, address)
      await once(socket, 'connect')
    } catch (error) {
      socket.close()
      throw error
    }
    return new UdpSender(socket, host, address)
  }

  private constructor(
    private readonly socket: Socket,
    private readonly host: string,
    private readonly peer: string,
  ) {
    socket.on('error', (error) => (this.complaint = reasonOf(error)))
  }

  /** Does the name still lead to the same address? When it cannot be asked, nothing is known better. */
  async isCurrent(): Promise<boolean> {
    return lookup(this.host).then(
      ({ address }) => address === this.peer,
      () => true,
    )
  }

  async send(message: Buffer): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.socket.send(message, (error) => (error ? reject(error) : resolve()))
    })
    this.sent += 1
    if (this.sent % BURST_MESSAGES === 0) await sleep(PAUSE_MS)
  }

  settle(): Promise<void> {
    return sleep(REFUSAL_MS)
  }

  takeComplaint(): string {
    const { complaint } = this
    this.complaint = ''
    return complaint
  }

  async close(): Promise<void> {
    this.socket.close()
  }
}
