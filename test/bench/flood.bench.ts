import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { DEFAULT_MEMORY_MEGABYTES } from '../../src/capture/memory-budget'
import { count } from '../../src/text/figures'
import { NODE_WORDS } from './as-shipped'
import { table } from './compare'
import type { Flooded } from './flood/flooded-worker'

/** Made-up clients, every address of a /8, network cards, and what machines say. */
const FLOODS = [
  { name: 'made-up 4-tuples', shape: 'tuples', packets: 50_000_000 },
  { name: 'a scan of 10.0.0.0/8', shape: 'scan', packets: 1 << 24 },
  { name: 'MACs and addresses', shape: 'macs', packets: 1_000_000 },
  { name: 'names of 50,000 machines', shape: 'names', packets: 4_000_000 },
]

/** What floods do to the tables of a worker: their memory, and whether all is counted and the heaviest is still told. */
export async function run(): Promise<void> {
  const rows = FLOODS.map(({ name, shape, packets }) => {
    const program = join(__dirname, 'flood', 'flooded-worker.js')
    const args = [...NODE_WORDS, program, shape, String(packets), String(DEFAULT_MEMORY_MEGABYTES)]
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (stdout === '') throw new Error(stderr)
    const { reported, heavySent, heavyReported, rssMb, turnedAway, cpuSeconds } = JSON.parse(stdout) as Flooded
    return [
      name,
      count(packets),
      count(reported),
      `${count(heavyReported)} of ${count(heavySent)}`,
      count(turnedAway),
      rssMb.join(' / '),
      cpuSeconds.toFixed(0),
    ]
  })
  process.stdout.write(
    `flood: the tables of a worker that may take ${DEFAULT_MEMORY_MEGABYTES} MB, of which 64 are for rings that are not here;\n` +
      'every thousandth packet is of one client that is to be found again.\n' +
      'Memory: before the first packet, after a fifth of them, and at most.\n\n',
  )
  const heading = ['', 'packets', 'in reports', 'of that client', 'turned away', 'MB', 'CPU s']
  process.stdout.write(`${table([heading, ...rows])}\n`)
}
