import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { BATCH_TYPE, Refusal } from '../../src/link/messages'
import { encodeBatch } from '../../src/report/batch-format/encode'
import type { MachineSummary } from '../../src/report/summary'
import { newBatch, newFlow, newKeyAndRequest, TestPlatform, type TestSensor } from './client'

let nps: TestPlatform
let sensor: TestSensor
beforeEach(async () => {
  nps = await new TestPlatform().start()
  sensor = await nps.newSensor()
})
afterEach(() => nps.end())

const flows = async (query = '') => (await nps.operate('GET', `/flows${query}`)).value

test('a batch is kept once, however often it comes', async () => {
  const batch = newBatch()
  expect((await nps.upload(batch, sensor.credential)).status).toBe(201)
  expect((await nps.upload(batch, sensor.credential)).status).toBe(200)
  const together = await Promise.all(Array.from({ length: 4 }, () => nps.upload(batch, sensor.credential)))
  expect(together.map((reply) => reply.status)).toEqual([200, 200, 200, 200])
  expect((await flows()).total).toBe(1)
})

test('a batch that came as JSON is known when it comes again in the format that there is now', async () => {
  const batch = newBatch({ flows: [newFlow({ port: 2 }), newFlow({ port: 1 })] })
  expect((await nps.uploadJson(batch, sensor.credential)).status).toBe(201)
  expect((await nps.upload(batch, sensor.credential)).status).toBe(200)
  expect((await flows()).total).toBe(2)
})

test('others are served while a large batch comes in, and a batch that was interrupted goes on where it stood', async () => {
  const rows = 9000
  const batch = newBatch({
    flows: Array.from({ length: rows }, (_, n) => newFlow({ port: n, service: { app: 'https', by: 'port' } })),
    assets: Array.from({ length: 600 }, (_, n) => ({
      address: `10.0.${n >> 8}.${n & 255}`,
      mac: '',
      firstMs: 1,
      lastMs: 2,
    })),
  })
  const cutOff = nps.upload(batch, sensor.credential).then(
    (reply) => reply.status,
    () => 0,
  )
  let seen = 0
  while (seen === 0) seen = (await flows('?limit=1')).total
  expect(seen).toBeLessThan(rows)
  await nps.stop()
  expect(await cutOff).not.toBe(201)
  await nps.start()
  const kept = (await flows('?limit=1')).total
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(rows)
  expect((await nps.upload(batch, sensor.credential)).status).toBe(201)
  expect((await nps.upload(batch, sensor.credential)).status).toBe(200)
  const listed = await flows('?limit=1000')
  expect(listed.total).toBe(rows)
  expect((await nps.operate('GET', '/assets')).value.total).toBe(600)
  const ports = new Set<number>()
  for (let offset = 0; offset < rows; offset += 1000) {
    for (const { port } of (await flows(`?limit=1000&offset=${offset}`)).flows) ports.add(port)
  }
  expect(ports.size).toBe(rows)
})

test('when too many come at once, some are told to come again, and then get through', async () => {
  const batches = Array.from({ length: 40 }, () => newBatch())
  const first = await Promise.all(batches.map((batch) => nps.upload(batch, sensor.credential)))
  const statuses = new Set(first.map((reply) => reply.status))
  expect([...statuses].sort()).toEqual([201, 503])
  for (const batch of batches) expect([200, 201]).toContain((await nps.upload(batch, sensor.credential)).status)
  expect((await flows()).total).toBe(40)
})

test('an id is unique for its sensor only', async () => {
  const other = await nps.newSensor('other')
  const batch = newBatch()
  expect((await nps.upload(batch, sensor.credential)).status).toBe(201)
  expect((await nps.upload(batch, other.credential)).status).toBe(201)
  expect((await flows(`?sensor=${other.id}`)).total).toBe(1)
})

test('the listing has the columns of R-179', async () => {
  await nps.upload(newBatch(), sensor.credential)
  expect((await flows()).flows).toEqual([
    {
      timestamp: 'Mar 02 2022 13:42',
      thisAsset: '10.1.1.1',
      role: 'Client',
      fromTo: 'External',
      protocol: 'tcp',
      port: 443,
      ingress: 6205,
      egress: 1925,
      total: 8130,
      ingressText: '6.06 KB',
      egressText: '1.88 KB',
      totalText: '7.94 KB',
      ingressPackets: 14,
      egressPackets: 12,
      firstMs: Date.UTC(2022, 2, 2, 13, 41),
      lastMs: Date.UTC(2022, 2, 2, 13, 42),
      thisClass: 'inventoried',
      fromToClass: 'external',
      sensorId: sensor.id,
      sensor: 'Hall 4',
    },
  ])
})

test('the application comes through, and is absent while it is unknown', async () => {
  const known = newFlow({ service: { app: 'https', by: 'payload' }, lastMs: 2 })
  const guessed = newFlow({ service: { app: 'ssh', by: 'port' }, lastMs: 1 })
  await nps.upload(newBatch({ flows: [known, guessed, newFlow({ lastMs: 0 })] }), sensor.credential)
  const rows: { service?: unknown }[] = (await flows()).flows
  expect(rows.map((row) => row.service)).toEqual([known.service, guessed.service, undefined])
})

test('a flow between two internal ends is a row for each, from its own side', async () => {
  const flow = newFlow({ server: { class: 'non-inventoried', name: '10.2.2.2' } })
  await nps.upload(newBatch({ flows: [flow] }), sensor.credential)
  expect((await flows()).flows).toMatchObject([
    { thisAsset: '10.1.1.1', role: 'Client', fromTo: '10.2.2.2', ingress: 6205, egress: 1925, ingressPackets: 14 },
    { thisAsset: '10.2.2.2', role: 'Server', fromTo: '10.1.1.1', ingress: 1925, egress: 6205, ingressPackets: 12 },
  ])
})

test('a flow that was opened from outside is a row of the internal server', async () => {
  const flow = newFlow({
    client: { class: 'external', name: 'External' },
    server: { class: 'inventoried', name: '10.3.3.3' },
  })
  await nps.upload(newBatch({ flows: [flow] }), sensor.credential)
  expect((await flows()).flows).toMatchObject([{ thisAsset: '10.3.3.3', role: 'Server', fromTo: 'External' }])
})

test('a flow with no internal end is still in one row', async () => {
  const flow = newFlow({
    client: { class: 'excluded', name: 'Excluded' },
    server: { class: 'monitored', name: '31.13.65.36', group: 'social-media' },
  })
  await nps.upload(newBatch({ flows: [flow] }), sensor.credential)
  expect((await flows()).flows).toMatchObject([
    { thisAsset: 'Excluded', role: 'Client', fromTo: '31.13.65.36', group: 'social-media' },
  ])
})

test('the listing is newest first, in pages, and filtered', async () => {
  const at = Date.UTC(2022, 2, 2)
  const many = Array.from({ length: 60 }, (_, n) =>
    newFlow({
      client: { class: 'inventoried', name: `10.1.1.${n % 3}` },
      server: n % 2 === 0 ? { class: 'external', name: 'External' } : { class: 'excluded', name: 'Excluded' },
      port: n % 5,
      proto: n % 4 === 0 ? 'udp' : 'tcp',
      // Not in the order of arrival.
      lastMs: at + ((n * 37) % 60) * 1000,
    }),
  )
  await nps.upload(newBatch({ flows: many.slice(0, 30) }), sensor.credential)
  await nps.upload(newBatch({ flows: many.slice(30) }), sensor.credential)
  const all = await flows('?limit=1000')
  const times = all.flows.map((row: { lastMs: number }) => row.lastMs)
  expect(times).toEqual([...times].sort((a, b) => b - a))
  expect(all.total).toBe(60)
  const pages = await Promise.all([0, 25, 50].map((offset) => flows(`?limit=25&offset=${offset}`)))
  expect(pages.flatMap((page) => page.flows)).toEqual(all.flows)

  const matching = async (query: string, holds: (flow: (typeof many)[number]) => boolean) => {
    const expected = many.filter(holds).length
    expect(expected).toBeGreaterThan(0)
    expect({ query, total: (await flows(query)).total }).toEqual({ query, total: expected })
  }
  await matching('?asset=10.1.1.1', (flow) => flow.client.name === '10.1.1.1')
  await matching('?port=0', (flow) => flow.port === 0)
  await matching('?proto=udp', (flow) => flow.proto === 'udp')
  await matching('?class=excluded', (flow) => flow.server.class === 'excluded')
  await matching('?from=2022-03-02T00:00:10Z', (flow) => flow.lastMs >= at + 10_000)
  await matching(`?until=${at + 9_000}`, (flow) => flow.lastMs <= at + 9_000)
  await matching(
    `?sensor=${sensor.id}&asset=10.1.1.2&proto=tcp&port=&from=2022-03-02T00:00`,
    (flow) => flow.client.name === '10.1.1.2' && flow.proto === 'tcp',
  )
  expect((await flows(`?sensor=${randomUUID()}`)).total).toBe(0)
})

test.each(['port=x', 'port=70000', 'proto=icmp', 'class=any', 'from=yesterday', 'limit=0', 'offset=-1', 'limit=5000'])(
  'the query %s is refused',
  async (query) => {
    const { status, value } = await nps.operate('GET', `/flows?${query}`)
    expect(status).toBe(400)
    expect(value.error).toContain(query.split('=')[0])
  },
)

test('an asset keeps its first and last time and the MAC seen last, whatever order batches come in', async () => {
  const seen = (mac: string, firstMs: number, lastMs: number) =>
    newBatch({ flows: [], assets: [{ address: '10.1.1.1', mac, firstMs, lastMs }] })
  await nps.upload(seen('00:00:00:00:00:02', 200, 300), sensor.credential)
  await nps.upload(seen('00:00:00:00:00:01', 100, 150), sensor.credential)
  await nps.upload(seen('', 250, 400), sensor.credential)
  expect((await nps.operate('GET', '/assets')).value).toMatchObject({
    total: 1,
    assets: [{ address: '10.1.1.1', mac: '00:00:00:00:00:02', firstMs: 100, lastMs: 400, sensorId: sensor.id }],
  })
})

test('a time that was ahead of ours by more than a day does not last: what is told later counts', async () => {
  const [mac, other] = ['00:1b:21:00:00:01', '00:1b:21:00:00:02']
  const told = (atMs: number, own: string, value: string) => {
    const times = { firstMs: atMs, lastMs: atMs }
    const asset = { address: '10.1.1.1', mac: own, ...times }
    const attributes = [{ kind: 'hostname', value, confidence: 80, source: 'dhcp', atMs, clue: '' }]
    const machine = { id: own, addresses: ['10.1.1.1'], macs: [own], isGateway: false, ...times, attributes }
    return nps.upload(
      newBatch({ flows: [], assets: [asset], machines: [{ ...machine, said: [], reasons: [] }] }),
      sensor.credential,
    )
  }
  const listed = async () => (await nps.operate('GET', '/assets')).value.assets
  const nowMs = Math.floor(Date.now() / 1000) * 1000
  await told(nowMs + 30 * 86_400_000, mac, 'then')
  await told(nowMs, mac, 'now')
  expect(await listed()).toMatchObject([{ lastMs: nowMs, mac, machine: mac, attributes: [{ value: 'now' }] }])
  await told(nowMs + 30 * 86_400_000, mac, 'then')
  await told(nowMs, other, 'another')
  expect(await listed()).toMatchObject([
    { lastMs: nowMs, mac: other, machine: other, attributes: [{ value: 'another' }] },
  ])
  await told(nowMs - 1000, other, 'earlier')
  expect(await listed()).toMatchObject([{ lastMs: nowMs, mac: other, attributes: [{ value: 'another' }] }])
})

describe('machines', () => {
  const CARD = '00:1b:21:10:00:07'
  const said = (kind: string, value: string) => ({ kind, value, confidence: 80, source: 'dhcp', atMs: 5 })
  const machineOf = (id: string, addresses: string[], lastMs: number, value = 'desk'): MachineSummary => ({
    id,
    addresses,
    macs: id === CARD ? [CARD] : [],
    isGateway: false,
    firstMs: 1,
    lastMs,
    attributes: [{ ...said('hostname', value), clue: '' }],
    said: [
      said('hostname', value),
      said('service', 'tcp/22 ssh'),
      { ...said('service', 'tcp/22 ssh'), source: 'mdns' },
      { ...said('http-agent', 'curl/8'), confidence: 0 },
    ],
    reasons: ['an address goes by the same hostname desk'],
  })
  const asset = (address: string) => ({ address, mac: '', firstMs: 1, lastMs: 2 })
  const tell = async (...machines: MachineSummary[]) =>
    expect((await nps.upload(newBatch({ flows: [], machines }), sensor.credential)).status).toBe(201)
  const listed = async () =>
    (await nps.operate('GET', '/assets')).value.assets.map(
      ({ address, machine }: { address: string; machine: string }) => `${address} ${machine}`,
    )
  const ask = async (who: string) =>
    await nps.operate('GET', `/sensors/${sensor.id}/machines/${encodeURIComponent(who)}`)

  test('all that was told of one is kept, by its id and its addresses, whichever comes first (R-238)', async () => {
    const told = machineOf(CARD, ['10.1.1.1', '10.1.1.2'], 9)
    await tell(told)
    await nps.upload(newBatch({ flows: [], assets: [asset('10.1.1.1'), asset('10.1.1.3')] }), sensor.credential)
    for (const who of [CARD, '10.1.1.1', '10.1.1.2']) expect((await ask(who)).value.machine).toEqual(told)
    expect((await ask('10.1.1.3')).status).toBe(404)
    const [first] = (await nps.operate('GET', '/assets?address=10.1.1.1')).value.assets
    expect(first).toMatchObject({ machine: CARD, attributes: told.attributes, services: ['tcp/22 ssh'] })
    expect(await listed()).toEqual([`10.1.1.1 ${CARD}`, '10.1.1.3 '])
  })

  test('they are found by part of what they are called and held to be, in any case, and by address', async () => {
    const attributes = [
      ['hostname', 'BÜRO-7'],
      ['os', 'Windows'],
      ['version', '11'],
      ['device', 'PLC'],
      ['vendor', 'Siemens AG'],
    ].map(([kind, value]) => ({ ...said(kind!, value!), clue: '' }))
    await tell({ ...machineOf(CARD, ['10.1.1.1'], 9), attributes, said: [said('hostname', 'desk')] })
    await tell({ ...machineOf('10.1.1.11', ['10.1.1.11'], 9, '100%_sure'), said: [] })
    const assets = ['10.1.1.1', '10.1.1.11', '10.1.1.12'].map(asset)
    await nps.upload(newBatch({ flows: [], assets }), sensor.credential)
    const found = async (search: string) =>
      (await nps.operate('GET', `/assets?search=${encodeURIComponent(search)}`)).value.assets
        .map(({ address }: { address: string }) => address.replace('10.1.1.', ''))
        .sort()
    for (const one of [
      'büro',
      'Desk',
      '00:1B:21:10',
      '00-1b-21-10-00-07',
      'siemens plc',
      ' windows  11 ',
      '10.1.1.1',
    ]) {
      expect([one, await found(one)]).toEqual([one, ['1']])
    }
    expect(await found('10.1.1')).toEqual(['1', '11', '12'])
    expect(await found('%_')).toEqual(['11'])
    expect(await found('siemens sure')).toEqual([])
  })

  test('the same address, MAC and name at two sensors are two machines: their networks may overlap (R-200)', async () => {
    const other = await nps.newSensor()
    for (const [{ credential }, value] of [
      [sensor, 'crane-1'],
      [other, 'crane-2'],
    ] as const) {
      const batch = newBatch({
        flows: [],
        assets: [asset('10.1.1.1')],
        machines: [machineOf(CARD, ['10.1.1.1'], 9, value)],
      })
      expect((await nps.upload(batch, credential)).status).toBe(201)
    }
    const hostnames = async (query: string) =>
      (await nps.operate('GET', `/assets?${query}`)).value.assets
        .map(({ attributes }: { attributes: { value: string }[] }) => attributes[0]!.value)
        .sort()
    expect(await hostnames('')).toEqual(['crane-1', 'crane-2'])
    expect(await hostnames(`sensor=${other.id}`)).toEqual(['crane-2'])
  })

  test('one without an address is listed by its MAC until it has one', async () => {
    await tell(machineOf(CARD, [], 5))
    await nps.upload(newBatch({ flows: [], assets: [{ ...asset(CARD), mac: CARD }] }), sensor.credential)
    expect(await listed()).toEqual([`${CARD} ${CARD}`])
    await tell(machineOf(CARD, ['10.1.1.1'], 6))
    await nps.upload(newBatch({ flows: [], assets: [asset('10.1.1.1')] }), sensor.credential)
    expect(await listed()).toEqual([`10.1.1.1 ${CARD}`])
  })

  test('one that was listed by the MAC of another card of it is listed once', async () => {
    const other = '00:1b:21:10:00:09'
    await tell({ ...machineOf(other, [], 5), macs: [other] })
    await nps.upload(newBatch({ flows: [], assets: [{ ...asset(other), mac: other }] }), sensor.credential)
    await tell({ ...machineOf(CARD, [], 6), macs: [CARD, other] })
    await nps.upload(newBatch({ flows: [], assets: [{ ...asset(CARD), mac: CARD }] }), sensor.credential)
    expect(await listed()).toEqual([`${CARD} ${CARD}`])
    expect((await ask(other)).status).toBe(404)
  })

  test('what was told last counts, whatever order batches come in', async () => {
    await tell(machineOf(CARD, ['10.1.1.1'], 9, 'new'))
    await tell(machineOf(CARD, ['10.1.1.2'], 5, 'old'))
    expect((await ask(CARD)).value.machine).toMatchObject({ addresses: ['10.1.1.1'], lastMs: 9 })
    expect((await ask('10.1.1.2')).status).toBe(404)
  })

  test('an address goes to who had it last; who was known by nothing else is gone, a card stays', async () => {
    await tell(machineOf('10.1.1.1', ['10.1.1.1'], 5), machineOf(CARD, ['10.1.1.2'], 5))
    await tell(machineOf(CARD, ['10.1.1.1', '10.1.1.2'], 6))
    expect((await ask('10.1.1.1')).value.machine.id).toBe(CARD)
    await tell(machineOf('10.1.1.1', ['10.1.1.1', '10.1.1.2'], 7))
    expect((await ask('10.1.1.1')).value.machine.id).toBe('10.1.1.1')
    expect((await ask(CARD)).value.machine.addresses).toEqual([])
  })
})

test('names with any characters are kept', async () => {
  const name = 'a\u0000b\u202E<script>\uD800'
  const reply = await nps.uploadJson(
    newBatch({ flows: [newFlow({ client: { class: 'inventoried', name } })] }),
    sensor.credential,
  )
  expect(reply.status).toBe(201)
  // UTF-8 has no lone surrogates and the database's driver no NUL; both become the replacement character.
  expect((await flows()).flows[0].thisAsset).toBe('a\uFFFDb\u202E<script>\uFFFD')
})

describe('what is no batch is refused and nothing is kept', () => {
  const good = { version: 1, ...newBatch() }
  const zipped = (value: unknown) => gzipSync(JSON.stringify(value))
  const cases: [string, number, Buffer][] = [
    ['not gzip', 400, Buffer.from(JSON.stringify(good))],
    ['nothing', 400, Buffer.alloc(0)],
    ['gzip cut short', 400, zipped(good).subarray(0, 60)],
    ['gzip of no JSON', 400, gzipSync('{')],
    ['another id', 400, zipped({ ...good, id: randomUUID() })],
    ['a later version', 400, zipped({ ...good, version: 2 })],
    ['a negative count', 400, zipped({ ...good, flows: [newFlow({ c2sBytes: -1 })] })],
    ['a count with a fraction', 400, zipped({ ...good, flows: [newFlow({ c2sBytes: 0.5 })] })],
    ['a count beyond what is exact', 400, zipped({ ...good, flows: [newFlow({ c2sBytes: 2 ** 60 })] })],
    ['a port too high', 400, zipped({ ...good, flows: [newFlow({ port: 65_536 })] })],
    ['a class of its own', 400, gzipSync(JSON.stringify(good).replace('inventoried', 'trusted'))],
    [
      'a name too long',
      400,
      zipped({ ...good, assets: [{ address: 'x'.repeat(65), mac: '', firstMs: 0, lastMs: 0 }] }),
    ],
    ['a bomb', 413, gzipSync(Buffer.alloc(65 * 1024 * 1024))],
    ['a body too large', 413, Buffer.alloc(8 * 1024 * 1024 + 1)],
  ]
  test.each(cases)('%s', async (_what, status, body) => {
    const reply = await nps.uploadBytes(good.id, body, sensor.credential)
    expect(reply.status).toBe(status)
    expect(Refusal.parse(JSON.parse(reply.text)).refused).toBe('refused')
    expect((await flows()).total).toBe(0)
    expect((await nps.uploadJson(good, sensor.credential)).status).toBe(201)
  })

  const bytes = encodeBatch(good)
  const changed = (at: number, value: number) => Buffer.from(bytes).fill(value, at, at + 1)
  const binary: [string, number, Buffer, RegExp][] = [
    ['not of the format', 400, gzipSync(JSON.stringify(good)), /these bytes are no batch/],
    ['of a later version of it', 415, changed(4, 3), /batch format 3 is not known here/],
    ['cut short', 400, bytes.subarray(0, -1), /digest/],
    ['changed', 400, changed(60, 0), /digest/],
    ['under another id', 400, encodeBatch({ ...good, id: randomUUID() }), /another id/],
  ]
  test.each(binary)('%s', async (_what, status, body, reason) => {
    const reply = await nps.uploadBytes(good.id, body, sensor.credential, BATCH_TYPE)
    expect(reply.status).toBe(status)
    expect(Refusal.parse(JSON.parse(reply.text)).reason).toMatch(reason)
    expect((await flows()).total).toBe(0)
    expect((await nps.upload(good, sensor.credential)).status).toBe(201)
  })
})

test('a body whose length is not said is cut off at the same size', async () => {
  const reply = await nps.ask('PUT', `/api/v1/batches/${randomUUID()}`, {
    headers: { 'transfer-encoding': 'chunked' },
    body: Buffer.alloc(8 * 1024 * 1024 + 1),
    credential: sensor.credential,
  })
  expect(reply.status).toBe(413)
})

describe('the certificate decides', () => {
  test('none is 401', async () => {
    expect((await nps.upload(newBatch(), undefined)).status).toBe(401)
  })

  test('one of another authority is 401', async () => {
    const elsewhere = await new TestPlatform().start()
    try {
      const stranger = await elsewhere.newSensor()
      expect((await nps.upload(newBatch(), stranger.credential)).status).toBe(401)
    } finally {
      await elsewhere.end()
    }
  })

  test("the platform's own server certificate is no sensor", async () => {
    const cert = readFileSync(`${nps.folder}/server.pem`, 'utf8')
    const key = readFileSync(`${nps.folder}/server-key.pem`, 'utf8')
    expect((await nps.upload(newBatch(), { cert, key })).status).toBe(401)
  })

  test('one whose key is another is no use', async () => {
    const { key } = await newKeyAndRequest()
    await expect(nps.upload(newBatch(), { cert: sensor.credential.cert, key })).rejects.toThrow()
  })

  test('one of a deregistered sensor is 403, also on a connection that is open', async () => {
    expect((await nps.upload(newBatch(), sensor.credential)).status).toBe(201)
    await nps.operate('POST', `/sensors/${sensor.id}/commands`, { command: 'deregister' })
    expect((await nps.upload(newBatch(), sensor.credential)).status).toBe(403)
  })

  test('old TLS is not spoken', async () => {
    const url = new URL(nps.platform.url)
    const ended = new Promise<string>((resolve) => {
      const socket = connect({
        host: url.hostname,
        port: Number(url.port),
        ca: readFileSync(nps.platform.caFile),
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT:@SECLEVEL=0',
      })
      socket.on('secureConnect', () => resolve(String(socket.getProtocol())))
      socket.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? ''))
    })
    expect(await ended).toMatch(/^ERR_SSL|^EPROTO|^ECONNRESET/)
  })
})
