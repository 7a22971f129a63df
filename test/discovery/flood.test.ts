import { hex, ipv4, LINK, PROTOCOL, tcp } from '../wire/frames'
import { Listening } from './overhear'

const [CARD, OTHER] = ['00 1b 21 00 00 01', '00 1b 21 00 00 02']

/** Frames in a second of a flood: more than are read. */
const MANY = 5000

/** Two machines, whose cards are known, and the seconds that go by. */
class Wire {
  readonly listening = new Listening()
  private second = 1
  private port = 1024

  constructor() {
    for (const [card, last] of [
      [CARD, 5],
      [OTHER, 6],
    ] as const) {
      const arp = hex('0001 0800 06 04 0002', card, Buffer.from([10, 0, 0, last]), OTHER, Buffer.from([10, 0, 0, 1]))
      this.frame(hex(OTHER, card, '0806', arp))
    }
  }

  /** A client of an SSH server names its program. */
  greet(card: string, ip: string, program: string): void {
    const segment = hex(tcp(0x18, this.port++, 22), Buffer.from(`SSH-2.0-${program}\r\n`))
    this.frame(hex(OTHER, card, '0800', ipv4(segment, { source: ip, destination: '10.0.0.1', protocol: PROTOCOL.tcp })))
  }

  flood(): void {
    for (let sent = 0; sent < MANY; sent++) this.frame(hex(OTHER, OTHER, '88cc', '0000'))
  }

  wait(): void {
    this.second++
  }

  private frame(bytes: Buffer): void {
    this.listening.take(bytes, 0, bytes.length, bytes.length, this.second * 1e6, LINK.ethernet)
  }
}

test('who speaks while a flood takes all attention is heard as soon as it is over', () => {
  const wire = new Wire()
  for (let turn = 0; turn < 20; turn++) {
    wire.wait()
    wire.flood()
    wire.greet(CARD, '10.0.0.5', 'OpenSSH_9.6')
  }
  expect(wire.listening.lines.join()).not.toContain('OpenSSH')
  wire.wait()
  wire.greet(CARD, '10.0.0.5', 'OpenSSH_9.6')
  expect(wire.listening.lines.join()).toContain('OpenSSH_9.6')
})
