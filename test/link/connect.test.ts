import { createServer as createTlsServer } from 'node:tls'
import { simulatedHost } from '../../src/host/simulated/host'
import { openTls, type Route } from '../../src/link/connect'
import { closeAfter, closeAll, directTo, errorOf, listen, plainServer } from './parties'
import { throwawayCa, type Pair, type ThrowawayCa } from './throwaway-ca'

let ca: ThrowawayCa

beforeAll(async () => {
  ca = await throwawayCa('Throwaway platform CA')
})
afterEach(closeAll)

function tlsServer(pair: Pair): Promise<number> {
  return listen(createTlsServer(pair, (socket) => socket.on('error', () => undefined).end('hello')))
}

async function firstWords(route: Route): Promise<string> {
  const socket = await openTls(route)
  return new Promise((resolve) => socket.once('data', (data: Buffer) => resolve(data.toString())))
}

test('a platform whose certificate is right is reached', async () => {
  const port = await tlsServer(await ca.issue(['127.0.0.1']))
  expect(await firstWords(directTo(port, ca.cert))).toBe('hello')
})

test('a certificate of another authority is refused and its issuer named', async () => {
  const other = await throwawayCa('Corporate Inspection CA')
  const port = await tlsServer(await other.issue(['127.0.0.1']))
  const error = await errorOf(openTls(directTo(port, ca.cert)))
  expect(error.number).toBe(31)
  expect(error.message).toContain('"Corporate Inspection CA"')
  expect(error.message).toContain('Nothing was sent')
})

test('the name of an issuer cannot move the cursor or fill the screen', async () => {
  const hostile = await throwawayCa(`\u001b[2J\u202e${'A'.repeat(500)}`)
  const port = await tlsServer(await hostile.issue(['127.0.0.1']))
  const { message } = await errorOf(openTls(directTo(port, ca.cert)))
  expect(message).not.toMatch(/[\u0000-\u001f\u202e]/)
  expect(message.length).toBeLessThan(500)
})

test('a certificate that has ended is refused, with the clock that was used', async () => {
  const port = await tlsServer(await ca.issue(['127.0.0.1'], -1))
  const error = await errorOf(openTls(directTo(port, ca.cert)))
  expect(error.number).toBe(31)
  expect(error.message).toMatch(/not valid now: that ended .* the clock here says .* GMT/)
})

test('a certificate for another host is refused', async () => {
  const port = await tlsServer(await ca.issue(['platform.example.com']))
  const error = await errorOf(openTls(directTo(port, ca.cert)))
  expect(error.number).toBe(31)
  expect(error.message).toContain('is not for 127.0.0.1')
})

test('nobody listening is error 31', async () => {
  const error = await errorOf(openTls(directTo(await closedPort(), ca.cert)))
  expect(error.number).toBe(31)
  expect(error.message).toContain('the connection is refused')
})

test('a name that nobody knows is error 12', async () => {
  const host = simulatedHost({ platformPort: 1 })
  closeAfter(() => host.close())
  const route = { ...directTo(1), dialer: host.dialer, platform: new URL('https://nowhere.invalid') }
  const error = await errorOf(openTls(route))
  expect(error.number).toBe(12)
  expect(error.message).toContain('nowhere.invalid')
})

test('one who accepts and stays silent is given up', async () => {
  const port = await plainServer(() => undefined)
  const error = await errorOf(openTls({ ...directTo(port, ca.cert), timeoutMs: 300 }))
  expect(error.number).toBe(31)
  expect(error.message).toContain('no answer within')
})

test('one who does not speak TLS is told from one who is not there', async () => {
  const port = await plainServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  const error = await errorOf(openTls(directTo(port, ca.cert)))
  expect(error.number).toBe(31)
  expect(error.message).toContain('does not speak TLS')
})

test('one who hangs up is error 31', async () => {
  const port = await plainServer((socket) => socket.destroy())
  expect((await errorOf(openTls(directTo(port, ca.cert)))).number).toBe(31)
})

async function closedPort(): Promise<number> {
  const port = await plainServer(() => undefined)
  await closeAll()
  return port
}
