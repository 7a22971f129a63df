import type { Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { simulatedHost } from '../../src/host/simulated/host'
import { NtlmServer } from '../../src/host/simulated/proxy-ntlm'
import { openTls, type Route } from '../../src/link/connect'
import { enrol } from '../../src/link/enrol'
import { newKey } from '../../src/link/certificate-request'
import type { ProxySettings } from '../../src/settings/proxy-settings'
import { closeAfter, closeAll, directTo, errorOf, listen, plainServer, proxyThat, through } from './parties'
import { until } from '../until'
import { throwawayCa, type ThrowawayCa } from './throwaway-ca'

let ca: ThrowawayCa

beforeAll(async () => {
  ca = await throwawayCa('Throwaway platform CA')
})
afterEach(closeAll)

const PASSWORD = 'p$a;s"s`w {}!x'
const ACCOUNT = { user: 'PLANT\\sensor', password: PASSWORD }

/** A platform behind TLS that says hello. */
async function platform(): Promise<Route> {
  const pair = await ca.issue(['127.0.0.1'])
  const port = await listen(createTlsServer(pair, (socket) => socket.on('error', () => undefined).end('hello')))
  return directTo(port, ca.cert)
}

async function firstWords(route: Route): Promise<string> {
  const socket = await openTls(route)
  return new Promise((resolve) => socket.once('data', (data: Buffer) => resolve(data.toString())))
}

/** A proxy that answers every request with these bytes. */
function answering(answer: string | ((request: string) => string), thenCloses = true): Promise<number> {
  return plainServer((socket) => {
    socket.on('data', (data: Buffer) => {
      socket.write(typeof answer === 'string' ? answer : answer(data.toString('latin1')))
      if (thenCloses) socket.end()
    })
  })
}

const asks = (...schemes: string[]) =>
  `HTTP/1.1 407 No\r\n${schemes.map((scheme) => `Proxy-Authenticate: ${scheme}\r\n`).join('')}Content-Length: 0\r\n\r\n`

describe('the tunnel stands', () => {
  test.each<[string, Partial<ProxySettings>, 'none' | 'basic' | 'ntlm']>([
    ['without authentication', {}, 'none'],
    ['with Basic', { auth: 'basic', ...ACCOUNT }, 'basic'],
    ['with NTLM and domain\\user', { auth: 'ntlm', ...ACCOUNT }, 'ntlm'],
    ['with NTLM and another case of the name', { auth: 'ntlm', user: 'plant\\SENSOR', password: PASSWORD }, 'ntlm'],
    ['with a login that the proxy does not need', { auth: 'basic', ...ACCOUNT }, 'none'],
    ['with NTLM that the proxy does not need', { auth: 'ntlm', ...ACCOUNT }, 'none'],
  ])('%s', async (_, settings, auth) => {
    const route = await platform()
    const proxy = await proxyThat({ auth, account: ACCOUNT })
    expect(await firstWords(through(proxy, route, settings))).toBe('hello')
  })

  test('with NTLM and user@domain', async () => {
    const account = { user: 'sensor@plant.example', password: PASSWORD }
    const proxy = await proxyThat({ auth: 'ntlm', account })
    expect(await firstWords(through(proxy, await platform(), { auth: 'ntlm', ...account }))).toBe('hello')
  })

  test('with NTLM when a page comes in pieces with the challenge', async () => {
    // The page is bigger than what a socket holds at once, and the third message must still go the same way.
    const route = await platform()
    const page = 'x'.repeat(200_000)
    const proxy = await plainServer((socket) => {
      const ntlm = new NtlmServer()
      socket.on('data', (data: Buffer) => {
        const token = Buffer.from(/NTLM (\S+)/.exec(data.toString('latin1'))?.[1] ?? '', 'base64')
        const challenge = ntlm.challengeFor(token)
        if (challenge) {
          const offer = `Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM ${challenge.toString('base64')}\r\n`
          socket.write(`HTTP/1.1 407 No\r\n${offer}Content-Length: ${page.length}\r\n\r\n`)
          for (let at = 0; at < page.length; at += 10_000) socket.write(page.slice(at, at + 10_000))
        } else if (ntlm.accepts(token, ACCOUNT)) socket.end('HTTP/1.1 503 Busy\r\n\r\n')
        else socket.end('HTTP/1.1 407 No\r\n\r\n')
      })
    })
    const error = await errorOf(openTls(through(proxy, route, { auth: 'ntlm', ...ACCOUNT })))
    expect(error.message).toContain('503')
  })
})

describe('the settings are wrong', () => {
  test.each<[string, Partial<ProxySettings>, 'basic' | 'ntlm', number, RegExp]>([
    ['Basic, wrong password', { auth: 'basic', ...ACCOUNT, password: 'no' }, 'basic', 32, /user name or password/],
    ['NTLM, wrong password', { auth: 'ntlm', ...ACCOUNT, password: 'no' }, 'ntlm', 32, /user name or password/],
    ['NTLM, wrong user', { auth: 'ntlm', ...ACCOUNT, user: 'x' }, 'ntlm', 32, /user name or password/],
    ['no login where Basic is asked', {}, 'basic', 22, /offers Basic.*NoAuth is chosen/],
    ['no login where NTLM is asked', {}, 'ntlm', 22, /offers NTLM/],
    ['Basic where NTLM is asked', { auth: 'basic', ...ACCOUNT }, 'ntlm', 22, /does not take Basic; it offers NTLM/],
    ['NTLM where Basic is asked', { auth: 'ntlm', ...ACCOUNT }, 'basic', 33, /it offers Basic/],
    ['no user', { auth: 'ntlm', password: PASSWORD }, 'ntlm', 20, /user name/],
    ['no password', { auth: 'basic', user: 'sensor' }, 'basic', 21, /password/],
  ])('%s', async (_, settings, auth, number, reason) => {
    const proxy = await proxyThat({ auth, account: ACCOUNT })
    const error = await errorOf(openTls(through(proxy, await platform(), settings)))
    expect(error.number).toBe(number)
    expect(error.message).toMatch(reason)
  })
})

describe('the proxy is no use', () => {
  const ntlm = { auth: 'ntlm', ...ACCOUNT } as const
  test.each<[string, string, Partial<ProxySettings>, number, RegExp]>([
    ['only Negotiate', asks('Negotiate'), ntlm, 33, /offers Negotiate/],
    ['NTLM without a challenge', asks('NTLM'), ntlm, 33, /does not go on/],
    ['a damaged challenge', asks('NTLM TlRMTVNTUAACAAAA'), ntlm, 33, /damaged/],
    ['NTLMv1 only', asks(`NTLM ${oldChallenge(0x00000203)}`), ntlm, 33, /NTLMv1 only/],
    ['LM only', asks(`NTLM ${oldChallenge(0x00000001)}`), ntlm, 33, /LM only/],
    ['refuses the target', 'HTTP/1.1 403 Forbidden\r\n\r\n', {}, 32, /does not allow/],
    ['no CONNECT', 'HTTP/1.1 405 Method Not Allowed\r\n\r\n', {}, 32, /does not tunnel/],
    ['cannot reach the platform', 'HTTP/1.1 502 Bad Gateway\r\n\r\n', {}, 31, /answered 502 Bad Gateway/],
    ['is a web server', 'HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n', {}, 32, /answered 302/],
    ['is no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n', {}, 32, /not an HTTP proxy/],
    [
      'never ends its headers',
      `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`,
      {},
      32,
      /too long|not an HTTP proxy/,
    ],
    ['hangs up', '', {}, 32, /reset|closed/],
    ['talks inside the tunnel', 'HTTP/1.1 200 OK\r\n\r\nSSH-2.0-x\r\n', {}, 32, /talks inside/],
  ])('%s', async (_, answer, settings, number, reason) => {
    const error = await errorOf(openTls(through(await answering(answer), await platform(), settings)))
    expect(error.message).toMatch(reason)
    expect(error.number).toBe(number)
  })

  test('speaks SOCKS: said in so many words, and it heard nothing but our CONNECT and a greeting', async () => {
    const heard: string[] = []
    // RFC 1928: what does not begin with version 5 is hung up on.
    const proxy = await plainServer((socket) => {
      socket.once('data', (data: Buffer) => {
        heard.push(data.toString('latin1'))
        if (data[0] === 5) socket.write(Buffer.from([5, 0xff]))
        else socket.destroy()
      })
    })
    const error = await errorOf(openTls(through(proxy, await platform())))
    expect(error.number).toBe(22)
    expect(error.message).toContain('is a SOCKS proxy, and SOCKS is not supported')
    expect(heard[0]).toMatch(/^CONNECT /)
    expect(heard.slice(1)).toEqual(['\x05\x01\0'])
  })

  test('wants TLS on the way to itself', async () => {
    // RFC 8446 section 6: the alert unexpected_message, as a TLS server may answer to what is no TLS.
    const proxy = await answering('\x15\x03\x01\x00\x02\x02\x0a')
    const error = await errorOf(openTls(through(proxy, await platform())))
    expect(error.number).toBe(32)
    expect(error.message).toContain('it wants TLS on the way to itself')
  })

  test.each([
    ['ERR_DNS_FAIL 0', 'it does not find that name'],
    ['ERR_CONNECT_FAIL 110', 'it gets no connection to it'],
    ['ERR_ANYTHING <b>else</b>', '503 Service Unavailable.'],
  ])('says %s behind a 503', async (said, words) => {
    const proxy = await answering(`HTTP/1.1 503 No\r\nX-Squid-Error: ${said}\r\n\r\n`)
    const error = await errorOf(openTls(through(proxy, await platform())))
    expect(error.number).toBe(31)
    expect(error.message).toContain(words)
  })

  test('silent', async () => {
    const proxy = await plainServer(() => undefined)
    const route = { ...through(proxy, await platform()), timeoutMs: 300 }
    const error = await errorOf(openTls(route))
    expect(error.number).toBe(32)
    expect(error.message).toContain('no answer within')
  })

  test('answers one byte at a time, for ever', async () => {
    const proxy = await plainServer((socket) => {
      const drip = setInterval(() => socket.write('H'), 20)
      socket.on('close', () => clearInterval(drip))
    })
    const route = { ...through(proxy, await platform()), timeoutMs: 300 }
    expect((await errorOf(openTls(route))).number).toBe(32)
  })

  test('not there, and its name unknown', async () => {
    const gone = await plainServer(() => undefined)
    await closeAll()
    const route = await platform()
    expect((await errorOf(openTls(through(gone, route)))).number).toBe(32)
    const host = simulatedHost({ platformPort: 1 })
    closeAfter(() => host.close())
    const named = { ...through(443, route, { host: 'proxy.invalid' }), dialer: host.dialer }
    expect((await errorOf(openTls(named))).number).toBe(12)
  })

  test('any bytes at all end in an error of the catalogue', async () => {
    const route = { ...(await platform()), timeoutMs: 2000 }
    let answer = ''
    const proxy = await answering(() => answer)
    const part = fc.constantFrom(
      'HTTP/1.1 ',
      '200',
      '407',
      ' OK\r\n',
      '\r\n',
      'Content-Length: 5',
      'NTLM ',
      '\0',
      ':',
      'x',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 20 }), async (parts) => {
        answer = parts.join('')
        await errorOf(openTls(through(proxy, route, { auth: 'ntlm', ...ACCOUNT })))
      }),
      { numRuns: 50 },
    )
  })
})

describe('nothing secret gets out', () => {
  /** All the forms in which a password could be read from an error. */
  const forms = [
    PASSWORD,
    Buffer.from(PASSWORD).toString('base64'),
    Buffer.from(`${ACCOUNT.user}:${PASSWORD}`).toString('base64'),
    Buffer.from(PASSWORD).toString('hex'),
    Buffer.from(PASSWORD, 'utf16le').toString('base64'),
    Buffer.from(PASSWORD, 'utf16le').toString('latin1'),
  ]

  // A hostile proxy repeats what it was given, everywhere it can.
  const echo = (request: string) => /Proxy-Authorization: (\S+ \S+)/i.exec(request)?.[1] ?? ''
  const plain = (request: string) => Buffer.from(echo(request).split(' ')[1] ?? '', 'base64').toString('latin1')
  test.each<[string, (request: string) => string]>([
    ['status line', (request) => `HTTP/1.1 403 ${echo(request)}\r\n\r\n`],
    ['status line, decoded', (request) => `HTTP/1.1 500 ${plain(request)}\r\n\r\n`],
    ['a scheme', (request) => `HTTP/1.1 407 No\r\nProxy-Authenticate: ${echo(request)}\r\n\r\n`],
    ['a scheme of its own', (request) => `HTTP/1.1 407 No\r\nProxy-Authenticate: ${plain(request)}\r\n\r\n`],
    ['nonsense', (request) => `${echo(request)}\r\n${plain(request)}`],
    ['a broken header', (request) => `HTTP/1.1 200 OK\r\n${plain(request)}\r\n\r\n`],
    ['the tunnel', (request) => `HTTP/1.1 200 OK\r\n\r\n${plain(request)}`],
    ['a login page', (request) => `HTTP/1.1 407 No\r\nContent-Length: 400\r\n\r\n${plain(request)}`],
  ])('echoed in %s', async (_, answer) => {
    const route = await platform()
    for (const auth of ['basic', 'ntlm'] as const) {
      const error = await errorOf(openTls(through(await answering(answer), route, { auth, ...ACCOUNT })))
      const everything = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + error.stack
      for (const form of forms) expect(everything).not.toContain(form)
      // A buffer prints as hexadecimal pairs.
      expect(everything.replace(/[ \n]/g, '')).not.toContain(Buffer.from(PASSWORD).toString('hex'))
    }
  })
})

test('a proxy that opens TLS is named, and the code never reaches it', async () => {
  const route = await platform()
  const interceptor = await throwawayCa('Corporate Inspection CA')
  const decrypted: Buffer[] = []
  const opened: Socket[] = []
  // In TLS 1.2 the server has the last word, so it knows of every handshake that the client took for done.
  const pair = { ...(await interceptor.issue(['127.0.0.1'])), maxVersion: 'TLSv1.2' as const }
  const inside = createTlsServer(pair, (socket) => {
    opened.push(socket)
    socket.on('data', (data: Buffer) => decrypted.push(data))
    socket.on('error', () => undefined)
  })
  const proxy = await plainServer((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      inside.emit('connection', socket)
    })
  })
  const attempt = { id: '8a9a0b3c-6a39-4f0a-9c53-0b8a4e8fbb11', keyPem: await newKey() }
  const options = { code: '70192264604618', model: 'NPS 1G', serial: 'SIM-1', version: '0.1.0', attempt }
  const error = await errorOf(enrol({ ...options, route: through(proxy, route) }))
  expect(error.number).toBe(31)
  expect(error.message).toContain('"Corporate Inspection CA"')
  expect(error.message).toContain(`the proxy at 127.0.0.1:${proxy}`)
  expect(error.message).not.toContain(options.code)
  // The interception itself worked; only, there was nothing to see.
  await until(() => opened.length === 1 && opened[0]!.destroyed)
  expect(Buffer.concat(decrypted)).toHaveLength(0)
})

/** A CHALLENGE of 32 bytes with these flags, as servers of old sent it. */
function oldChallenge(flags: number): string {
  const message = Buffer.alloc(32)
  message.write('NTLMSSP\0', 'latin1')
  message.writeUInt32LE(2, 8)
  message.writeUInt32LE(flags, 20)
  return message.toString('base64')
}
