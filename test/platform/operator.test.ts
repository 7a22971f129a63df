import type { OutgoingHttpHeaders } from 'node:http'
import { buildApp, isOpen, type AppParts } from '../../src/platform/app'
import { newBatch, newFlow, TestPlatform, type Reply, type TestSensor } from './client'

let nps: TestPlatform
let sensor: TestSensor
beforeAll(async () => {
  nps = await new TestPlatform().start()
  sensor = await nps.newSensor()
})
afterAll(() => nps.end())

/** Log in as a browser does; answers with the cookie. */
async function login(): Promise<string> {
  const reply = await nps.ask('GET', new URL(nps.platform.enterUrl).pathname + new URL(nps.platform.enterUrl).search)
  expect(reply).toMatchObject({ status: 303, headers: { location: '/' } })
  return cookieOf(reply).split(';')[0]!
}

function cookieOf(reply: Reply): string {
  return String(reply.headers['set-cookie'])
}

function post(path: string, fields: Record<string, string>, headers: OutgoingHttpHeaders): Promise<Reply> {
  return nps.ask('POST', path, {
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
}

const ours = (): OutgoingHttpHeaders => ({ origin: nps.platform.url })

/** Every route there is, from the table the server itself uses; nothing is called, so there need be no parts. */
function allRoutes(): { method: string; path: string }[] {
  const operator = { guard: () => async () => undefined }
  const app = buildApp({ operator } as unknown as AppParts)
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' || !path.endsWith('*'))
    .map(({ method, path }) => ({ method, path: path.replace(':id', sensor.id) }))
  return [...new Map(routes.map((route) => [`${route.method} ${route.path}`, route])).values()]
}

test('every route that is not for sensors or for logging in needs the operator', async () => {
  const guarded = allRoutes().filter(({ method, path }) => !isOpen(method, path))
  expect(guarded.length).toBeGreaterThan(18)
  for (const { method, path } of guarded) {
    for (const headers of [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: `Basic ${nps.platform.operatorKey}` },
      { cookie: '__Host-nps=99999999999999.forged' },
    ]) {
      const reply = await nps.ask(method, path, { headers })
      const expected = path.startsWith('/api/') ? 401 : 303
      expect({ method, path, status: reply.status }).toEqual({ method, path, status: expected })
      if (expected === 303) expect(reply.headers.location).toBe('/login')
      expect(reply.text).not.toContain('Hall 4')
    }
  }
})

test('what is open to all is this and no more', () => {
  const open = allRoutes().filter(({ method, path }) => isOpen(method, path))
  expect(open.map(({ method, path }) => `${method} ${path.replace(sensor.id, ':id')}`).sort()).toEqual([
    'GET /enter',
    'GET /icon.svg',
    'GET /login',
    'GET /style.css',
    'POST /api/v1/enrol',
    'POST /login',
    'PUT /api/v1/batches/:id',
  ])
})

test('an address that does not exist tells a stranger nothing', async () => {
  expect((await nps.ask('GET', '/api/v1/nothing')).status).toBe(401)
  expect((await nps.ask('GET', '/nothing')).status).toBe(303)
  expect((await nps.operate('GET', '/nothing')).status).toBe(404)
})

test('the cookie is for this site, this host and TLS alone', async () => {
  const reply = await nps.ask('GET', `/enter?key=${nps.platform.operatorKey}`)
  expect(cookieOf(reply)).toMatch(/^__Host-nps=/)
  for (const word of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/']) expect(cookieOf(reply)).toContain(word)
  expect(cookieOf(reply)).not.toContain(nps.platform.operatorKey)
})

test('a wrong key gets no cookie', async () => {
  for (const reply of [
    await nps.ask('GET', '/enter?key=wrong'),
    await nps.ask('GET', '/enter'),
    await post('/login', { key: 'wrong' }, ours()),
    await post('/login', {}, ours()),
  ]) {
    expect(reply.status).toBe(401)
    expect(reply.headers['set-cookie']).toBeUndefined()
  }
})

test('the login page lets in, log out forgets the cookie', async () => {
  const reply = await post('/login', { key: nps.platform.operatorKey }, ours())
  const cookie = cookieOf(reply).split(';')[0]!
  expect((await nps.ask('GET', '/', { headers: { cookie } })).status).toBe(200)
  const out = await post('/logout', {}, { cookie, ...ours() })
  expect(cookieOf(out)).toMatch(/^__Host-nps=; Max-Age=0/)
})

test('a cookie works for the API too, and ends with its time', async () => {
  let nowMs = Date.now()
  const timed = await new TestPlatform().start({ now: () => nowMs })
  try {
    const reply = await timed.ask('GET', `/enter?key=${timed.platform.operatorKey}`)
    const cookie = cookieOf(reply).split(';')[0]!
    const status = async () => (await timed.ask('GET', '/api/v1/sensors', { headers: { cookie } })).status
    expect(await status()).toBe(200)
    nowMs += 13 * 3_600_000
    expect(await status()).toBe(401)
  } finally {
    await timed.end()
  }
})

test('with the cookie, a change has to come from our own pages', async () => {
  const cookie = await login()
  const path = '/sensors/new'
  for (const headers of [
    {},
    { origin: 'https://elsewhere.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site', ...ours() },
    { 'sec-fetch-site': 'same-site', ...ours() },
    { 'sec-fetch-site': 'none', ...ours() },
  ]) {
    expect((await post(path, { name: 'planted' }, { cookie, ...headers })).status).toBe(403)
  }
  expect((await post(path, { name: 'ours' }, { cookie, ...ours() })).status).toBe(201)
  expect((await post(path, { name: 'ours too' }, { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(201)
  const names = (await nps.operate('GET', '/sensors')).value.sensors.map((one: { name: string }) => one.name)
  expect(names).not.toContain('planted')
  expect(names).toEqual(expect.arrayContaining(['ours', 'ours too']))
})

describe('the pages', () => {
  const HOSTILE = `"><script>alert('x')</script>\u202E`
  let cookie: string
  let hostile: string
  const see = async (path: string) => await nps.ask('GET', path, { headers: { cookie } })
  const hostileSaid = { kind: 'service', value: HOSTILE, confidence: 1, source: HOSTILE, atMs: 1 }
  const hostileMachine = {
    id: HOSTILE,
    addresses: [HOSTILE],
    macs: [HOSTILE],
    isGateway: true,
    firstMs: 1,
    lastMs: 1,
    attributes: ['hostname', 'os', 'device', 'vendor'].map((kind) => ({ ...hostileSaid, kind, clue: HOSTILE })),
    said: [hostileSaid],
    reasons: [HOSTILE],
  }

  beforeAll(async () => {
    cookie = await login()
    const value = (await nps.operate('POST', '/codes', { name: HOSTILE, location: HOSTILE })).value
    hostile = value.sensorId
    const endpoint = (name: string) => ({ class: 'monitored' as const, name, group: HOSTILE })
    await nps.upload(
      newBatch({
        flows: [newFlow({ client: endpoint(HOSTILE), server: endpoint(HOSTILE) }), newFlow()],
        assets: [{ address: HOSTILE, mac: HOSTILE, firstMs: 1, lastMs: 1 }],
        machines: [hostileMachine],
      }),
      sensor.credential,
    )
  })

  test.each([
    '/',
    '/sensors/new',
    '/traffic',
    '/assets',
    'hostile',
    'status',
    'machine',
    `/traffic?asset=${encodeURIComponent(HOSTILE)}`,
  ])('escape what comes from outside, and run no script: %s', async (path) => {
    const machine = `/sensors/${sensor.id}/machines/${encodeURIComponent(HOSTILE)}`
    const named: Record<string, string> = {
      hostile: `/sensors/${hostile}`,
      status: `/sensors/${hostile}/status`,
      machine,
    }
    const where = named[path] ?? path
    const reply = await see(where)
    expect(reply.status).toBe(200)
    expect(reply.headers['content-type']).toMatch(/^text\/html/)
    expect(reply.text).not.toMatch(/<script|javascript:|\son\w+=|style="/i)
    expect(reply.text.replace(/value="[^"]*"/g, '')).not.toContain('\u202E')
    const policy = String(reply.headers['content-security-policy'])
    expect(policy).toContain(`default-src 'none'`)
    expect(policy).not.toMatch(/script-src|unsafe/)
  })

  test('the traffic listing explains a row of addresses too many to be told apart, and its port', async () => {
    const others = { class: 'inventoried', name: 'Others' } as const
    await nps.upload(newBatch({ flows: [newFlow({ client: others, port: 0 })] }), sensor.credential)
    const { text } = await see('/traffic?port=0')
    expect(text).toMatch(/<abbr title="Addresses that were too many[^"]*"\s*>Others<\/abbr\s*>/)
    expect(text).toMatch(/<abbr title="Various ports.">any<\/abbr\s*>/)
  })

  test('the file of all assets holds no formula and nothing that a terminal obeys', async () => {
    const value = '=cmd|"x"\u001b[2J'
    const attributes = [{ ...hostileSaid, kind: 'hostname', value, clue: '' }]
    const machine = { ...hostileMachine, id: '10.9.9.9', addresses: ['10.9.9.9'], attributes, said: [] }
    const assets = [{ address: '10.9.9.9', mac: '', firstMs: 1, lastMs: 1 }]
    await nps.upload(newBatch({ flows: [], assets, machines: [machine] }), sensor.credential)
    const reply = await see('/assets.csv?search=10.9.9.9')
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8'])
    const [heading, row] = reply.text.split('\n')
    expect(heading).toMatch(/^address,mac,hostname,/)
    expect(row).toMatch(/^10\.9\.9\.9,,"'=cmd\|""x""\\u\{1b\}\[2J",/)
  })

  test('wrong queries are answered with the page and what is wrong, escaped', async () => {
    const reply = await see(`/traffic?port=${encodeURIComponent(HOSTILE)}`)
    expect(reply.status).toBe(400)
    expect(reply.text).toContain('port: is not a number from 0 to 65535')
    expect(reply.text).not.toContain('<script')
  })

  test('New Physical Sensor shows the code once, with the steps', async () => {
    const reply = await post(
      '/sensors/new',
      { name: 'TB_N', location: 'Pune', startSensing: 'no' },
      { cookie, ...ours() },
    )
    expect(reply.text).toMatch(/<p class="code">\d{14}<\/p>/)
    expect(reply.text).toContain('Personalize this scanner')
    const code = /class="code">(\d{14})/.exec(reply.text)![1]!
    const id = /\/sensors\/([0-9a-f-]{36})/.exec(reply.text)![1]!
    expect((await see(`/sensors/${id}`)).text).not.toContain(code)
    expect((await see(`/sensors/${id}/status`)).text).toContain('Waiting for the appliance')
    expect((await post('/sensors/new', { name: ' ' }, { cookie, ...ours() })).status).toBe(400)
  })

  test('ranges with host bits are shown as the network they mean, and saved when that is saved', async () => {
    const path = `/sensors/${sensor.id}/configuration`
    const save = (inventoried: string) => {
      const fields = { inventoried, monitoredExternal: 'social-media: www.facebook.com, 31.13.65.36' }
      return post(path, fields, { cookie, ...ours() })
    }
    const version = async () => (await nps.operate('GET', `/sensors/${sensor.id}`)).value.configuration.version
    const asked = await save('10.10.10.0/12\r\n192.168.0.0/16')
    expect(asked.status).toBe(200)
    expect(asked.text).toContain('10.10.10.0/12 is taken as 10.0.0.0/12')
    expect(asked.text).toMatch(/<textarea name="inventoried"[^>]*>10\.0\.0\.0\/12\n192\.168\.0\.0\/16<\/textarea>/)
    expect(await version()).toBe(1)
    expect((await save('10.0.0.0/12\r\n192.168.0.0/16')).status).toBe(303)
    const { value } = await nps.operate('GET', `/sensors/${sensor.id}`)
    expect(value.configuration).toMatchObject({
      version: 2,
      groups: {
        inventoried: ['10.0.0.0/12', '192.168.0.0/16'],
        monitoredExternal: [{ name: 'social-media', fqdns: ['www.facebook.com'], ranges: ['31.13.65.36'] }],
      },
    })
    const wrong = await save('10.0.0.0/99')
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('10.0.0.0/99: is not an address')
    expect(await version()).toBe(2)
    const tooMany = await save(Array.from({ length: 10_001 }, (_, n) => `10.${n >> 8}.${n & 255}.0/24`).join('\n'))
    expect(tooMany.status).toBe(422)
    expect(await version()).toBe(2)
  })

  test('the inventory is decided on in the same form; consent is given by nobody who does not say so', async () => {
    const { id } = await nps.newSensor('Inventory')
    const save = (fields: Record<string, string>) =>
      post(`/sensors/${id}/configuration`, { inventoried: '10.0.0.0/8', ...fields }, { cookie, ...ours() })
    const saved = async () => (await nps.operate('GET', `/sensors/${id}`)).value.configuration.inventory
    const chosen = (text: string) => text.match(/name="(industrial|fingerprints)" value="\w+" checked/g)
    expect(chosen((await see(`/sensors/${id}`)).text)).toEqual(['name="industrial" value="yes" checked'])
    expect((await save({})).status).toBe(303)
    expect(await saved()).toBeUndefined()
    await save({ industrial: 'yes', ignoredHostnames: `Kiosk\r\n\r\n<script>` })
    expect(await saved()).toMatchObject({ industrial: true })
    expect(await saved()).not.toHaveProperty('fingerprints')
    expect((await see(`/sensors/${id}`)).text).not.toContain('<script')
    expect((await save({ industrial: 'yes', ignoredHostnames: HOSTILE })).status).toBe(422)
    await save({ industrial: 'no', fingerprints: 'yes', ignoredHostnames: 'Kiosk\r\nTV 2' })
    expect(await saved()).toEqual({ industrial: false, fingerprints: true, ignoredHostnames: ['kiosk', 'tv 2'] })
    const { text } = await see(`/sensors/${id}`)
    expect(chosen(text)).toEqual(['name="industrial" value="no" checked', 'name="fingerprints" value="yes" checked'])
    expect(text).toMatch(/<textarea name="ignoredHostnames"[^>]*>\s*kiosk\ntv 2<\/textarea/)
    const wrong = await save({ inventoried: 'x', industrial: 'yes', ignoredHostnames: 'typed' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('typed</textarea')
  })

  test('what a hostname had merged before it was ignored can be purged (R-203)', async () => {
    const box = await nps.newSensor('Purge')
    const merged = (machine: string, name: string) => ({
      ...hostileMachine,
      id: machine,
      addresses: [machine],
      macs: [],
      attributes: [{ ...hostileSaid, kind: 'hostname', value: 'purged-name', clue: '' }],
      reasons: ['10.0.0.1 is bonded to its card by ARP', `an address goes by the same hostname ${name}`],
    })
    const machines = [merged('10.7.0.1', 'kiosk'), merged('10.7.0.2', 'kiosk-2'), merged('10.7.0.3', HOSTILE)]
    const assets = [{ address: '10.7.0.1', mac: '', firstMs: 1, lastMs: 1 }]
    await nps.upload(newBatch({ flows: [], assets, machines }), box.credential)
    const found = async () => (await nps.operate('GET', `/assets?sensor=${box.id}&search=purged-name`)).value.total
    expect(await found()).toBe(1)
    expect((await see(`/sensors/${box.id}`)).text).not.toContain('id="purge"')
    const fields = { inventoried: '10.0.0.0/8', industrial: 'yes', ignoredHostnames: 'KIOSK' }
    await post(`/sensors/${box.id}/configuration`, fields, { cookie, ...ours() })
    expect((await see(`/sensors/${box.id}`)).text).toContain('1 asset was merged')
    expect((await post(`/sensors/${box.id}/purge`, {}, { cookie, ...ours() })).status).toBe(303)
    expect((await see(`/sensors/${box.id}`)).text).not.toContain('id="purge"')
    const status = async (who: string) => (await nps.operate('GET', `/sensors/${box.id}/machines/${who}`)).status
    expect(await found()).toBe(0)
    expect([await status('10.7.0.1'), await status('10.7.0.2'), await status('10.7.0.3')]).toEqual([404, 200, 200])
    expect((await nps.operate('POST', `/sensors/${box.id}/purge`)).value).toEqual({ purged: 0 })
  })

  test('the buttons do what the API does', async () => {
    const once = await nps.newSensor('Buttons')
    const press = (command: string) => post(`/sensors/${once.id}/commands`, { command }, { cookie, ...ours() })
    expect((await press('start')).status).toBe(303)
    expect((await press('reboot')).status).toBe(400)
    expect((await press('deregister')).status).toBe(303)
    expect((await press('start')).status).toBe(409)
    expect((await see('/')).text).toContain('Deregistered')
    expect((await post(`/sensors/${once.id}/delete`, {}, { cookie, ...ours() })).status).toBe(303)
    expect((await see(`/sensors/${once.id}`)).status).toBe(404)
  })

  test('traffic is summed up by family, application and role (R-180), and each leads to its flows', async () => {
    const flows = [
      newFlow({ port: 7001, service: { app: 'https', by: 'payload' } }),
      newFlow({ port: 7001, service: { app: 'https', by: 'port' } }),
      newFlow({ port: 7001, service: { app: HOSTILE.slice(0, 32), by: 'payload' } }),
      newFlow({
        port: 7001,
        client: { class: 'external', name: 'External' },
        server: { class: 'inventoried', name: '10.1.1.2' },
      }),
    ]
    await nps.upload(newBatch({ flows }), sensor.credential)
    const { text } = await see('/traffic?port=7001')
    const rows = text.split('<tr>').map((row) =>
      row
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    expect(rows).toContain('Web Services HTTPS Client 12.12 KB 3.76 KB 15.88 KB')
    expect(rows).toContain('Unknown Unknown Server 1.88 KB 6.06 KB 7.94 KB')
    expect(text).toContain('href="/traffic?port=7001&amp;app=https"')
    expect(text).not.toContain('<script')
    const { text: filtered } = await see('/traffic?port=7001&app=https')
    expect(filtered).toContain('1 - 2 of 2')
    expect(filtered).toContain('<small>HTTPS?</small>')
    expect(filtered).toContain('<small>HTTPS</small>')
  })

  test('Previous and Next keep the filters', async () => {
    const flows = Array.from({ length: 60 }, (_, n) => newFlow({ port: 7777, lastMs: n }))
    await nps.upload(newBatch({ flows }), sensor.credential)
    const first = (await see('/traffic?port=7777')).text
    expect(first).toContain('1 - 50 of 60')
    expect(first).toContain('href="/traffic?port=7777&amp;offset=50"')
    const second = (await see('/traffic?port=7777&offset=50')).text
    expect(second).toContain('51 - 60 of 60')
    expect(second).toContain('href="/traffic?port=7777"')
    expect(second).toContain('<span class="off">Next</span>')
  })
})
