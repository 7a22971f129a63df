import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Spool } from '../../src/report/spool/spool'
import { SpoolKeeper } from '../../src/sensor/spool-keeper'
import { BEGIN_MS, HOUR_MS, put, reportOf, spoolFolder } from '../report/spool/spool-folder'
import { until } from '../until'

const places = spoolFolder()
let nowMs: number
let dropped: number
let lines: string[]
let keeper: SpoolKeeper
beforeEach(() => {
  nowMs = BEGIN_MS
  dropped = 0
  lines = []
})
afterEach(() => keeper.stop())

function newKeeper(budgetBytes: number): Spool {
  const spool = new Spool(places.folder, { budgetBytes })
  keeper = new SpoolKeeper(
    {
      spool,
      nowMs: () => nowMs,
      log: (line) => lines.push(line),
      onChange: () => undefined,
      onDropped: (count) => (dropped += count),
    },
    1800,
  )
  return spool
}

function add(at: number): number {
  const batch = reportOf(30, BEGIN_MS + (at * HOUR_MS) / 2)
  nowMs = batch.untilMs
  const name = put(places.folder, nowMs, batch)
  const { size } = statSync(join(places.folder, name))
  keeper.added(size)
  return size
}

test('it knows what waits, for how long, and how long the room for it still holds', async () => {
  newKeeper(1 << 20)
  await keeper.begin()
  await until(() => keeper.state.budgetBytes === 1 << 20)
  let bytes = 0
  for (const at of [0, 1, 2, 3]) bytes += add(at)
  await until(() => keeper.state.batches === 4)
  expect(keeper.state).toMatchObject({ bytes, oldestMs: BEGIN_MS + HOUR_MS / 2, merged: 0, dropped: 0 })
  const perMs = bytes / (2 * HOUR_MS)
  expect(keeper.state.lastsMs).toBeCloseTo(((1 << 20) - bytes) / perMs, -4)
})

test('what waited already at the start is known, and tells how fast reports come', async () => {
  newKeeper(1 << 20)
  for (const at of [0, 1, 2, 3]) add(at)
  await keeper.stop()
  newKeeper(1 << 20)
  await keeper.begin()
  await until(() => keeper.state.batches === 4)
  expect(keeper.state.lastsMs).toBeGreaterThan(24 * HOUR_MS)
})

test('a smaller budget holds at once: what waits is merged, then dropped, and that is told', async () => {
  const spool = newKeeper(1 << 20)
  for (let at = 0; at < 12; at++) add(at)
  await until(() => keeper.state.batches === 12)
  const { bytes } = keeper.state
  keeper.setBudget(Math.floor(bytes / 2))
  await until(() => keeper.state.merged > 0 && keeper.state.bytes <= bytes / 2)
  expect([keeper.state.dropped, dropped]).toEqual([0, 0])
  keeper.setBudget(10)
  await until(() => keeper.state.batches === 0)
  expect(keeper.state.dropped).toBe(dropped)
  expect(dropped).toBeGreaterThan(0)
  expect(spool.totals.dropped).toBe(dropped)
  expect(keeper.state.lastsMs).toBeGreaterThanOrEqual(0)
})
