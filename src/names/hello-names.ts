import type { Payload } from '../wire/payload'
import { QuicView } from '../wire/quic'
import { QuicHello } from '../wire/quic-hello'
import { ClientHelloView, TLS_CLIENT_HELLO, TLS_HANDSHAKE, TlsRecordView } from '../wire/tls'

const HANDSHAKE_HEADER_LENGTH = 4

/** Hellos whose second part is waited for, and how long one may be: 256 KB in all. */
const MOST_WAITING = 64
const LONGEST_HELLO = 4096

/** A first datagram of QUIC is padded to so much (RFC 9000 section 14.1). */
const SHORTEST_INITIAL = 1200

/** Opening a hello of QUIC takes about 0.1 ms, so that these take 2% of a second. Names of the others stay unknown. */
const MOST_QUIC_A_SECOND = 200

/** What a client's hello says of the server's name. */
export interface HelloName {
  /** As it was sent; empty when it was not, or not yet. */
  name: string
  /** The name may be in the flow's next payload. */
  goesOn: boolean
}

/**
 * Reads the names that clients ask for in the hellos of TLS and QUIC. Today's hellos hold keys that make them longer
 * than a segment, with the name in either part, so the first part is kept until the next payload of the same flow.
 */
export class HelloNames {
  private readonly record = new TlsRecordView()
  private readonly hello = new ClientHelloView()
  private readonly quic = new QuicView()
  private readonly quicHello = new QuicHello()
  private readonly waiting = new Map<number, { sourcePort: number; start: Buffer }>()
  private quicSecond = 0
  private quicOpened = 0

  /** Hellos whose second part is waited for. */
  get waitingHellos(): number {
    return this.waiting.size
  }

  /** What this payload of the flow in row `row` says; undefined when it is no hello. */
  read(payload: Payload, row: number, atMicros: number): HelloName | undefined {
    return payload.isTcp ? this.readTls(payload, row) : this.readQuic(payload, atMicros)
  }

  private readTls(payload: Payload, row: number): HelloName | undefined {
    const { bytes, at, end, sourcePort } = payload
    const first = this.waiting.get(row)
    if (first !== undefined) {
      this.waiting.delete(row)
      if (first.sourcePort !== sourcePort) return undefined
      const both = Buffer.concat([first.start, bytes.subarray(at, Math.min(end, at + LONGEST_HELLO))])
      return this.hello.set(both, 0, both.length) ? { name: this.hello.serverName, goesOn: false } : undefined
    }
    const isHello = payload.u8(0) === TLS_HANDSHAKE && payload.u8(5) === TLS_CLIENT_HELLO
    if (!isHello || !this.record.set(bytes, at, end)) return undefined
    const helloAt = this.record.contentAt + HANDSHAKE_HEADER_LENGTH
    if (!this.hello.set(bytes, helloAt, Math.min(end, this.record.nextAt))) return undefined
    const name = this.hello.serverName
    // A snapped segment is not continued by the next one.
    const goesOn = name === '' && !this.hello.isWhole && this.record.nextAt > end && payload.length === payload.size
    if (goesOn) this.wait(row, sourcePort, Buffer.from(bytes.subarray(helloAt, end)))
    return { name, goesOn }
  }

  private wait(row: number, sourcePort: number, start: Buffer): void {
    if (start.length > LONGEST_HELLO) return
    if (this.waiting.size === MOST_WAITING) this.waiting.delete(this.waiting.keys().next().value!)
    this.waiting.set(row, { sourcePort, start })
  }

  private readQuic(payload: Payload, atMicros: number): HelloName | undefined {
    const { quic, quicHello } = this
    if (payload.size < SHORTEST_INITIAL || !quic.set(payload.bytes, payload.at, payload.end)) return undefined
    if (!quic.isInitial || !quic.setInitial() || !this.mayOpenQuic(atMicros)) return undefined
    if (!quicHello.take(payload.bytes, quic)) return undefined
    const name = quicHello.hello.serverName
    return { name, goesOn: name === '' && !quicHello.hello.isWhole }
  }

  private mayOpenQuic(atMicros: number): boolean {
    const second = Math.floor(atMicros / 1e6)
    if (second !== this.quicSecond) {
      this.quicSecond = second
      this.quicOpened = 0
    }
    return this.quicOpened++ < MOST_QUIC_A_SECOND
  }
}
