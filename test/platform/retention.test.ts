import { until } from '../until'
import { newBatch, newFlow, TestPlatform } from './client'

const DAY_MS = 86_400_000

let nps: TestPlatform
beforeEach(() => {
  nps = new TestPlatform()
})
afterEach(() => nps.end())

test('flows are dropped by when they came in, not by what their sensor says; assets stay', async () => {
  const clock = { atMs: Date.now() - 10 * DAY_MS }
  await nps.start({ now: () => clock.atMs })
  const sensor = await nps.newSensor()
  // More than are dropped in one go.
  const old = Array.from({ length: 12_000 }, (_, n) => newFlow({ port: n, lastMs: Date.now() }))
  const oldBatch = newBatch({ flows: old, assets: [{ address: '10.1.1.1', mac: '', firstMs: 1, lastMs: 2 }] })
  expect((await nps.upload(oldBatch, sensor.credential)).status).toBe(201)
  clock.atMs = Date.now() - 4 * DAY_MS
  const young = newBatch({ flows: [newFlow({ port: 50_000, firstMs: 0, lastMs: 0 })] })
  expect((await nps.upload(young, sensor.credential)).status).toBe(201)
  await nps.stop()

  await nps.start({ keepDays: 5 })
  const flows = async () => (await nps.operate('GET', '/flows')).value
  await until(async () => (await flows()).total === 1)
  expect((await flows()).flows).toMatchObject([{ port: 50_000 }])
  expect((await nps.operate('GET', '/assets')).value.total).toBe(1)
  expect((await nps.upload(young, sensor.credential)).status).toBe(200)
  expect((await nps.upload(oldBatch, sensor.credential)).status).toBe(201)
})

test('it can be stopped while it drops', async () => {
  await nps.start({ now: () => Date.now() - 10 * DAY_MS })
  const sensor = await nps.newSensor()
  const flows = Array.from({ length: 20_000 }, (_, n) => newFlow({ port: n }))
  await nps.upload(newBatch({ flows }), sensor.credential)
  await nps.stop()
  await nps.start({ keepDays: 5 })
  await nps.stop()
  await nps.start({ keepDays: 5 })
  await until(async () => (await nps.operate('GET', '/flows')).value.total === 0)
})
