import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { BATCH_TYPE } from '../../src/link/messages'
import { Spool } from '../../src/report/spool/spool'
import { SpoolWriter } from '../../src/report/spool/spool-writer'
import type { Batch, MachineSummary } from '../../src/report/summary'
import { Box, HOSTS, web } from '../report/box'
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
  const oldBatch = newBatch({ flows: old })
  expect((await nps.upload(oldBatch, sensor.credential)).status).toBe(201)
  clock.atMs = Date.now() - 4 * DAY_MS
  const young = newBatch({ flows: [newFlow({ port: 50_000, firstMs: 0, lastMs: 0 })] })
  expect((await nps.upload(young, sensor.credential)).status).toBe(201)
  await nps.stop()

  await nps.start({ keepDays: 5 })
  const flows = async () => (await nps.operate('GET', '/flows')).value
  await until(async () => (await flows()).total === 1)
  expect((await flows()).flows).toMatchObject([{ port: 50_000 }])
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

describe('machines', () => {
  const CARD = '00:1b:21:10:00:07'
  const asset = (address: string) => ({ address, mac: '', firstMs: Date.now(), lastMs: Date.now() })
  const machine = (id: string, addresses: string[]): MachineSummary => {
    const times = { firstMs: Date.now(), lastMs: Date.now() }
    return { id, addresses, macs: [], isGateway: false, ...times, attributes: [], said: [], reasons: [] }
  }

  test('go with all they said when nothing was told of them for so long, in small steps; who is told of stays', async () => {
    const clock = { atMs: Date.now() - 20 * DAY_MS }
    await nps.start({ now: () => clock.atMs })
    const sensor = await nps.newSensor()
    const tell = async (batch: Partial<Batch>): Promise<void> =>
      expect((await nps.upload(newBatch({ flows: [], ...batch }), sensor.credential)).status).toBe(201)
    // More than are looked at in one go.
    const gone = Array.from({ length: 500 }, (_, n) => `10.2.${n >> 8}.${n & 255}`)
    const old = ['10.1.1.1', CARD, ...gone]
    await tell({ assets: old.map(asset), machines: old.map((id) => machine(id, id === CARD ? [] : [id])) })
    clock.atMs = Date.now() - 7 * DAY_MS
    // Nothing about them is new but that they are there still.
    await tell({ assets: ['10.1.1.1', CARD].map(asset) })
    await tell({ assets: [asset('10.1.1.9')], machines: [machine('10.1.1.9', ['10.1.1.9'])] })
    await nps.stop()

    // A sensor tells a machine that it saw within seven days only when it has changed.
    await nps.start({ keepDays: 5 })
    const listed = async () => (await nps.operate('GET', '/assets')).value
    await until(async () => (await listed()).total === 3)
    const machines = (await listed()).assets.map(({ machine }: { machine: string }) => machine)
    expect(machines.sort()).toEqual([CARD, '10.1.1.1', '10.1.1.9'].sort())
    const known = async (who: string) => (await nps.operate('GET', `/sensors/${sensor.id}/machines/${who}`)).status
    await until(async () => (await known('10.2.0.1')) === 404)
    expect(await known('10.1.1.1')).toBe(200)
    await nps.stop()

    await nps.start({ keepDays: 5, now: () => Date.now() + 2 * DAY_MS })
    await until(async () => (await known('10.1.1.1')) === 404)
    expect((await listed()).total).toBe(0)
  })

  test('that are dropped in an outage longer than they are kept come back with what the sensor has spooled', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nps-retention-'))
    const clock = { atMs: Date.now() - 30 * DAY_MS }
    const [start, keepDays] = [clock.atMs, 3]
    try {
      await nps.start({ now: () => clock.atMs })
      const sensor = await nps.newSensor()
      const known = async (who: string) => (await nps.operate('GET', `/sensors/${sensor.id}/machines/${who}`)).status
      const box = new Box(DEFAULT_ASSET_GROUPS)
      const spool = new Spool(folder)
      const [QUIET, BUSY] = [HOSTS[0]!, HOSTS[1]!]
      const report = async (days: number, hears: number[]): Promise<void> => {
        box.nowMs = clock.atMs = start + days * DAY_MS
        for (const host of hears) box.send(web(host, 5))
        await box.reporter.report('update', new SpoolWriter(folder), box.nowMs)
      }
      const upload = async (): Promise<void> => {
        for (const { id } of await spool.list()) {
          const reply = await nps.uploadBytes(id, await spool.offer(id), sensor.credential, BATCH_TYPE)
          expect(reply.status).toBe(201)
          await spool.remove(id)
        }
      }
      await report(0, [0, 1])
      await upload()
      expect([await known(QUIET), await known(BUSY)]).toEqual([200, 200])
      // From here on the link is away. One is heard all the time, the other only once more.
      for (let days = 0.5; days <= 9; days += 0.5) await report(days, days === 2 ? [0, 1] : [1])
      await nps.stop()
      await nps.start({ now: () => clock.atMs, keepDays })
      await until(async () => (await known(QUIET)) === 404 && (await known(BUSY)) === 404)
      await upload()
      expect([await known(QUIET), await known(BUSY)]).toEqual([200, 200])
      expect((await nps.operate('GET', '/assets')).value.total).toBe(2)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
