import { loadSignatures } from '../../src/capture/signature-files'
import { prove } from '../../src/asset/describe'
import { groupsOf } from '../../src/asset/identity'
import { hex, ipv4, LINK, PROTOCOL, tcp } from '../wire/frames'
import { Listening } from './overhear'

const MACHINE = '00 1b 21 00 00 01'
const OTHER = '00 1b 21 00 00 02'
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0'
const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1'

/** 10.0.0.5, whose card is known, on the wire. */
class Wire {
  private readonly listening = new Listening()
  private port = 10_000

  constructor() {
    const arp = hex('0001 0800 06 04 0002', MACHINE, Buffer.from([10, 0, 0, 5]), OTHER, Buffer.from([10, 0, 0, 1]))
    this.frame(hex(OTHER, MACHINE, '0806', arp))
  }

  /** It opens a connection to somewhere, and asks for a page. */
  connect(ttl: number, agent = '', card = MACHINE): this {
    this.port++
    const send = (segment: Buffer): void => {
      const packet = ipv4(segment, { source: '10.0.0.5', destination: '198.51.100.1', protocol: PROTOCOL.tcp })
      packet[8] = ttl
      this.frame(hex(OTHER, card, '0800', packet))
    }
    send(tcp(0x02, this.port, 80))
    const request = `GET / HTTP/1.1\r\nHost: www.example\r\nUser-Agent: ${agent}\r\n\r\n`
    if (agent !== '') send(hex(tcp(0x18, this.port, 80), Buffer.from(request)))
    return this
  }

  get suspicion(): string | undefined {
    const group = groupsOf(this.listening.inventory, () => false).find(({ hosts }) => hosts[0]?.ip === '10.0.0.5')!
    return prove(group, loadSignatures()).proofs.nat?.clue
  }

  private frame(frame: Buffer): void {
    this.listening.take(frame, 0, frame.length, frame.length, 1_700_000_000_000_000, LINK.ethernet)
  }
}

test('who sends from its own card what a router has passed on, besides other things, is suspected of NAT', () => {
  expect(new Wire().connect(64).connect(63).suspicion).toBe('syn-ttls: 63, 64')
  expect(new Wire().connect(63).connect(127).suspicion).toBe('syn-ttls: 63, 127')
})

test('browsers of two systems, and connections that begin as two systems do, are suspected too', () => {
  expect(new Wire().connect(128, WINDOWS).connect(64, MAC).suspicion).toBe(`http-agent: ${MAC}`)
})

test.each<[string, Wire]>([
  ['one system alone', new Wire().connect(64, MAC).connect(64, MAC)],
  ['all from behind one router, which answers ARP for them', new Wire().connect(63).connect(63)],
  ['two systems that never passed a router, as after another start', new Wire().connect(64).connect(128)],
  ['the same packets behind a router, where both sides are mirrored', new Wire().connect(64).connect(63, '', OTHER)],
  ['a route that is traced', new Wire().connect(64).connect(1).connect(2).connect(30)],
  ['a tablet that asks as a desktop does', new Wire().connect(64, MAC).connect(64, IPHONE)],
  ['a browser that pretends, on one system', new Wire().connect(64, WINDOWS).connect(64, MAC)],
])('not suspected: %s', (_what, wire) => expect(wire.suspicion).toBeUndefined())
