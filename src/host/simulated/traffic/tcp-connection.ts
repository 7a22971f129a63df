import { PROTOCOL_TCP } from './emit/ip'
import { u32 } from './emit/octets'
import { ACK, emitTcp, FIN, PSH, RST, SYN } from './emit/tcp'
import type { Frame } from './frame'
import type { Party, Stack } from './machine'
import type { ExpectedFlow, Mirror } from './mirror'
import type { Random } from './random'
import type { Clock, Scene } from './timeline'

/** One full segment takes this long on a gigabit line. */
const SEGMENT_MICROS = 12
const DELAYED_ACK_MICROS = 40_000

/**
 * A TCP connection seen from the mirror port: handshake, data cut to segments and acknowledged, end. Nothing is
 * lost or sent twice.
 */
export class TcpConnection {
  private readonly flow: ExpectedFlow
  private readonly client: End
  private readonly server: End
  private readonly withTimestamps: boolean
  private readonly withScaling: boolean
  private lastSender: End

  constructor(
    private readonly mirror: Mirror,
    private readonly clock: Clock,
    random: Random,
    client: Party,
    clientPort: number,
    server: Party,
    serverPort: number,
  ) {
    this.flow = mirror.flow(client, server, serverPort, 'tcp')
    this.client = new End(client, clientPort, random)
    this.server = new End(server, serverPort, random)
    this.lastSender = this.client
    const bothHave = (option: 'T' | 'ws') =>
      client.stack.synOptions.includes(option) && server.stack.synOptions.includes(option)
    this.withTimestamps = bothHave('T')
    this.withScaling = bothHave('ws')
  }

  /** The three-way handshake. */
  *open(): Scene {
    yield this.segment(this.client, SYN)
    yield this.segment(this.server, SYN | ACK)
    yield this.segment(this.client, ACK)
  }

  /** The server has nothing listening there. */
  *refused(): Scene {
    yield this.segment(this.client, SYN)
    yield this.segment(this.server, RST | ACK)
  }

  fromClient(data: Buffer): Scene {
    return this.send(this.client, data)
  }

  fromServer(data: Buffer): Scene {
    return this.send(this.server, data)
  }

  /** The receiver has nothing to say: its acknowledgment goes alone, a little late, and then time passes. */
  *rest(micros: number): Scene {
    const receiver = this.other(this.lastSender)
    let waited = 0
    if (receiver.unacknowledged > 0) {
      this.clock.wait(DELAYED_ACK_MICROS)
      waited = DELAYED_ACK_MICROS
      yield this.segment(receiver, ACK)
    }
    this.clock.wait(Math.max(0, micros - waited))
  }

  /** Both sides say goodbye, the client first. */
  *close(): Scene {
    yield this.segment(this.client, FIN | ACK)
    yield this.segment(this.server, FIN | ACK)
    yield this.segment(this.client, ACK)
  }

  /** The client goes away without ado, as browsers do. */
  *abort(): Scene {
    yield this.segment(this.client, RST | ACK)
  }

  private *send(from: End, data: Buffer): Scene {
    const to = this.other(from)
    const most = this.segmentBytes()
    for (let at = 0; at < data.length; at += most) {
      const isLast = at + most >= data.length
      yield this.segment(from, isLast ? PSH | ACK : ACK, data.subarray(at, at + most))
      // Every second segment is acknowledged at once (RFC 9293 section 3.8.6.3).
      if (to.unacknowledged >= 2 && !isLast) {
        yield this.segment(to, ACK)
        // The sender did not wait for that: the next data is already under way.
        this.lastSender = from
      }
    }
  }

  private segment(from: End, flags: number, data: Buffer = NOTHING): Frame {
    const to = this.other(from)
    const turns = from !== this.lastSender
    this.clock.wait(turns ? 2 * from.party.awayMicros + SEGMENT_MICROS : SEGMENT_MICROS)
    this.lastSender = from
    const isSyn = (flags & SYN) !== 0
    const segment = emitTcp({
      from: from.party.address.bytes,
      to: to.party.address.bytes,
      sourcePort: from.port,
      destinationPort: to.port,
      sequence: from.sequence,
      acknowledgment: flags & ACK ? to.sequence : 0,
      flags,
      window: flags & RST ? 0 : this.window(from, isSyn),
      options: isSyn ? this.synOptions(from, (flags & ACK) !== 0) : this.laterOptions(from, flags),
      payload: data,
    })
    from.sequence = (from.sequence + data.length + (flags & (SYN | FIN) ? 1 : 0)) >>> 0
    if (data.length > 0) to.unacknowledged++
    from.unacknowledged = 0
    return this.mirror.flowPacket(
      this.clock,
      this.flow,
      from.party,
      to.party,
      from === this.client,
      PROTOCOL_TCP,
      segment,
    )
  }

  /** An answer offers only what the SYN offered. */
  private synOptions(from: End, isAnswer: boolean): Buffer {
    const { stack } = from.party
    const asked = this.client.party.stack.synOptions
    const offered = stack.synOptions.filter((option) => {
      const isPadding = option === 'N' || option === 'E'
      return isPadding || !isAnswer || asked.includes(option)
    })
    const parts = offered.map((option) => this.synOption(option, from, stack, isAnswer))
    return padded(Buffer.concat(parts))
  }

  private synOption(option: Stack['synOptions'][number], from: End, stack: Stack, isAnswer: boolean): Buffer {
    switch (option) {
      case 'mss': {
        const most = from.party.address.bytes.length === 4 ? 1460 : 1440
        return Buffer.of(2, 4, most >> 8, most & 0xff)
      }
      case 'ws':
        return Buffer.of(3, 3, stack.windowScale)
      case 'S':
        return Buffer.of(4, 2)
      case 'T':
        return this.timestamps(from, isAnswer)
      case 'N':
        return Buffer.of(1)
      case 'E':
        return Buffer.of(0)
    }
  }

  private laterOptions(from: End, flags: number): Buffer {
    if (!this.withTimestamps || flags & RST) return NOTHING
    return Buffer.concat([Buffer.of(1, 1), this.timestamps(from, true)])
  }

  /** RFC 7323 section 3: one's own clock in milliseconds, and the last heard of the other's. */
  private timestamps(from: End, hasHeard: boolean): Buffer {
    from.clockShown = (from.clockOffset + Math.floor(this.clock.atMicros / 1000)) >>> 0
    return Buffer.concat([Buffer.of(8, 10), u32(from.clockShown), u32(hasHeard ? this.other(from).clockShown : 0)])
  }

  private window(from: End, isSyn: boolean): number {
    const { stack } = from.party
    if (isSyn || !this.withScaling) return stack.synWindow
    return Math.min(0xffff, Math.ceil(131_072 / 2 ** stack.windowScale))
  }

  private segmentBytes(): number {
    const most = this.client.party.address.bytes.length === 4 ? 1460 : 1440
    return this.withTimestamps ? most - 12 : most
  }

  private other(end: End): End {
    return end === this.client ? this.server : this.client
  }
}

/** One side of the connection. */
class End {
  sequence: number
  /** Data segments received since it last said anything. */
  unacknowledged = 0
  readonly clockOffset: number
  clockShown = 0

  constructor(
    readonly party: Party,
    readonly port: number,
    random: Random,
  ) {
    this.sequence = random.between(0, 0xffffffff)
    this.clockOffset = random.between(0, 0xffffffff)
  }
}

const NOTHING = Buffer.alloc(0)

/** Options fill whole words of four octets. */
function padded(options: Buffer): Buffer {
  return Buffer.concat([options, Buffer.alloc((4 - (options.length % 4)) % 4)])
}
