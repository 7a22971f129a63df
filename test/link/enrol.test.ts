import { X509Certificate } from 'node:crypto'
import { createServer, type ServerOptions } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { newKey } from '../../src/link/certificate-request'
import { enrol, type EnrolOptions } from '../../src/link/enrol'
import { closeAll, directTo, errorOf, listen, proxyThat, through } from './parties'
import { TestPlatform } from './real-platform'
import { throwawayCa } from './throwaway-ca'

afterEach(closeAll)

describe('with the platform', () => {
  test('a good code is exchanged for the sensor’s own certificate', async () => {
    const platform = await TestPlatform.start()
    const { code, sensorId } = await platform.newSensor(true)
    const options = await platform.enrolOptions(code)
    const { answer, keyPem } = await enrol(options)
    expect(answer).toMatchObject({ sensorId, name: 'Plant 2', startSensing: true })
    expect(keyPem).toBe(options.attempt.keyPem)
    expect(new X509Certificate(answer.certificate).subject).toContain(sensorId)
  })

  test('an attempt whose answer was lost is answered again; another attempt finds the code burned', async () => {
    const platform = await TestPlatform.start()
    const { code } = await platform.newSensor()
    const options = await platform.enrolOptions(code)
    const first = await enrol(options)
    expect((await enrol(options)).answer.certificate).toBe(first.answer.certificate)
    const error = await errorOf(enrol(await platform.enrolOptions(code)))
    expect(error.number).toBe(23)
    expect(error.message).toContain('used already')
  })

  test('a code that the platform never made is error 23', async () => {
    const platform = await TestPlatform.start()
    expect((await errorOf(enrol(await platform.enrolOptions('12345678912345')))).number).toBe(23)
  })

  test.each(['1234567891234', '123456789123456', '1234567891234x', '１２３４５６７８９１２３４５'])(
    'what is not 14 digits is error 23 and goes nowhere: %s',
    async (code) => {
      const { route, ...rest } = await optionsFor(1)
      expect((await errorOf(enrol({ ...rest, route, code }))).number).toBe(23)
    },
  )

  test('a platform that is gone is error 31, and the code still works after it is back', async () => {
    const platform = await TestPlatform.start()
    const { code } = await platform.newSensor()
    const options = await platform.enrolOptions(code)
    await platform.stop()
    expect((await errorOf(enrol(options))).number).toBe(31)
    await platform.restart()
    expect((await enrol(options)).answer.name).toBe('Plant 2')
  })

  test('through a proxy with NTLM', async () => {
    const platform = await TestPlatform.start()
    const { code } = await platform.newSensor()
    const account = { user: 'PLANT\\sensor', password: 'secret' }
    const proxy = await proxyThat({ auth: 'ntlm', account })
    const route = through(proxy, platform.route, { auth: 'ntlm', ...account })
    expect((await enrol({ ...(await platform.enrolOptions(code)), route })).answer.name).toBe('Plant 2')
  })
})

describe('with something else behind a right certificate', () => {
  const refusal = (status: number, refused: string, reason: string) => JSON.stringify({ status, refused, reason })
  test.each<[string, number, string, number, RegExp]>([
    ['refuses', 403, refusal(403, 'refused', 'the licence is used up'), 24, /the licence is used up/],
    [
      'refuses with control characters',
      403,
      refusal(403, 'refused', '\u001b[2Jno'),
      24,
      /registration is refused: \[2Jno\./,
    ],
    ['repeats the code', 403, refusal(403, 'code', 'what is 70192264604618?'), 23, /what is \(code\)\?/],
    ['is another web site', 404, '<html>', 31, /404 Not Found/],
    ['is broken', 500, '', 31, /500 Internal Server Error/],
    ['answers nonsense', 200, '{"sensorId":1}', 31, /makes no sense/],
    ['never ends its answer', 200, 'x'.repeat(300_000), 31, /too long/],
  ])('%s', async (_, status, body, number, reason) => {
    const options = await optionsFor(await httpsServer((_request, response) => response.writeHead(status).end(body)))
    const error = await errorOf(enrol(options))
    expect(error.message).toMatch(reason)
    expect(error.number).toBe(number)
    expect(inspect(error, { depth: 20 })).not.toContain(options.code)
  })

  test('gives the certificate of another key', async () => {
    const other = await (await throwawayCa('x')).issue(['y'])
    const answer = { sensorId: crypto.randomUUID(), name: 'n', certificate: other.cert, startSensing: false }
    const port = await httpsServer((_request, response) => response.end(JSON.stringify(answer)))
    const error = await errorOf(enrol(await optionsFor(port)))
    expect(error.number).toBe(24)
    expect(error.message).toContain('not for the key')
  })

  test('hangs up in the middle of its answer', async () => {
    const port = await httpsServer((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('{')
      response.socket?.end()
    })
    expect((await errorOf(enrol(await optionsFor(port)))).number).toBe(31)
  })

  test('the code is sent once', async () => {
    const bodies: string[] = []
    const port = await httpsServer((request, response) => {
      request.on('data', (data) => bodies.push(String(data)))
      request.on('end', () => response.socket?.destroy())
    })
    const options = await optionsFor(port)
    expect((await errorOf(enrol(options))).number).toBe(31)
    expect(bodies.filter((body) => body.includes(options.code))).toHaveLength(1)
    expect(bodies.join('')).not.toContain('PRIVATE')
  })
})

let tls: ServerOptions
let trusted = ''
beforeAll(async () => {
  const ca = await throwawayCa('Throwaway platform CA')
  trusted = ca.cert
  tls = await ca.issue(['127.0.0.1'])
})

function httpsServer(serve: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  return listen(createServer(tls, serve))
}

async function optionsFor(port: number): Promise<EnrolOptions> {
  const attempt = { id: crypto.randomUUID(), keyPem: await newKey() }
  const route = directTo(port, trusted)
  return { route, code: '70192264604618', model: 'NPS 1G', serial: 'SIM-1', version: '0.1.0', attempt }
}
