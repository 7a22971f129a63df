import { PayloadWatch } from '../../src/capture/payload-watch'
import { FlowMeter } from '../../src/flow/flow-meter'
import { NameTable } from '../../src/names/name-table'
import { applicationNumbered } from '../../src/services/application'
import { clientHello, handshake, record } from '../services/hello'
import { hex, ipv4, LINK, PROTOCOL, tcp, udp } from '../wire/frames'

const CLIENT = '10.0.0.1'
const SERVER = '203.0.113.7'
const MINUTE = 60_000

function segment(payload: Buffer | string, port = 443, isBack = false): Buffer {
  const [source, destination] = isBack ? [SERVER, CLIENT] : [CLIENT, SERVER]
  const header = isBack ? tcp(0x18, port, 5000) : tcp(0x18, 5000, port)
  return ipv4(Buffer.concat([header, Buffer.from(payload as string, 'latin1')]), {
    source,
    destination,
    protocol: PROTOCOL.tcp,
  })
}

function dnsAnswer(name: string, address: string): Buffer {
  const label = hex(Buffer.from([name.length]), Buffer.from(name))
  const data = Buffer.from(address.split('.').map(Number))
  const message = hex('abcd 8180 0001 0001 0000 0000', label, '00 0001 0001 c00c 0001 0001 0000003c 0004', data)
  return ipv4(udp(53, 5000, message), { source: '10.0.0.53', destination: CLIENT })
}

/** What came of these packets: the application of each flow, and what the addresses go by. */
function watched(
  frames: Buffer[],
  withNames = true,
): { apps: (string | undefined)[]; namesOf: (address: string) => readonly string[] } {
  const meter = new FlowMeter({ capacity: 16, seed: 1 })
  const names = new NameTable()
  meter.onPayload = new PayloadWatch(meter, withNames ? names : undefined).look
  frames.forEach((frame) => meter.packet(frame, 0, frame.length, frame.length, 1000 * MINUTE, LINK.raw))
  const apps: (string | undefined)[] = []
  meter.take(({ service }) => apps.push(applicationNumbered(service)?.name))
  return { apps, namesOf: (address) => names.namesOf(address, MINUTE) }
}

test('a flow is what the first payload that tells says, whatever comes later', () => {
  expect(watched([segment('?'), segment('SSH-2.0-a\r\n'), segment('GET / HTTP/1.1\r\n\r\n')]).apps).toEqual(['ssh'])
  expect(watched([segment('?'.repeat(50), 22)]).apps).toEqual([undefined])
})

test('every answer of DNS is read, however many one flow has', () => {
  const many = Array.from({ length: 20 }, (_, each) => dnsAnswer(`site${each}`, `203.0.113.${each}`))
  const { apps, namesOf } = watched(many)
  expect(apps).toEqual(['dns'])
  expect(namesOf('203.0.113.19')).toEqual(['site19'])
  expect(watched(many, false)).toMatchObject({ apps: ['dns'] })
})

test('over TCP, too', () => {
  const message = dnsAnswer('site', '203.0.113.9').subarray(28)
  const length = hex(message.length.toString(16).padStart(4, '0'))
  expect(watched([segment(Buffer.concat([length, message]), 53, true)]).namesOf('203.0.113.9')).toEqual(['site'])
})

const HELLO = record(handshake(clientHello({ name: 'www.example.com', protocols: ['h2'], padding: 600 })))

test('the server goes by the name its client asked for', () => {
  expect(watched([segment(HELLO)])).toMatchObject({ apps: ['https'] })
  expect(watched([segment(HELLO)]).namesOf(SERVER)).toEqual(['www.example.com'])
  expect(watched([segment(HELLO)], false).apps).toEqual(['https'])
})

test('also where the hello takes two segments', () => {
  // What is offered comes last, so only the first part of the flow tells the application: by the port.
  for (const cut of [100, 400, 650]) {
    const { apps, namesOf } = watched([segment(HELLO.subarray(0, cut)), segment(HELLO.subarray(cut))])
    expect(apps).toEqual(['https'])
    expect(namesOf(SERVER)).toEqual(['www.example.com'])
  }
})

test('but not from what the other side says in between', () => {
  const parts = [segment(HELLO.subarray(0, 400)), segment(HELLO.subarray(400), 443, true)]
  expect(watched(parts).namesOf(SERVER)).toEqual([])
  expect(watched(parts).namesOf(CLIENT)).toEqual([])
})
