import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { count } from '../../src/text/figures'
import { NODE_WORDS } from './as-shipped'
import { table } from './compare'
import type { Held, LoadedWorker } from './lag/loaded-worker'

const FLOWS = 1_000_000
const SHAPES = ['office', 'scan', 'flood']

/**
 * How long the event loop is held at most while flows are collected, reported, and regrouped, with packets at all times
 * in between: by the clock, and in CPU time, which is not the other programs' doing.
 */
export async function run(): Promise<void> {
  const rows = SHAPES.map((shape) => {
    const program = join(__dirname, 'lag', 'loaded-worker.js')
    const { stdout } = spawnSync(process.execPath, [...NODE_WORDS, program, shape, String(FLOWS)], { encoding: 'utf8' })
    const { liveFlows, rows, rssMb, filling, collecting, updating, regrouping } = JSON.parse(stdout) as LoadedWorker
    const held = ({ maxMs, p99Ms, heldMs }: Held): string => `${maxMs} / ${p99Ms} / ${heldMs}`
    return [
      shape,
      count(liveFlows),
      count(rows),
      String(rssMb),
      ...[filling, collecting, updating, regrouping].map(held),
    ]
  })
  process.stdout.write(
    `lag: ${count(FLOWS)} live flows; ms of event-loop lag, most / 99th percentile / most in CPU time\n\n`,
  )
  const heading = ['', 'flows', 'rows', 'RSS MB', 'packets only', 'collect', 'update', 'regroup']
  process.stdout.write(`${table([heading, ...rows])}\n`)
}
