import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { QuicView, QUIC_VERSION_1, QUIC_VERSION_2 } from '../../src/wire/quic'
import { clientInitialKeys, QuicHello } from '../../src/wire/quic-hello'
import { clientHello, handshake } from '../services/hello'
import { hex, uint16 } from './frames'

const CONNECTION_ID = '8394c8f03e515708'

/** The hello as CRYPTO frames: pieces of it in the order given, each as offset and end. */
function frames(message: Buffer, pieces: [number, number][]): Buffer {
  return Buffer.concat(
    pieces.map(([from, to]) =>
      hex('06', uint16(0x4000 | from), uint16(0x4000 | (to - from)), message.subarray(from, to)),
    ),
  )
}

/** A client's Initial, protected as RFC 9001 section 5 says. */
function initial(payload: Buffer, options: { version?: number; id?: string; number?: number } = {}): Buffer {
  const { version = QUIC_VERSION_1, id = CONNECTION_ID, number = 2 } = options
  const padded = Buffer.concat([payload, Buffer.alloc(Math.max(0, 1100 - payload.length))])
  const first = version === QUIC_VERSION_2 ? 'd3' : 'c3'
  const length = uint16(0x4000 | (4 + padded.length + 16))
  const header = hex(first, version.toString(16).padStart(8, '0'), '08', id, '00', '00', length)
  const packetNumber = Buffer.from([0, 0, 0, number])
  const { key, iv, headerProtection } = clientInitialKeys(version, Buffer.from(id, 'hex'))!
  const nonce = Buffer.from(iv)
  for (let each = 0; each < 4; each++) nonce[8 + each]! ^= packetNumber[each]!
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  cipher.setAAD(Buffer.concat([header, packetNumber]))
  const sealed = Buffer.concat([cipher.update(padded), cipher.final(), cipher.getAuthTag()])
  const packet = Buffer.concat([header, packetNumber, sealed])
  const mask = createCipheriv('aes-128-ecb', headerProtection, null).update(sealed.subarray(0, 16))
  packet[0]! ^= mask[0]! & 0x0f
  for (let each = 0; each < 4; each++) packet[header.length + each]! ^= mask[1 + each]!
  return packet
}

/** The name asked for after each of these datagrams; undefined where there is no hello. */
function names(...datagrams: Buffer[]): (string | undefined)[] {
  const view = new QuicView()
  const opener = new QuicHello()
  return datagrams.map((bytes) => {
    if (!view.set(bytes, 0, bytes.length) || !view.isInitial || !view.setInitial()) return undefined
    return opener.take(bytes, view) ? opener.hello.serverName : undefined
  })
}

const HELLO = handshake(clientHello({ name: 'quic.example.net', protocols: ['h3'], padding: 300 }))
const WHOLE: [number, number] = [0, HELLO.length]

test('the keys of RFC 9001 appendix A.1', () => {
  const keys = clientInitialKeys(QUIC_VERSION_1, Buffer.from(CONNECTION_ID, 'hex'))!
  expect(keys.key.toString('hex')).toBe('1f369613dd76d5467730efcbe3b1a22d')
  expect(keys.iv.toString('hex')).toBe('fa044b2f42a3fd3b46fb255c')
  expect(keys.headerProtection.toString('hex')).toBe('9f50449e04a0e810283a1e9933adedd2')
})

test('the keys of version 2, RFC 9369 appendix A.1', () => {
  const keys = clientInitialKeys(QUIC_VERSION_2, Buffer.from(CONNECTION_ID, 'hex'))!
  expect(keys.key.toString('hex')).toBe('8b1a0bc121284290a29e0971b5cd045d')
  expect(keys.iv.toString('hex')).toBe('91f73e2351d8fa91660e909f')
  expect(keys.headerProtection.toString('hex')).toBe('45b95e15235d6f45a6b19cbcb0294ba9')
})

test.each([QUIC_VERSION_1, QUIC_VERSION_2])('a hello of version %p is opened', (version) => {
  expect(names(initial(frames(HELLO, [WHOLE]), { version }))).toEqual(['quic.example.net'])
})

test('pieces in any order, over two packets, and snapped behind the name', () => {
  const shuffled: [number, number][] = [
    [200, HELLO.length],
    [0, 50],
    [120, 200],
    [50, 120],
  ]
  expect(names(initial(frames(HELLO, shuffled)))).toEqual(['quic.example.net'])
  const second = initial(frames(HELLO, [[100, HELLO.length]]), { number: 3 })
  expect(names(initial(frames(HELLO, [[0, 100]])), second)).toEqual(['', 'quic.example.net'])
  expect(names(initial(frames(HELLO, [WHOLE])).subarray(0, 500))).toEqual(['quic.example.net'])
})

test('pieces of another connection do not mix in', () => {
  const other = initial(frames(HELLO, [[100, HELLO.length]]), { id: '1111111111111111' })
  expect(names(initial(frames(HELLO, [[0, 100]])), other)).toEqual(['', undefined])
})

test('acknowledgements before the hello are passed over', () => {
  const acknowledged = hex('02 05 00 01 00 00 00', frames(HELLO, [WHOLE]))
  expect(names(initial(acknowledged))).toEqual(['quic.example.net'])
})

test('no bytes make it throw', () => {
  const head = hex('c0 00000001 08', CONNECTION_ID, '00 00 44d0')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1300 }), fc.uint8Array({ maxLength: 60 }), (rest, inside) => {
      expect([undefined, '']).toContain(names(hex(head, rest))[0])
      expect([undefined, '']).toContain(names(initial(Buffer.from(inside)))[0])
    }),
    { numRuns: 500 },
  )
})
