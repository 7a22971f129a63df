import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'libsql'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { FlowMeter } from '../../src/flow/flow-meter'
import { buildTraffic } from '../../src/host/simulated/traffic/build-traffic'
import { Random } from '../../src/host/simulated/traffic/random'
import { Reporter } from '../../src/report/reporter'
import { openBatch } from '../../src/report/batch-format/decode'
import { encodeBatch } from '../../src/report/batch-format/encode'
import { mergeBatches } from '../../src/report/spool/merge-batches'
import { Spool } from '../../src/report/spool/spool'
import type { Batch } from '../../src/report/summary'
import { closeAll } from '../link/parties'
import { TestPlatform } from '../link/real-platform'
import { until } from '../until'
import { LINK } from '../wire/frames'
import { Program } from './kills/program'

/** How often something is killed; the worker, the sensor's upload and the platform in turn. */
const KILLS = Number(process.env.NPS_KILLS ?? (process.env.CI ? 300 : 60))
/** In the name of the test. When a kill comes is up to the machine as well, so the same seed is not the same run. */
const SEED = Number(process.env.NPS_SEED ?? Date.now() % 1_000_000)

let folder: string
const programs: Program[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-kills-'))
})
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.kill()))
  await closeAll()
  rmSync(folder, { recursive: true, force: true })
})

type Row = [tuple: string, c2sPackets: number, s2cPackets: number, c2sBytes: number, s2cBytes: number]

/**
 * Made traffic in so many reports, each with an asset of its own by which it is known again, and what is in the
 * traffic, as told by who built it and not by what measures it.
 */
async function reportsOf(count: number): Promise<{ reports: Batch[]; truth: Row[] }> {
  const traffic = buildTraffic({ seed: SEED, minutes: 30 })
  const frames = [...traffic.frames]
  const meter = new FlowMeter({ capacity: 100_000 })
  const everything = { ...DEFAULT_ASSET_GROUPS, inventoried: ['0.0.0.0/0', '::/0'] }
  const reporter = new Reporter({ meter, groups: everything, nowMs: 0 })
  const reports: Batch[] = []
  const keep = { write: async (batch: Batch) => (reports.push(structuredClone(batch)), batch.id) }
  for (const [at, { bytes, atMicros }] of frames.entries()) {
    meter.packet(bytes, 0, bytes.length, bytes.length, atMicros, LINK.ethernet)
    if (at % Math.ceil(frames.length / count) === 0) await reporter.report('update', keep, at)
  }
  await reporter.report('update', keep, frames.length)
  reports.forEach((report, at) => report.assets.push({ address: `report ${at}`, mac: '', firstMs: 0, lastMs: 0 }))
  const truth = traffic
    .expectedFlows()
    .map(({ client, server, port, proto, ...counts }): Row => {
      const { c2sPackets, s2cPackets, c2sBytes, s2cBytes } = counts
      return [`${proto} ${client} > ${server} ${port}`, c2sPackets, s2cPackets, c2sBytes, s2cBytes]
    })
    .sort()
  return { reports, truth }
}

/** What a platform has kept: the sums of each 4-tuple, and which reports came in. */
function keptBy(platformFolder: string): { rows: Row[]; reports: Set<number>; batches: number } {
  const db = new Database(join(platformFolder, 'platform.db'), { readonly: true })
  try {
    const sums = db
      .prepare(
        `SELECT proto || ' ' || client || ' > ' || server || ' ' || port AS tuple, sum(c2s_packets) AS a,
           sum(s2c_packets) AS b, sum(c2s_bytes) AS c, sum(s2c_bytes) AS d FROM flows GROUP BY 1 ORDER BY 1`,
      )
      .all() as { tuple: string; a: number; b: number; c: number; d: number }[]
    const assets = db.prepare(`SELECT address FROM assets WHERE address LIKE 'report %'`).all() as { address: string }[]
    const { batches } = db.prepare('SELECT count(*) AS batches FROM batches').get() as { batches: number }
    return {
      rows: sums.map(({ tuple, a, b, c, d }): Row => [tuple, a, b, c, d]).sort(),
      reports: new Set(assets.map(({ address }) => Number(address.split(' ')[1]))),
      batches,
    }
  } finally {
    db.close()
  }
}

/** What the sender says when there was no room: the test is then of nothing. */
const droppedBy = (sender: Program): string[] => sender.lines.filter((line) => !line.includes('"dropped":0'))

test(`killed ${KILLS} times at any moment (NPS_SEED=${SEED}): nothing that counted as reported is lost, and nothing is counted twice`, async () => {
  const random = new Random(SEED)
  const { reports, truth } = await reportsOf(KILLS * 5)
  const whole = await mergeBatches(reports.map((report) => openBatch(encodeBatch(report))))
  // All in one, the one that was offered before it, and one more at midnight: so much always fits, and much less than
  // all reports one by one, so that they are merged whenever the platform was away for a moment.
  const budget = String(Math.ceil(3.2 * whole.bytes.length))
  const list = join(folder, 'reports')
  writeFileSync(list, reports.map((report) => JSON.stringify(report)).join('\n'))
  const [spoolFolder, credential] = [join(folder, 'spool'), join(folder, 'credential')]

  const first = await TestPlatform.start()
  const { route } = await first.registered()
  await first.stop()
  const port = route.platform.port
  writeFileSync(credential, JSON.stringify({ ca: route.ca, key: route.key, cert: route.cert }))

  // The next report to be written: behind all that are safe. Which of the one cut off is true shows at the end.
  const tried = new Set<number>()
  const numbers = (): number[] => reports.map((_, at) => at).filter((at) => !tried.has(at))
  const worker = new Program('reporting', () => [spoolFolder, list, ...numbers().map(String)])
  const sender = new Program('sending', () => [spoolFolder, budget, port, credential])
  const platform = new Program('platform', () => [first.folder, port])
  programs.push(worker, sender, platform)

  const safe = (): Set<number> => new Set(worker.lines.map(Number))

  async function killAgainAndAgain(program: Program, times: number, longestMs: number): Promise<void> {
    program.start()
    for (let kill = 0; kill < times; kill++) {
      await program.nextLine()
      await pause(random.below(longestMs))
      await program.kill()
      if (program === worker) {
        for (const number of safe()) tried.add(number)
        // Perhaps it was being written: it counts as tried, and is looked for at the end.
        tried.add(numbers()[0] ?? 0)
      }
      program.start()
    }
  }
  const [ofWorker, ofSender] = [Math.ceil(KILLS * 0.5), Math.ceil(KILLS * 0.3)]
  await Promise.all([
    killAgainAndAgain(worker, ofWorker, 30),
    killAgainAndAgain(sender, ofSender, 200),
    // Away at first, until there is so much that reports are merged.
    until(() => sender.lines.some((line) => !line.includes('"merged":0')), 180_000).then(() =>
      killAgainAndAgain(platform, KILLS - ofWorker - ofSender, 300),
    ),
  ])

  const spool = new Spool(spoolFolder)
  const drained = async (): Promise<void> => until(async () => (await spool.list()).length === 0, 180_000)
  expect(await worker.end()).toBe(0)
  await drained()
  expect(droppedBy(sender)).toEqual([])
  const promised = safe()
  const before = keptBy(first.folder)
  expect([...promised].filter((number) => !before.reports.has(number))).toEqual([])

  // What was cut off before it was safe counts as not reported: a worker that lives reports it again.
  tried.clear()
  for (const number of before.reports) tried.add(number)
  const missing = numbers()
  expect(missing.filter((number) => promised.has(number))).toEqual([])
  worker.start()
  expect(await worker.end()).toBe(0)
  await drained()
  await sender.kill()
  expect(droppedBy(sender)).toEqual([])
  const { rows, reports: kept, batches } = keptBy(first.folder)
  expect([...reports.keys()].filter((number) => !kept.has(number))).toEqual([])
  expect(rows).toEqual(truth)
  // Some were merged on the way.
  expect(batches).toBeLessThan(reports.length)
}, 600_000)
