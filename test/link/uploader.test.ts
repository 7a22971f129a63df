import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Backoff } from '../../src/link/backoff'
import type { Credential, Route } from '../../src/link/connect'
import type { LinkTrouble } from '../../src/link/link-trouble'
import { Uploader } from '../../src/link/uploader'
import { decodeBatch } from '../../src/report/batch-format/decode'
import { Spool } from '../../src/report/spool/spool'
import { SpoolWriter } from '../../src/report/spool/spool-writer'
import type { Batch } from '../../src/report/summary'
import { fingerprinted, unfingerprinted } from '../report/a-machine'
import { until } from '../until'
import { closeAfter, closeAll, directTo, listen, plainServer, proxyThat, through } from './parties'
import { TestPlatform } from './real-platform'
import { throwawayCa, type Pair } from './throwaway-ca'

let pair: Pair
let trusted: string
beforeAll(async () => {
  const ca = await throwawayCa('Throwaway platform CA')
  trusted = ca.cert
  pair = await ca.issue(['127.0.0.1'])
})

let folder: string
let spool: Spool
let writer: SpoolWriter
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-spool-'))
  closeAfter(() => rmSync(folder, { recursive: true, force: true }))
  spool = new Spool(folder)
  writer = new SpoolWriter(folder)
})
afterEach(closeAll)

function batch(packets = 1): Batch {
  const client = { class: 'inventoried', name: '10.0.0.9' } as const
  const server = { class: 'external', name: 'External' } as const
  const counts = { c2sPackets: packets, s2cPackets: 0, c2sBytes: 60 * packets, s2cBytes: 0 }
  const flow = { client, server, port: 443, proto: 'tcp', ...counts, firstMs: 1000, lastMs: 2000 } as const
  return { id: randomUUID(), kind: 'update', fromMs: 1000, untilMs: 2000, flows: [flow], assets: [], machines: [] }
}

function uploader(route: Route & Credential, backoff = new Backoff(10, 50), mayTellClues = true) {
  const troubles: LinkTrouble[] = []
  const uploaded: string[] = []
  const refused: string[] = []
  const handlers = {
    onUploaded: (id: string) => void uploaded.push(id),
    mayTellClues: () => mayTellClues,
    onTrouble: (trouble: LinkTrouble) => void troubles.push(trouble),
    onRefused: (id: string, reason: string) => void refused.push(`${id} ${reason}`),
  }
  const it = new Uploader(spool, route, handlers, backoff)
  closeAfter(() => it.stop())
  it.start()
  return { it, troubles, uploaded, refused }
}

/** A platform that keeps what it is sent, and answers as `answer` does. */
async function store(answer: (request: IncomingMessage, response: ServerResponse, isNew: boolean) => void) {
  const kept: string[] = []
  const bodies: Batch[] = []
  const connections = new Set<unknown>()
  const server = createServer(pair, (request, response) => {
    connections.add(request.socket)
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = decodeBatch(Buffer.concat(parts))
      const { id } = body
      expect(request.url).toBe(`/api/v1/batches/${id}`)
      const isNew = !kept.includes(id)
      if (isNew) kept.push(id)
      bodies.push(body)
      answer(request, response, isNew)
    })
  })
  const port = await listen(server)
  return { kept, bodies, connections, route: { ...directTo(port, trusted), ...pair } }
}

async function fill(count: number): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i++) ids.push(await writer.write(batch()))
  return ids
}

test('the platform gets every batch once and shows its flows; the spool is empty afterwards', async () => {
  const platform = await TestPlatform.start()
  const { route } = await platform.registered()
  await writer.write(batch(3))
  await writer.write(batch(4))
  const { it } = uploader(route)
  await until(() => it.uploadedBatches === 2)
  expect(await spool.list()).toEqual([])
  const flows = JSON.stringify(await platform.operator('GET', '/flows'))
  expect(flows).toContain('10.0.0.9')

  const [third] = await fill(1)
  it.kick()
  await until(() => it.uploadedBatches === 3)
  expect(third).toBeDefined()
  expect(it.uploadedBytes).toBeGreaterThan(0)
})

test('what was written while there was consent to tell clues is sent without them once there is none (R-165)', async () => {
  const { bodies, route } = await store((_, response) => response.writeHead(201).end('{}'))
  for (const mayTell of [true, false]) {
    await writer.write({ ...batch(), machines: [fingerprinted('10.0.0.1')] })
    const { it, uploaded } = uploader(route, undefined, mayTell)
    await until(() => uploaded.length === 1)
    await it.stop()
  }
  expect(bodies.map(({ machines }) => machines)).toMatchObject([
    [{ said: fingerprinted('10.0.0.1').said }],
    [{ said: unfingerprinted('10.0.0.1').said }],
  ])
})

test('oldest first, over one connection', async () => {
  const { kept, connections, route } = await store((_, response) => response.writeHead(201).end('{}'))
  const ids = await fill(5)
  const { uploaded } = uploader(route)
  await until(() => uploaded.length === 5)
  expect(kept).toEqual(ids)
  expect(connections.size).toBe(1)
})

test('a platform that dies after storing, before answering, has each batch exactly once', async () => {
  let deaths = 0
  const { kept, route } = await store((request, response, isNew) => {
    if (isNew) {
      deaths++
      request.socket.destroy()
    } else response.writeHead(200).end('{}')
  })
  const ids = await fill(4)
  const { uploaded } = uploader(route)
  await until(() => uploaded.length === 4)
  expect(kept).toEqual(ids)
  expect(uploaded).toEqual(ids)
  expect(deaths).toBe(4)
})

test('a platform that dies in the middle of the request loses nothing', async () => {
  const { kept, route } = await store((_, response) => response.writeHead(201).end('{}'))
  let cuts = 0
  const cutting = createServer(pair, (request) => request.once('data', () => (cuts++, request.socket.destroy())))
  const cutPort = await listen(cutting)
  const ids = await fill(2)
  const { it, troubles, uploaded } = uploader({ ...route, platform: new URL(`https://127.0.0.1:${cutPort}`) })
  await until(() => cuts >= 2)
  expect(await spool.list()).toHaveLength(2)
  it.use(route)
  await until(() => uploaded.length === 2)
  expect(kept).toEqual(ids)
  expect(troubles[0]!.number).toBe(31)
})

test('what the platform calls malformed is moved aside, once, and the rest goes on', async () => {
  let bad = ''
  const { kept, route } = await store((request, response) => {
    if (!request.url!.endsWith(bad)) return response.writeHead(201).end('{}')
    response.writeHead(400).end(JSON.stringify({ refused: 'refused', reason: 'not a batch' }))
  })
  const ids = await fill(3)
  bad = ids[1]!
  const { it, uploaded, refused } = uploader(route)
  await until(() => uploaded.length === 2)
  expect(refused).toEqual([`${bad} not a batch`])
  expect(it.refusedBatches).toBe(1)
  expect(await spool.list()).toEqual([])
  expect(kept).toEqual(ids)
})

test('a 400 that is not the platform’s own word moves nothing aside', async () => {
  let answers = 0
  const { route } = await store((_, response) => {
    answers++
    response.writeHead(400).end('<html>Bad Request</html>')
  })
  await fill(1)
  const { troubles } = uploader(route)
  await until(() => answers >= 3)
  expect(await spool.list()).toHaveLength(1)
  expect(troubles[0]).toMatchObject({ number: 31, message: expect.stringContaining('400') })
})

test('a sensor that is not known any more is error 24, and keeps its batches', async () => {
  const { route } = await store((_, response) => response.writeHead(403).end('{}'))
  await fill(1)
  const { troubles } = uploader(route)
  await until(() => troubles.length > 0)
  expect(troubles[0]!.number).toBe(24)
  expect(await spool.list()).toHaveLength(1)
})

test('a batch damaged on disk does not hold up the others', async () => {
  const { route } = await store((_, response) => response.writeHead(201).end('{}'))
  const ids = await fill(2)
  const [first] = readdirSync(folder).sort()
  writeFileSync(join(folder, first!), 'damaged')
  const { uploaded } = uploader(route)
  await until(() => uploaded.length === 1)
  expect(uploaded).toEqual([ids[1]])
})

test('the platform away: everything waits on disk, and goes when it is back', async () => {
  const platform = await TestPlatform.start()
  const { route } = await platform.registered()
  await platform.stop()
  await fill(3)
  const { it, troubles } = uploader(route)
  await until(() => troubles.length >= 2)
  expect(await spool.list()).toHaveLength(3)
  await platform.restart()
  await until(() => it.uploadedBatches === 3)
})

test('a kick does not shorten the backoff, a retry does', async () => {
  const { kept, route } = await store((_, response) => response.writeHead(201).end('{}'))
  const gone = { ...route, dialer: { connect: () => Promise.reject(Object.assign(new Error(), { code: 'ENETDOWN' })) } }
  const { it, troubles } = uploader(gone, new Backoff(3_600_000, 3_600_000, () => 1))
  await fill(1)
  it.kick()
  await until(() => troubles.length === 1)
  it.kick()
  it.kick()
  it.retryNow()
  await until(() => troubles.length === 2)
  it.use(route)
  await until(() => kept.length === 1)
  expect(troubles).toHaveLength(2)
})

test('through a proxy, with a login', async () => {
  const { kept, route } = await store((_, response) => response.writeHead(201).end('{}'))
  const account = { user: 'sensor', password: 'secret' }
  const proxy = await proxyThat({ auth: 'basic', account })
  await fill(1)
  uploader({ ...route, ...through(proxy, route, { auth: 'basic', ...account }) } as Route & Credential)
  await until(() => kept.length === 1)
})

test('stopped while the connection is still being made, it does not wait for it', async () => {
  let accepted = 0
  const silent = await plainServer(() => accepted++)
  await fill(1)
  const { it } = uploader({ ...directTo(silent, trusted), ...pair, timeoutMs: 3_600_000 })
  await until(() => accepted === 1)
  await it.stop()
  expect(await spool.list()).toHaveLength(1)
})

test('stopped in the middle, it keeps the batch', async () => {
  let asked = 0
  const { route } = await store(() => asked++)
  await fill(1)
  const { it, uploaded } = uploader(route)
  await until(() => asked === 1)
  await it.stop()
  expect(uploaded).toEqual([])
  expect(await spool.list()).toHaveLength(1)
  expect(existsSync(folder)).toBe(true)
})
