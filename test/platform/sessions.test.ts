import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import Database from 'libsql'
import type { Feed } from '../../src/link/messages'
import { until } from '../until'
import { newBatch, TestPlatform, type TestSensor } from './client'

let nps: TestPlatform
let sensor: TestSensor
beforeEach(async () => {
  nps = await new TestPlatform().start()
  sensor = await nps.newSensor()
})
afterEach(() => nps.end())

const state = async () => (await nps.operate('GET', `/sensors/${sensor.id}`)).value.sensor

const GROUPS = {
  inventoried: ['10.10.10.0/12'],
  nonInventoried: ['192.168.7.0/24'],
  excludedRanges: ['10.1.1.1/24'],
  excludedMacs: ['00-0C-29-BB-FD-03'],
  monitoredExternal: [{ name: 'social-media', fqdns: ['www.Facebook.com'], ranges: [] }],
}

test('hello brings the configuration that the sensor does not have, and each heartbeat an answer', async () => {
  const session = await nps.session(sensor.credential)
  session.hello(0)
  session.say({ type: 'heartbeat', sensing: 'Sensing', counters: { packets: 5 } })
  await until(() => session.of('heard').length === 1)
  expect(session.of('configuration')).toMatchObject([
    { configuration: { version: 1, groups: { inventoried: ['192.168.0.0/16', '172.16.0.0/12', '10.0.0.0/8'] } } },
  ])
  session.say({ type: 'configured', version: 1 })
  await until(async () => (await state()).configuredVersion === 1)
  expect(await state()).toMatchObject({
    state: 'Sensing',
    isOnline: true,
    model: 'QPS-01G-0100-A0',
    address: '10.113.231.61',
    mac: '00:0c:29:bb:fd:03',
    counters: { packets: 5 },
  })
})

test('how good the feed is comes with a heartbeat, and is shown until the next one says otherwise', async () => {
  const headers = { authorization: `Bearer ${nps.platform.operatorKey}` }
  const page = async (path: string): Promise<string> => (await nps.ask('GET', path, { headers })).text
  const session = await nps.session(sensor.credential)
  session.hello(1)
  session.say({ type: 'heartbeat', sensing: 'Sensing', counters: {} })
  await until(() => session.of('heard').length === 1)
  expect((await state()).feed).toBeUndefined()
  const sick: Feed = {
    verdict: 'Only one direction is mirrored.',
    isWell: false,
    also: ['12 % of the frames <b>arrive</b> cut short.'],
    bitsPerSecond: 230e6,
    ratedBitsPerSecond: 1e9,
    figures: [['Directions', '0 both ways, 17 one way only']],
  }
  session.say({ type: 'heartbeat', sensing: 'Sensing', counters: {}, feed: sick })
  await until(async () => (await state()).feed !== undefined)
  expect((await state()).feed).toEqual(sick)
  const own = await page(`/sensors/${sensor.id}`)
  expect(own).toContain('Only one direction is mirrored.')
  expect(own).toContain('0 both ways, 17 one way only')
  expect(own).toContain('&lt;b&gt;arrive&lt;/b&gt;')
  expect(await page('/')).toContain('0.2 Gbps/1.0 Gbps')
  expect(await page('/')).toContain('Only one direction is mirrored.')
  session.say({ type: 'heartbeat', sensing: 'Sensing', counters: {}, feed: { ...sick, isWell: true } })
  await until(async () => (await state()).feed.isWell)
  expect(await page('/')).not.toContain('Only one direction is mirrored.')
})

test('a configuration that the sensor cannot take is shown with its reason until one is in force', async () => {
  const session = await nps.session(sensor.credential)
  session.hello(1)
  const path = `/sensors/${sensor.id}/configuration`
  await nps.operate('PUT', path, { groups: GROUPS })
  session.say({ type: 'not-configured', version: 2, reason: 'the disk is full' })
  await until(async () => (await state()).configurationTrouble === 'the disk is full')
  expect(await state()).toMatchObject({ configuredVersion: 1 })
  await nps.operate('PUT', path, { groups: GROUPS })
  expect(await state()).toMatchObject({ configuredVersion: 1, configurationTrouble: '' })
  session.say({ type: 'not-configured', version: 3, reason: 'the disk is full' })
  session.say({ type: 'configured', version: 3 })
  await until(async () => (await state()).configuredVersion === 3)
  expect((await state()).configurationTrouble).toBe('')
})

test('a store that fails ends the session, and the platform goes on', async () => {
  const errors = jest.spyOn(console, 'error').mockImplementation(() => undefined)
  const database = new Database(join(nps.folder, 'platform.db'))
  try {
    const session = await nps.session(sensor.credential)
    session.hello(1)
    database.exec('ALTER TABLE sensors RENAME TO elsewhere')
    session.say({ type: 'heartbeat', sensing: 'Paused', counters: {} })
    await until(() => session.closedWith !== undefined)
    expect(session.closedWith).toBe(1011)
    await expect(nps.session(sensor.credential)).rejects.toThrow()
    database.exec('ALTER TABLE elsewhere RENAME TO sensors')
    const again = await nps.session(sensor.credential)
    again.hello(1)
    again.say({ type: 'heartbeat', sensing: 'Paused', counters: {} })
    await until(() => again.of('heard').length === 1)
    expect(errors).toHaveBeenCalled()
  } finally {
    database.close()
    errors.mockRestore()
  }
})

test('a sensor that has the configuration is not sent it again', async () => {
  const session = await nps.session(sensor.credential)
  session.hello(1)
  session.say({ type: 'heartbeat', sensing: 'Paused', counters: {} })
  await until(() => session.of('heard').length === 1)
  expect(session.of('configuration')).toEqual([])
})

test('a change of configuration goes down at once, as the networks that were meant', async () => {
  const session = await nps.session(sensor.credential)
  session.hello(1)
  const { status, value } = await nps.operate('PUT', `/sensors/${sensor.id}/configuration`, { groups: GROUPS })
  expect(status).toBe(200)
  const meant = {
    inventoried: ['10.0.0.0/12'],
    nonInventoried: ['192.168.7.0/24'],
    excludedRanges: ['10.1.1.0/24'],
    excludedMacs: ['00:0c:29:bb:fd:03'],
    monitoredExternal: [{ name: 'social-media', fqdns: ['www.facebook.com'], ranges: [] }],
  }
  expect(value.configuration).toMatchObject({ version: 2, groups: meant })
  expect(value.notes).toEqual([
    expect.stringContaining('10.10.10.0/12 is taken as 10.0.0.0/12'),
    expect.stringContaining('10.1.1.1/24 is taken as 10.1.1.0/24'),
  ])
  await until(() => session.of('configuration').length > 0)
  expect(session.of('configuration').at(-1)).toMatchObject({ configuration: { version: 2, groups: meant } })
})

test('the inventory goes down once it was saved, and stays when only groups are', async () => {
  const session = await nps.session(sensor.credential)
  session.hello(0)
  await until(() => session.of('configuration').length === 1)
  expect(session.of('configuration')[0]).not.toHaveProperty('configuration.inventory')
  const path = `/sensors/${sensor.id}/configuration`
  const inventory = { industrial: false, ignoredHostnames: ['KIOSK', 'kiosk '] }
  await nps.operate('PUT', path, { groups: GROUPS, inventory })
  await nps.operate('PUT', path, { groups: GROUPS })
  await until(() => session.of('configuration').length === 3)
  const kept = { industrial: false, ignoredHostnames: ['kiosk'] }
  expect(session.of('configuration').slice(1)).toMatchObject([
    { configuration: { version: 2, inventory: kept } },
    { configuration: { version: 3, inventory: kept } },
  ])
  for (const ignoredHostnames of [[''], ['a\u001b[2J'], Array<string>(1001).fill('a'), ['a'.repeat(257)]]) {
    const refused = await nps.operate('PUT', path, {
      groups: GROUPS,
      inventory: { industrial: true, ignoredHostnames },
    })
    expect([400, 422]).toContain(refused.status)
  }
  expect((await nps.operate('GET', `/sensors/${sensor.id}`)).value.configuration.version).toBe(3)
})

test.each([
  ['nothing internal', { inventoried: [], nonInventoried: [] }, 'inventoried'],
  ['a range that is none', { inventoried: ['10.0.0.0/33'] }, 'inventoried'],
  ['a range in both lists', { inventoried: ['10.0.0.0/8'], nonInventoried: ['10.0.0.1/8'] }, 'nonInventoried'],
  ['a MAC that is none', { excludedMacs: ['00:0c:29'] }, 'excludedMacs'],
  [
    'a name that is none',
    { monitoredExternal: [{ name: 'a', fqdns: ['no name'], ranges: [] }] },
    'monitoredExternal.0.fqdns',
  ],
])('%s is refused with the field named, and nothing changes', async (_what, change, field) => {
  const reply = await nps.operate('PUT', `/sensors/${sensor.id}/configuration`, { groups: { ...GROUPS, ...change } })
  expect(reply.status).toBe(422)
  expect(reply.value.issues).toMatchObject([{ field }])
  expect((await nps.operate('GET', `/sensors/${sensor.id}`)).value.configuration.version).toBe(1)
})

test('commands reach a sensor that is there, and what became of them is kept', async () => {
  const session = await nps.session(sensor.credential)
  session.hello()
  const { status, value } = await nps.operate('POST', `/sensors/${sensor.id}/commands`, { command: 'start' })
  expect(status).toBe(202)
  await until(() => session.of('command').length > 0)
  expect(session.of('command')).toEqual([{ type: 'command', id: value.id, command: 'start' }])
  session.say({ type: 'done', id: value.id, ok: false, reason: 'no mirror port' })
  const commands = async () => (await nps.operate('GET', `/sensors/${sensor.id}`)).value.commands
  await until(async () => (await commands())[0].doneAtMs > 0)
  expect(await commands()).toMatchObject([{ command: 'start', ok: false, reason: 'no mirror port' }])
})

test('commands given while the sensor is away come with its next hello, in order, until they are done', async () => {
  const ids: string[] = []
  for (const command of ['start', 'pause', 'start']) {
    ids.push((await nps.operate('POST', `/sensors/${sensor.id}/commands`, { command })).value.id)
  }
  const first = await nps.session(sensor.credential)
  first.hello()
  await until(() => first.of('command').length === 3)
  expect(first.of('command').map((message) => message.id)).toEqual(ids)
  first.say({ type: 'done', id: ids[0]!, ok: true })
  first.say({ type: 'heartbeat', sensing: 'Sensing', counters: {} })
  await until(() => first.of('heard').length === 1)
  first.leave()
  await until(async () => !(await state()).isOnline)
  const second = await nps.session(sensor.credential)
  second.hello()
  await until(() => second.of('command').length === 2)
  expect(second.of('command').map((message) => message.id)).toEqual(ids.slice(1))
})

test('a command goes out once a session, in the order given, whenever it is given', async () => {
  const session = await nps.session(sensor.credential)
  const given = async (command: string): Promise<string> => {
    return (await nps.operate('POST', `/sensors/${sensor.id}/commands`, { command })).value.id
  }
  const before = await given('start')
  session.hello()
  const after = [await given('pause'), await given('start')]
  session.hello()
  session.say({ type: 'heartbeat', sensing: 'Paused', counters: {} })
  await until(() => session.of('heard').length === 1)
  expect(session.of('command').map((message) => message.id)).toEqual([before, ...after])
})

test('one sensor cannot answer for another', async () => {
  const other = await nps.newSensor('other')
  const { value } = await nps.operate('POST', `/sensors/${sensor.id}/commands`, { command: 'start' })
  const session = await nps.session(other.credential)
  session.hello()
  session.say({ type: 'done', id: value.id, ok: true })
  session.say({ type: 'heartbeat', sensing: 'Paused', counters: {} })
  await until(() => session.of('heard').length === 1)
  expect((await nps.operate('GET', `/sensors/${sensor.id}`)).value.commands).toMatchObject([{ doneAtMs: 0 }])
})

test('the newest session is the sensor', async () => {
  const first = await nps.session(sensor.credential)
  first.hello()
  const second = await nps.session(sensor.credential)
  second.hello()
  await until(() => first.closedWith !== undefined)
  await nps.operate('POST', `/sensors/${sensor.id}/commands`, { command: 'start' })
  await until(() => second.of('command').length === 1)
  expect(first.of('command')).toEqual([])
  expect((await state()).isOnline).toBe(true)
})

test.each([
  ['not JSON', '{'],
  ['an unknown type', '{"type":"reboot"}'],
  ['a field of the wrong kind', '{"type":"heartbeat","sensing":"Asleep","counters":{}}'],
  ['bytes', Buffer.from([1, 2, 3])],
])('%s ends the session as a breach of the rules', async (_what, message) => {
  const session = await nps.session(sensor.credential)
  session.hello()
  session.sayRaw(message)
  await until(() => session.closedWith !== undefined)
  expect(session.closedWith).toBe(1008)
})

test('a session begins with hello', async () => {
  const session = await nps.session(sensor.credential)
  session.say({ type: 'heartbeat', sensing: 'Paused', counters: {} })
  await until(() => session.closedWith !== undefined)
  expect(session.closedWith).toBe(1008)
})

test('a message of a megabyte ends the session', async () => {
  const session = await nps.session(sensor.credential)
  session.hello()
  session.sayRaw(`{"type":"${'x'.repeat(1024 * 1024)}"}`)
  await until(() => session.closedWith !== undefined)
  expect(session.closedWith).toBe(1009)
})

test('without a certificate there is no session', async () => {
  await expect(nps.session()).rejects.toThrow('status 401')
})

test.each(['/', '/api/v1/sessions', '//[', 'http://', '/api/v1/session/../session'])(
  'there is no session at %s',
  async (path) => {
    const url = new URL(nps.platform.url)
    const answer = await new Promise<string>((resolve, reject) => {
      const ca = readFileSync(nps.platform.caFile)
      const socket = connect({ host: url.hostname, port: Number(url.port), ca, ...sensor.credential }, () => {
        const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
        socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${upgrade}Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`)
      })
      let text = ''
      socket.on('data', (data) => (text += String(data)))
      socket.on('close', () => resolve(text))
      socket.on('error', reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 404 /)
    expect((await nps.operate('GET', '/sensors')).status).toBe(200)
  },
)

test('more ranges than a sensor takes are refused', async () => {
  const inventoried = Array.from({ length: 10_001 }, (_, n) => `10.${n >> 8}.${n & 255}.0/24`)
  const reply = await nps.operate('PUT', `/sensors/${sensor.id}/configuration`, { groups: { ...GROUPS, inventoried } })
  expect(reply.status).toBe(400)
})

test('a sensor deregistered while it is there is told, and everything else is closed to it at once', async () => {
  const session = await nps.session(sensor.credential)
  session.hello()
  const { value } = await nps.operate('POST', `/sensors/${sensor.id}/commands`, { command: 'deregister' })
  expect((await nps.upload(newBatch(), sensor.credential)).status).toBe(403)
  await until(() => session.of('command').length === 1)
  expect(session.of('command')[0]).toMatchObject({ id: value.id, command: 'deregister' })
  session.say({ type: 'done', id: value.id, ok: true })
  await until(() => session.closedWith !== undefined)
  await expect(nps.session(sensor.credential)).rejects.toThrow('status 403')
  expect((await state()).state).toBe('Deregistered')
})

test('a sensor deregistered while it is away is told once when it comes back, and then no more', async () => {
  await nps.operate('POST', `/sensors/${sensor.id}/commands`, { command: 'pause' })
  const { value } = await nps.operate('POST', `/sensors/${sensor.id}/commands`, { command: 'deregister' })
  const session = await nps.session(sensor.credential)
  session.hello(0)
  await until(() => session.of('command').length === 1)
  expect(session.heard).toEqual([{ type: 'command', id: value.id, command: 'deregister' }])
  session.say({ type: 'done', id: value.id, ok: true })
  await until(() => session.closedWith !== undefined)
  await expect(nps.session(sensor.credential)).rejects.toThrow('status 403')
  const again = await nps.operate('POST', `/sensors/${sensor.id}/commands`, { command: 'start' })
  expect(again.status).toBe(409)
})

test('a deleted sensor is gone with all it reported', async () => {
  await nps.upload(newBatch({ assets: [{ address: '10.1.1.1', mac: '', firstMs: 1, lastMs: 2 }] }), sensor.credential)
  expect((await nps.operate('DELETE', `/sensors/${sensor.id}`)).status).toBe(409)
  await nps.operate('POST', `/sensors/${sensor.id}/commands`, { command: 'deregister' })
  expect((await nps.operate('DELETE', `/sensors/${sensor.id}`)).status).toBe(200)
  expect((await nps.operate('GET', '/flows')).value.total).toBe(0)
  expect((await nps.operate('GET', '/assets')).value.total).toBe(0)
  expect((await nps.operate('GET', `/sensors/${sensor.id}`)).status).toBe(404)
  await expect(nps.session(sensor.credential)).rejects.toThrow('status 403')
})

test('an unregistered sensor takes no commands but deregister', async () => {
  const { sensorId } = await nps.newCode('not yet')
  const command = (command: string) => nps.operate('POST', `/sensors/${sensorId}/commands`, { command })
  expect((await command('start')).status).toBe(409)
  expect((await command('deregister')).status).toBe(202)
  expect((await nps.operate('POST', `/sensors/${randomUUID()}/commands`, { command: 'start' })).status).toBe(404)
})
