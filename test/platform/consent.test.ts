import Database from 'libsql'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { fingerprinted, unfingerprinted } from '../report/a-machine'
import { until } from '../until'
import { newBatch, TestPlatform, type TestSensor } from './client'

/** Consent to fingerprints that is taken back reaches what was told before, of machines that are long gone too. */

let nps: TestPlatform
let sensor: TestSensor
beforeEach(async () => {
  nps = await new TestPlatform().start()
  sensor = await nps.newSensor()
})
afterEach(() => nps.end())

// More than are looked at in one go.
const GONE = Array.from({ length: 250 }, (_none, at) => `10.0.0.${at}`)

async function tell(ids: string[], of = sensor): Promise<void> {
  const machines = ids.map((id) => fingerprinted(id))
  const assets = ids.map((address) => ({ address, mac: '', firstMs: 1, lastMs: 5 }))
  expect((await nps.upload(newBatch({ flows: [], assets, machines }), of.credential)).status).toBe(201)
}

async function configure(fingerprints: boolean | undefined): Promise<void> {
  const inventory = { industrial: true, fingerprints, ignoredHostnames: [] }
  const path = `/sensors/${sensor.id}/configuration`
  expect((await nps.operate('PUT', path, { groups: DEFAULT_ASSET_GROUPS, inventory })).status).toBe(200)
}

/** As if the platform had died right after it was written down; with what else is to be done to the database. */
function refuse(also = ''): void {
  const database = new Database(join(nps.folder, 'platform.db'))
  const inventory = JSON.stringify({ industrial: true, fingerprints: false, ignoredHostnames: [] })
  database.exec(`INSERT INTO configurations (sensor_id, version, groups, inventory, made_ms)
    SELECT sensor_id, 2, groups, '${inventory}', 1 FROM configurations; ${also}`)
  database.close()
}

const known = async (id: string, of = sensor) =>
  (await nps.operate('GET', `/sensors/${of.id}/machines/${id}`)).value.machine

const found = async (search: string): Promise<number> =>
  (await nps.operate('GET', `/assets?search=${search}`)).value.total

test('by the operator: what is kept, what is found, and what still comes in', async () => {
  const other = await nps.newSensor('other')
  await tell(['10.9.0.1'], other)
  for (const consent of [undefined, true]) {
    await configure(consent)
    await tell(GONE)
    expect(await known(GONE[7]!)).toEqual(fingerprinted(GONE[7]!))
  }
  expect(await found('printedos')).toBe(251)
  await configure(false)
  await until(async () => (await found('printedos')) === 1)
  for (const id of [GONE[0]!, GONE[249]!]) expect(await known(id)).toEqual(unfingerprinted(id))
  expect(await found('wordy')).toBe(251)
  expect((await nps.operate('GET', `/assets?address=${GONE[0]}`)).value.assets[0].services).toEqual(['tcp/22 ssh'])
  await tell(['10.0.1.1'])
  expect(await known('10.0.1.1')).toEqual(unfingerprinted('10.0.1.1'))
  await configure(true)
  await tell(['10.0.1.1'])
  expect(await known('10.0.1.1')).toEqual(fingerprinted('10.0.1.1'))
  expect(await known('10.9.0.1', other)).toEqual(fingerprinted('10.9.0.1'))
})

test('what is forgotten is in no file any more, not in an index or a log either', async () => {
  await configure(true)
  const [os, made] = ['ŵŷẑos', 'tcp-handshake: syn ẑŷŵ']
  const machine = fingerprinted('10.0.1.1')
  const system = machine.attributes.find(({ kind }) => kind === 'os')!
  const attributes = [{ ...system, value: os!, clue: made! }]
  await nps.upload(newBatch({ flows: [], machines: [{ ...machine, attributes }] }), sensor.credential)
  await tell(GONE)
  // Told again otherwise, so that what it was is not what is removed.
  const later = { ...machine, lastMs: 9, attributes: [{ ...system, value: 'ẑŵos', clue: made! }] }
  await nps.upload(newBatch({ flows: [], machines: [later] }), sensor.credential)
  const texts = ['ŵŷẑ', 'ẑŵ', 'ẑŷŵ', 'PrintedOS', 'Agent/1']
  const onDisk = (text: string): boolean =>
    readdirSync(nps.folder).some((name) => readFileSync(join(nps.folder, name)).includes(text))
  expect(texts.filter(onDisk)).toEqual(texts)
  await configure(false)
  await until(() => !texts.some(onDisk))
})

test('by the owner of the appliance, as the sensor says with a heartbeat', async () => {
  await configure(true)
  await tell(GONE)
  const session = await nps.session(sensor.credential)
  const hello = { version: '1', model: 'm', configurationVersion: 2, address: '', mac: '' }
  session.say({ type: 'hello', sensing: 'Sensing', ...hello })
  for (const told of [{}, { fingerprints: true }])
    session.say({ type: 'heartbeat', sensing: 'Sensing', counters: {}, ...told })
  await until(() => session.heard.filter(({ type }) => type === 'heard').length === 2)
  expect(await known(GONE[0]!)).toEqual(fingerprinted(GONE[0]!))
  session.say({ type: 'heartbeat', sensing: 'Sensing', counters: {}, fingerprints: false })
  await until(async () => (await found('printedos')) === 0)
  expect(await known(GONE[249]!)).toEqual(unfingerprinted(GONE[249]!))
})

test('a power cut right after it was taken back makes no difference', async () => {
  await tell(GONE)
  await nps.stop()
  refuse()
  await nps.start()
  await until(async () => (await found('printedos')) === 0)
})

test('a configuration that cannot be read keeps neither the platform from starting nor others from forgetting', async () => {
  const broken = await nps.newSensor('A broken one')
  await tell(GONE)
  await nps.stop()
  refuse(`UPDATE configurations SET groups = '{' WHERE sensor_id = '${broken.id}'`)
  const log = jest.spyOn(console, 'error').mockImplementation()
  await nps.start()
  await until(async () => (await found('printedos')) === 0)
  expect(log.mock.calls.map(([text]) => text)).toEqual([expect.stringContaining(broken.id)])
  log.mockRestore()
})
