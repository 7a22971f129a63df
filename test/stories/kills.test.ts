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
import { Spool } from '../../src/report/spool/spool'
import type { Batch } from '../../src/report/summary'
import { closeAll } from '../link/parties'
import { TestPlatform } from '../link/real-platform'
import { until } from '../until'
import { LINK } from '../wire/frames'
import { Program } from './kills/program'

/** How often something is killed; the worker, the sensor's upload and the platform in turn. */
const KILLS = Number(process.env.NPS_KILLS ?? (process.env.CI ? 300 : 60))
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
  const traffic = buildTraffic({ seed: SEED, minutes: 10, hosts: 150 })
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

test(`killed ${KILLS} times at any moment: nothing that counted as reported is lost, and nothing is counted twice`, async () => {
  const random = new Random(SEED)
  const { reports, truth } = await reportsOf(KILLS * 5)
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
  const sender = new Program('sending', () => [spoolFolder, port, credential])
  const platform = new Program('platform', () => [first.folder, port])
  programs.push(worker, sender, platform)

  const kills = { worker: 0, sender: 0, platform: 0 }
  const left = (): boolean => kills.worker + kills.sender + kills.platform < KILLS
  const safe = (): Set<number> => new Set(worker.lines.map(Number))

  async function killAgainAndAgain(program: Program, name: keyof typeof kills, longestMs: number): Promise<void> {
    program.start()
    while (left()) {
      await program.nextLine()
      await pause(random.below(longestMs))
      if (!left()) return
      kills[name]++
      await program.kill()
      if (program === worker) {
        for (const number of safe()) tried.add(number)
        // Perhaps it was being written: it counts as tried, and is looked for at the end.
        tried.add(numbers()[0] ?? 0)
      }
      program.start()
    }
  }
  await Promise.all([
    killAgainAndAgain(worker, 'worker', 30),
    killAgainAndAgain(sender, 'sender', 200),
    killAgainAndAgain(platform, 'platform', 300),
  ])
  process.stderr.write(`Kills: ${JSON.stringify(kills)}, NPS_SEED=${SEED}\n`)

  const spool = new Spool(spoolFolder)
  const drained = async (): Promise<void> => until(async () => (await spool.list()).length === 0, 60_000)
  expect(await worker.end()).toBe(0)
  await drained()
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
  const dropped = sender.lines.filter((line) => (JSON.parse(line) as { dropped: number }).dropped > 0)
  expect(dropped).toEqual([])
  const { rows, batches } = keptBy(first.folder)
  expect(rows).toEqual(truth)
  // Some were merged on the way, or that was not tried.
  expect(batches).toBeLessThan(reports.length)
}, 600_000)
