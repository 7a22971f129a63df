import { ClientHelloView, TLS_HANDSHAKE, TlsRecordView } from '../../src/wire/tls'
import { clientHello, handshake, record } from '../services/hello'
import { hex } from './frames'

const HELLO = clientHello({ name: 'www.example.com', protocols: ['h2', 'http/1.1'], padding: 5 })

test('the fields of a record and of a hello are where RFC 8446 puts them', () => {
  const bytes = record(handshake(HELLO))
  const view = new TlsRecordView()
  expect(view.set(bytes, 0, bytes.length)).toBe(true)
  expect([view.type, view.length, view.contentAt, view.nextAt]).toEqual([
    TLS_HANDSHAKE,
    HELLO.length + 4,
    5,
    bytes.length,
  ])
  const hello = new ClientHelloView()
  expect(hello.set(bytes, 9, bytes.length)).toBe(true)
  expect(hello.serverName).toBe('www.example.com')
  expect(hello.protocols).toEqual(['h2', 'http/1.1'])
  expect(hello.isWhole).toBe(true)
})

test('a hello cut anywhere is read as far as it goes, and says that it is not whole', () => {
  const hello = new ClientHelloView()
  let named = 0
  for (let end = 0; end < HELLO.length; end++) {
    const bytes = hex(HELLO.subarray(0, end), 'ff'.repeat(400))
    expect(hello.set(bytes, 0, end)).toBe(end >= 35)
    expect(hello.isWhole).toBe(false)
    expect(['', 'www.example.com']).toContain(hello.serverName)
    expect([[], ['h2', 'http/1.1']]).toContainEqual(hello.protocols)
    if (hello.serverName !== '') named++
  }
  expect(named).toBeGreaterThan(0)
})

test('a hello of DTLS has a cookie before its cipher suites', () => {
  const bytes = clientHello({ name: 'a.example', cookie: 'c0ffee' })
  const hello = new ClientHelloView()
  expect(hello.set(bytes, 0, bytes.length, true) && hello.serverName).toBe('a.example')
  expect(hello.set(bytes, 0, bytes.length, false) && hello.serverName).not.toBe('a.example')
})

test('what is no record is refused', () => {
  const view = new TlsRecordView()
  const refused = ['16 0301 00', '18 0303 0010', '13 0303 0010', '16 0203 0010', '16 0305 0010', '17 0303 4801'].map(
    (text) => {
      const bytes = hex(text)
      return view.set(bytes, 0, bytes.length)
    },
  )
  expect(refused).toEqual([false, false, false, false, false, false])
})
