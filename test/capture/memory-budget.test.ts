import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import {
  LEAST_MEMORY_MEGABYTES,
  memoryTrouble,
  MOST_MEMORY_MEGABYTES,
  tableSizes,
} from '../../src/capture/memory-budget'
import type { Flooded } from '../bench/flood/flooded-worker'

const FLOODED_WORKER = join(__dirname, '../bench/flood/flooded-worker.js')

/** The rings of the ports, which a worker that reads no port has not. */
const RINGS_MEGABYTES = 64

const SLOW_MS = 120_000

test('more memory is more room in every table, up to what the tables can be', () => {
  let before = tableSizes(LEAST_MEMORY_MEGABYTES)
  for (const megabytes of [640, 896, 2048, MOST_MEMORY_MEGABYTES]) {
    const sizes = tableSizes(megabytes)
    for (const table of Object.keys(sizes) as (keyof typeof sizes)[]) {
      expect([table, sizes[table] > before[table]]).toEqual([table, true])
    }
    before = sizes
  }
  // V8 has maps of 2^24 entries, and arrays of 2^32 - 1 bytes here and there.
  expect(before.addresses).toBeLessThan(2 ** 24)
})

test('a worker that may take more than its machine can spare is spoken of', () => {
  expect(memoryTrouble(896, 2e9)).toBe('')
  expect(memoryTrouble(896, 1e9)).toBe(
    'The worker may take 896 MB, and this machine has 1000 MB in all: with full tables the system would end it. Set memory-megabytes to 750 at most.',
  )
  expect(memoryTrouble(512, 0.5e9)).toMatch('It needs more memory.')
})

test.each([
  ['made-up 4-tuples', 'tuples', 700_000],
  ['a scan', 'scan', 700_000],
  ['MACs and addresses', 'macs', 200_000],
  ['what machines say', 'names', 600_000],
])(
  'a flood of %s stays within the least memory there is, with all totals exact and the heaviest found again',
  (_what, shape, packets) => {
    const node = [`--max-old-space-size=${tableSizes(LEAST_MEMORY_MEGABYTES).heapMegabytes}`, FLOODED_WORKER]
    const args = [...node, shape, String(packets), String(LEAST_MEMORY_MEGABYTES)]
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect(stderr).toBe('')
    const { reported, heavySent, heavyReported, rssMb } = JSON.parse(stdout) as Flooded
    expect(reported).toBe(packets)
    // Its address is a made-up one's, too, once at most.
    expect([heavySent, heavySent + 1]).toContain(heavyReported)
    expect(Math.max(...rssMb)).toBeLessThan(LEAST_MEMORY_MEGABYTES - RINGS_MEGABYTES)
  },
  SLOW_MS,
)
