import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { FileSource } from '../../src/capture/file-source'
import { DEFAULT_ASSET_GROUPS, type AssetGroups } from '../../src/flow/asset-groups'
import { FlowMeter } from '../../src/flow/flow-meter'
import { decodeBatch } from '../../src/report/batch-format/decode'
import { encodeBatch } from '../../src/report/batch-format/encode'
import { Reporter } from '../../src/report/reporter'
import type { Batch } from '../../src/report/summary'
import { count } from '../../src/text/figures'
import { isCommand, median, table } from './compare'
import { referenceCaptures, type ReferenceCapture } from './reference-captures'

const ROUNDS = 9

/** The reports of a capture: as they are by default, and the hardest there are, with every address in them. */
const WORLDS: { name: string; groups: AssetGroups }[] = [
  {
    name: 'external addresses as one, as shipped',
    groups: { ...DEFAULT_ASSET_GROUPS, inventoried: [...DEFAULT_ASSET_GROUPS.inventoried, 'fd00::/8'] },
  },
  {
    name: 'every address by itself',
    groups: { ...DEFAULT_ASSET_GROUPS, nonInventoried: ['0.0.0.0/0', '::/0'] },
  },
]

/** Bytes a summary takes in the spool and on the line to the platform, and what writing and reading it costs. */
export async function run(): Promise<void> {
  const [capture] = await referenceCaptures()
  for (const { name, groups } of WORLDS) {
    const batches = await batchesOf(capture!.path, groups)
    const rows = batches.reduce((sum, batch) => sum + batch.flows.length, 0)
    const shown = [
      measured('nps-report(5)', batches, rows, encodeBatch, decodeBatch),
      measured('the same in JSON, gzipped', batches, rows, zipped, unzipped),
      ['IPFIX records with the same fields', ipfixBytes(batches, rows).toFixed(2), '-', '-'],
    ]
    process.stdout.write(`report: ${count(rows)} summaries of ${capture!.name}, ${name}\n`)
    process.stdout.write('CPU time of this process, median of rounds in turn.\n\n')
    const heading = ['', 'bytes a summary', 'us to write', 'us to read']
    process.stdout.write(`${table([heading, ...shown])}\n`)
  }
  process.stdout.write(nfpcapdLines(capture!))
}

/** One report of everything in a capture, in the parts that a worker writes, without the assets. */
async function batchesOf(path: string, groups: AssetGroups): Promise<Batch[]> {
  const meter = new FlowMeter({ capacity: 1 << 19 })
  const reporter = new Reporter({ meter, groups, nowMs: Date.UTC(2025, 5, 15, 15) })
  await new FileSource(path).run(meter.packet)
  const batches: Batch[] = []
  const keep = { write: async (batch: Batch) => (batches.push({ ...batch, assets: [] }), batch.id) }
  await reporter.report('update', keep, Date.UTC(2025, 5, 15, 15, 30))
  return batches.filter((batch) => batch.flows.length > 0)
}

function measured(
  name: string,
  batches: readonly Batch[],
  rows: number,
  write: (batch: Batch) => Buffer,
  read: (bytes: Buffer) => unknown,
): string[] {
  const [writing, reading]: number[][] = [[], []]
  let bytes = 0
  for (let round = 0; round <= ROUNDS; round++) {
    const written: Buffer[] = []
    writing!.push(microsOf(() => batches.forEach((batch) => written.push(write(batch)))))
    reading!.push(microsOf(() => written.forEach((each) => read(each))))
    bytes = written.reduce((sum, each) => sum + each.length, 0)
  }
  // The first round is for the compiler.
  const each = (taken: number[]): string => (median(taken.slice(1)) / rows).toFixed(2)
  return [name, (bytes / rows).toFixed(2), each(writing!), each(reading!)]
}

function microsOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

const zipped = (batch: Batch): Buffer => gzipSync(JSON.stringify(batch))
const unzipped = (bytes: Buffer): unknown => JSON.parse(gunzipSync(bytes).toString())

/**
 * A data record of RFC 7011 with what a summary has: two addresses, port, protocol, four 64-bit counters and two times
 * in milliseconds. Set headers and templates come on top.
 */
function ipfixBytes(batches: readonly Batch[], rows: number): number {
  const [fixed, ipv4, ipv6] = [2 + 1 + 4 * 8 + 2 * 8, 4, 16]
  const flows = batches.flatMap((batch) => batch.flows)
  const isIpv6 = flows.filter(({ client, server }) => client.name.includes(':') || server.name.includes(':')).length
  return fixed + 2 * ipv4 + (2 * (ipv6 - ipv4) * isIpv6) / rows
}

/** What nfpcapd keeps of the same capture, and in how many flows: they are others, since it keeps the client's port. */
function nfpcapdLines({ path }: ReferenceCapture): string {
  if (!isCommand('nfpcapd') || !isCommand('nfdump')) return '  nfpcapd is not here: apt-get install nfdump\n'
  const rows = [
    ['as it is', []],
    ['LZ4 (-y)', ['-y']],
  ].map(([name, options]) => {
    const folder = mkdtempSync(join(tmpdir(), 'nps-bench-report-'))
    try {
      spawnSync('nfpcapd', [...(options as string[]), '-r', path, '-l', folder])
      const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
      const { stdout } = spawnSync('nfdump', ['-R', folder, '-I'], { encoding: 'utf8' })
      const flows = Number(/^Flows: (\d+)$/m.exec(stdout)?.[1])
      return [`nfpcapd, ${String(name)}`, (bytes / flows).toFixed(2), count(flows)]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
  return `${table([['', 'bytes a flow', 'flows'], ...rows])}\n`
}
