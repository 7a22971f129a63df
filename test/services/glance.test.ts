import fc from 'fast-check'
import { glance } from '../../src/services/glance'
import { hex } from '../wire/frames'
import { EXAMPLES, type Example } from './examples'
import { clientHello, handshake, record } from './hello'
import { payloadOf } from './payload-of'

/** A port that no application of the table has, and one above for the client. */
const NOBODYS = 50_123
const CLIENT = 51_234

const nameOf = (transport: 'tcp' | 'udp', from: number, to: number, bytes: string | Uint8Array): string | undefined =>
  glance(payloadOf(transport, from, to, bytes))?.name

const inWords = ({ is, transport, port }: Example): string => `${is} at ${transport}/${port}`

test('every example is known at its port', () => {
  const told = EXAMPLES.map(({ is, transport, port, bytes }) => [is, nameOf(transport, CLIENT, port, bytes)])
  expect(told.filter(([is, name]) => is !== name)).toEqual([])
})

test('and at a port of nobody, where its bytes are enough', () => {
  const strays = EXAMPLES.filter(({ is, transport, port, bytes, onlyThere }) => {
    const name = nameOf(transport, CLIENT, NOBODYS, bytes)
    // TLS is TLS anywhere; which of its applications it is may be a matter of the port.
    return onlyThere === true ? name === is : name !== is && port !== 3128
  })
  expect(strays.map(inWords)).toEqual([])
})

test('and at the port of another, which it contradicts', () => {
  expect(nameOf('tcp', CLIENT, 443, 'SSH-2.0-OpenSSH_9.6\r\n')).toBe('ssh')
  expect(nameOf('tcp', 443, CLIENT, 'SSH-2.0-OpenSSH_9.6\r\n')).toBe('ssh')
  expect(nameOf('tcp', CLIENT, 22, 'GET / HTTP/1.1\r\n\r\n')).toBe('http')
  expect(nameOf('tcp', CLIENT, 53, record(handshake(clientHello({ protocols: ['h2'] }))))).toBe('https')
  expect(nameOf('udp', CLIENT, 53, hex('0001 0000 2112a442', '00'.repeat(12)))).toBe('stun')
})

test('what TLS carries is told by what is offered, then by the port, and is else TLS', () => {
  const hello = (...protocols: string[]): Buffer => record(handshake(clientHello({ name: 'a.example', protocols })))
  expect(nameOf('tcp', CLIENT, NOBODYS, hello('h2', 'http/1.1'))).toBe('https')
  expect(nameOf('tcp', CLIENT, NOBODYS, hello('imap'))).toBe('imaps')
  expect(nameOf('tcp', CLIENT, NOBODYS, hello('something'))).toBe('tls')
  expect(nameOf('tcp', CLIENT, 636, hello())).toBe('ldaps')
  expect(nameOf('tcp', CLIENT, 6443, hello('h2'))).toBe('kubernetes')
  // The port of the one who says hello means nothing.
  expect(nameOf('tcp', 636, NOBODYS, hello())).toBe('tls')
  // After STARTTLS, seen from the middle.
  expect(nameOf('tcp', 587, CLIENT, hex('17 0303 0020', '55'.repeat(32)))).toBe('smtp')
  expect(nameOf('tcp', NOBODYS, CLIENT, hex('17 0303 0020', '55'.repeat(32)))).toBe('tls')
})

test('what only begins like a frame of IEC 104 is none', () => {
  const values = '68 0e 0200 0000 64 01 0600 0100 000000 14'
  const told = (bytes: string): string | undefined => nameOf('tcp', CLIENT, NOBODYS, hex(bytes))
  expect(told(values)).toBe('iec-104')
  expect(told(`${values} ${values}`)).toBe('iec-104')
  expect(told(`${values} ${values.slice(0, -9)}`)).toBe('iec-104')
  // It ends elsewhere than the segment; its type, its number of objects or its cause cannot be.
  expect(told(`${values} 00`)).toBeUndefined()
  expect(told(values.slice(0, -3))).toBeUndefined()
  for (const asdu of ['00 01 06', 'e4 01 06', '64 80 06', '64 01 00', '64 01 30']) {
    expect(told(values.replace('64 01 06', asdu))).toBeUndefined()
  }
})

test('what only begins like OpenVPN is none', () => {
  const told = (...parts: string[]): string | undefined => nameOf('udp', CLIENT, NOBODYS, hex(...parts))
  const [session, id, end] = ['1122334455667788', '00000001 69000000', '00 00000000']
  expect(told('38', session, 'aa'.repeat(20), id, end)).toBe('openvpn')
  expect(told('38', session, 'aa'.repeat(32), id, end)).toBe('openvpn')
  expect(told('38', session, id, 'aa'.repeat(32), end)).toBe('openvpn')
  expect(told('50', session, '0a010002 69000000', 'aa'.repeat(300))).toBe('openvpn')
  expect(told('38', session, 'aa'.repeat(20), '55'.repeat(8), end)).toBeUndefined()
  expect(told('38', session, 'aa'.repeat(40), end)).toBeUndefined()
  expect(told('50', session, 'aa'.repeat(300))).toBeUndefined()
  expect(told('50', session, '00000001 00000000', 'aa'.repeat(300))).toBeUndefined()
})

test('what HTTP carries is told by the port', () => {
  expect(nameOf('tcp', CLIENT, 631, 'POST /printers/a HTTP/1.1\r\n')).toBe('ipp')
  expect(nameOf('tcp', 5985, CLIENT, 'HTTP/1.1 401 Unauthorized\r\n')).toBe('winrm')
  expect(nameOf('tcp', CLIENT, 22, 'POST /printers/a HTTP/1.1\r\n')).toBe('http')
})

test('QUIC to a web server is HTTPS, as the guide counts it, and elsewhere QUIC', () => {
  const quic = EXAMPLES.find(({ is, transport }) => is === 'https' && transport === 'udp')!
  expect(nameOf('udp', CLIENT, 443, quic.bytes)).toBe('https')
  expect(nameOf('udp', CLIENT, NOBODYS, quic.bytes)).toBe('quic')
})

test('a cut example is known as itself or not at all', () => {
  const wrong = EXAMPLES.flatMap(({ is, transport, port, bytes }) => {
    const all = payloadOf(transport, CLIENT, port, bytes)
    return Array.from({ length: all.length }, (_, length) => {
      const cut = payloadOf(transport, CLIENT, port, bytes)
      cut.end = cut.at + length
      return glance(cut)?.name
    }).filter((name) => name !== undefined && name !== is)
  })
  expect(wrong).toEqual([])
})

test('no bytes at any port make it throw, and noise is next to never anything', () => {
  let told = 0
  const runs = 20_000
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.boolean(), (bytes, isTcp) => {
      if (nameOf(isTcp ? 'tcp' : 'udp', CLIENT, NOBODYS, bytes) !== undefined) told++
    }),
    { numRuns: runs },
  )
  expect(told).toBeLessThan(runs / 1000)
  fc.assert(
    fc.property(fc.constantFrom(...EXAMPLES), fc.uint8Array({ maxLength: 60 }), fc.nat(12), (example, tail, keep) => {
      const start = Buffer.from(example.bytes as string, 'latin1').subarray(0, keep)
      nameOf(example.transport, CLIENT, example.port, Buffer.concat([start, tail]))
    }),
    { numRuns: 20_000 },
  )
})
