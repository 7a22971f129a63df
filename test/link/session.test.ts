import { createServer } from 'node:https'
import { WebSocketServer, type WebSocket } from 'ws'
import { simulatedHost } from '../../src/host/simulated/host'
import { Backoff } from '../../src/link/backoff'
import type { Credential, Route } from '../../src/link/connect'
import type { LinkTrouble } from '../../src/link/link-trouble'
import { Session, type SessionHandlers } from '../../src/link/session'
import { until } from '../until'
import { closeAfter, closeAll, directTo, listen } from './parties'
import { TestPlatform } from './real-platform'
import { throwawayCa, type Pair } from './throwaway-ca'

afterEach(closeAll)

/** A session that notes what happens to it. Beats and attempts come quickly, so that tests are short. */
class WatchedSession {
  readonly events: string[] = []
  readonly troubles: LinkTrouble[] = []
  readonly session: Session

  constructor(
    route: Route & Credential,
    handlers: Partial<SessionHandlers> = {},
    times: { answerSeconds?: number; backoff?: Backoff } = {},
  ) {
    this.session = new Session(
      route,
      {
        hello: () => ({
          version: '0.1.0',
          model: 'NPS 1G',
          sensing: 'Paused',
          configurationVersion: 0,
          address: '192.168.50.20',
          mac: '02:50:53:00:00:20',
        }),
        heartbeat: () => ({ sensing: 'Paused', counters: { packets: 7 } }),
        onUp: () => this.events.push('up'),
        onDown: (trouble, nextAttemptMs) => {
          if (this.events.at(-1) !== 'down') this.events.push('down')
          this.troubles.push(trouble)
          expect(nextAttemptMs).toBeGreaterThan(0)
        },
        onConfiguration: async ({ version }) => void this.events.push(`configuration ${version}`),
        onCommand: async (command) => void this.events.push(command),
        ...handlers,
      },
      { heartbeatSeconds: 0.1, answerSeconds: 5, backoff: new Backoff(20, 100), ...times },
    )
    closeAfter(() => this.session.stop())
    this.session.start()
  }

  happened(event: string): Promise<void> {
    return until(() => this.events.includes(event))
  }
}

describe('with the platform', () => {
  test('hello and heartbeat arrive, configuration and commands come down, and each is confirmed', async () => {
    const platform = await TestPlatform.start()
    const { sensorId, route } = await platform.registered()
    const watched = new WatchedSession(route)
    await watched.happened('up')
    expect(Math.abs(watched.session.skewMs)).toBeLessThan(60_000)

    await platform.operator('POST', `/sensors/${sensorId}/commands`, { command: 'start' })
    await watched.happened('start')
    const { configuration } = await platform.operator<{ configuration: { version: number; groups: object } }>(
      'GET',
      `/sensors/${sensorId}`,
    )
    const groups = { ...configuration.groups, inventoried: ['10.0.0.0/8'] }
    await platform.operator('PUT', `/sensors/${sensorId}/configuration`, { groups })
    await watched.happened(`configuration ${configuration.version + 1}`)

    await until(async () => {
      const seen = await platform.operator<{ sensor: object; commands: { command: string; ok?: boolean }[] }>(
        'GET',
        `/sensors/${sensorId}`,
      )
      const text = JSON.stringify(seen)
      return text.includes('"packets":7') && text.includes(`"configuredVersion":${configuration.version + 1}`)
    })
  })

  test('a command that fails is reported as failed and does not come again', async () => {
    const platform = await TestPlatform.start()
    const { sensorId, route } = await platform.registered()
    const watched = new WatchedSession(route, { onCommand: () => Promise.reject(new Error('the disk is full')) })
    await watched.happened('up')
    await platform.operator('POST', `/sensors/${sensorId}/commands`, { command: 'start' })
    await until(async () =>
      JSON.stringify(await platform.operator('GET', `/sensors/${sensorId}`)).includes('the disk is full'),
    )
  })

  test('it comes back when the platform does', async () => {
    const platform = await TestPlatform.start()
    const watched = new WatchedSession((await platform.registered()).route)
    await watched.happened('up')
    await platform.stop()
    await watched.happened('down')
    await until(() => watched.troubles.some(({ message }) => message.includes('the connection is refused')))
    expect(watched.troubles.every(({ number }) => number === 31)).toBe(true)
    await platform.restart()
    await until(() => watched.events.filter((event) => event === 'up').length === 2)
    expect(watched.session.isUp).toBe(true)
  })

  test('it notices that the cable is out, and comes back with it', async () => {
    const platform = await TestPlatform.start()
    const { route } = await platform.registered()
    const host = simulatedHost({ platformPort: Number(route.platform.port) })
    closeAfter(() => host.close())
    const watched = new WatchedSession({ ...route, dialer: host.dialer })
    await watched.happened('up')
    host.plug(false)
    await until(() => watched.troubles.some(({ message }) => message.includes('no way to its network')))
    host.plug(true)
    await until(() => watched.events.filter((event) => event === 'up').length === 2)
  })

  test('it does not wait for the backoff when asked to try now', async () => {
    const platform = await TestPlatform.start()
    const { route } = await platform.registered()
    await platform.stop()
    const anHour = new Backoff(3_600_000, 3_600_000, () => 1)
    const watched = new WatchedSession(route, {}, { backoff: anHour })
    await watched.happened('down')
    await platform.restart()
    watched.session.retryNow()
    await watched.happened('up')
  })

  test('it takes another way from one moment to the next', async () => {
    const platform = await TestPlatform.start()
    const { route } = await platform.registered()
    const watched = new WatchedSession({ ...route, platform: new URL('https://127.0.0.1:1') })
    await watched.happened('down')
    watched.session.use(route)
    await watched.happened('up')
  })

  test('deregistered, it is told so, says that it heard, and then is error 24', async () => {
    const platform = await TestPlatform.start()
    const { sensorId, route } = await platform.registered()
    const done: string[] = []
    const watched = new WatchedSession(route, { onDone: (command) => void done.push(command) })
    await watched.happened('up')
    await platform.operator('POST', `/sensors/${sensorId}/commands`, { command: 'deregister' })
    await watched.happened('deregister')
    await until(() => watched.troubles.some(({ number }) => number === 24))
    expect(done).toEqual(['deregister'])
  })

  test('a stranger’s certificate is error 24', async () => {
    const platform = await TestPlatform.start()
    const stranger = await (await throwawayCa('Other CA')).issue(['sensor'])
    const watched = new WatchedSession({ ...platform.route, ...stranger })
    await watched.happened('down')
    expect(watched.troubles[0]!.number).toBe(24)
  })
})

describe('with something else behind a right certificate', () => {
  test('garbage before the session', async () => {
    const { route } = await rogue((socket) => socket.terminate())
    const port = await listen(createServer(pair, (_request, response) => response.writeHead(503).end('busy')))
    const watched = new WatchedSession({ ...route, platform: new URL(`https://127.0.0.1:${port}`) })
    await watched.happened('down')
    expect(watched.troubles[0]).toMatchObject({ number: 31, message: expect.stringContaining('503') })
  })

  test('garbage instead of frames ends the session, and it tries again', async () => {
    const { route, connections } = await rogue((socket) => {
      ;(socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.alloc(64, 0xff))
    })
    const watched = new WatchedSession(route)
    await until(() => connections.length >= 3)
    expect(watched.troubles[0]).toMatchObject({ number: 31, message: expect.stringContaining('garbled') })
    expect(watched.events).not.toContain('up')
  })

  test('messages that make no sense are counted and change nothing', async () => {
    const { route } = await rogue((socket) => {
      const id = crypto.randomUUID()
      for (const text of [
        '',
        'null',
        '[]',
        '{"type":"configuration"}',
        `{"type":"command","id":"x","command":"start"}`,
      ]) {
        socket.send(text)
      }
      socket.send(Buffer.from([1, 2, 3]))
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as { type: string; id?: string; ok?: boolean }
        // A command of tomorrow is answered, so that it does not come for ever.
        if (message.type === 'hello') socket.send(JSON.stringify({ type: 'command', id, command: 'dance' }))
        if (message.type === 'done' && message.id === id && message.ok === false) {
          socket.send(JSON.stringify({ type: 'heard', atMs: Date.now() }))
        }
      })
    })
    const watched = new WatchedSession(route)
    await watched.happened('up')
    expect(watched.session.misunderstood).toBe(7)
    expect(watched.events).toEqual(['up'])
  })

  test('a platform that takes the session and stays silent never counts as up', async () => {
    const { route, connections } = await rogue(() => undefined)
    const watched = new WatchedSession(route, {}, { answerSeconds: 0.1 })
    await until(() => connections.length >= 2)
    expect(watched.events).toEqual(['down'])
    expect(watched.troubles[0]!.message).toContain('no answer within 0.1 s')
  })

  test('a platform that falls silent later is noticed', async () => {
    const { route } = await rogue((socket) => {
      let beats = 0
      socket.on('message', () => ++beats <= 3 && socket.send(JSON.stringify({ type: 'heard', atMs: 0 })))
    })
    const watched = new WatchedSession(route, {}, { answerSeconds: 0.1 })
    await until(() => watched.events.length >= 2)
    expect(watched.events.slice(0, 2)).toEqual(['up', 'down'])
  })

  test('a command sent twice is carried out once and answered twice', async () => {
    const answers: string[] = []
    const { route } = await rogue((socket) => {
      const command = JSON.stringify({ type: 'command', id: '7d9f1f6e-3c1b-4f0e-9c53-0b8a4e8fbb11', command: 'start' })
      socket.on('message', (data) => {
        const { type } = JSON.parse(String(data)) as { type: string }
        if (type === 'hello') for (let i = 0; i < 2; i++) socket.send(command)
        if (type === 'done') answers.push(String(data))
      })
    })
    const watched = new WatchedSession(route)
    await until(() => answers.length === 2)
    expect(watched.events.filter((event) => event === 'start')).toHaveLength(1)
    expect(answers[0]).toBe(answers[1])
  })
})

test('only a platform that has answered ends the backoff: one that hangs up at once is not asked faster and faster', async () => {
  class CountingBackoff extends Backoff {
    resets = 0
    override reset(): void {
      this.resets++
      super.reset()
    }
  }
  const [hangsUp, answers] = [new CountingBackoff(20, 100), new CountingBackoff(20, 100)]
  const rude = await rogue((socket) => socket.close(1001))
  new WatchedSession(rude.route, {}, { backoff: hangsUp })
  await until(() => rude.connections.length >= 4)
  expect(hangsUp.resets).toBe(0)
  const { route } = await rogue((socket) => {
    socket.on('message', () => socket.send(JSON.stringify({ type: 'heard', atMs: 0 })))
  })
  await new WatchedSession(route, {}, { backoff: answers }).happened('up')
  expect(answers.resets).toBeGreaterThan(0)
})

test('backoff doubles its bound up to the cap, is spread over all of it, and begins again', () => {
  const highest = new Backoff(1000, 300_000, () => 1)
  expect(Array.from({ length: 11 }, () => highest.next())).toEqual([
    1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000,
  ])
  highest.reset()
  expect(highest.next()).toBe(1000)
  const lowest = new Backoff(1000, 300_000, () => 0)
  expect(lowest.next()).toBe(100)
})

let pair: Pair
let trusted: string
beforeAll(async () => {
  const ca = await throwawayCa('Throwaway platform CA')
  trusted = ca.cert
  pair = await ca.issue(['127.0.0.1'])
})

/** A platform that accepts every session and does with it what `serve` does. */
async function rogue(serve: (socket: WebSocket) => void) {
  const connections: WebSocket[] = []
  const server = createServer(pair)
  new WebSocketServer({ server }).on('connection', (socket) => {
    socket.on('error', () => undefined)
    connections.push(socket)
    serve(socket)
  })
  const port = await listen(server)
  return { connections, route: { ...directTo(port, trusted), ...pair } }
}
