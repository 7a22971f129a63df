import { spawnSync } from 'node:child_process'
import { existsSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CAPTURE_TOOLS_FOLDER } from '../captures/where'
import { benchCapture, type BenchCapture } from './bench-capture'

/** A capture that worker benchmarks read. */
export interface ReferenceCapture extends Pick<BenchCapture, 'path' | 'packets'> {
  name: string
}

/** Makes the workloads that figures of the peers were first measured on: two million packets each. */
const GENERATOR = join(CAPTURE_TOOLS_FOLDER, 'gen_traffic.mjs')
const PACKETS = 2_000_000

/** The same for five times as long: what a program takes to start is then next to nothing. */
const LONG_PACKETS = 5 * PACKETS
const LONG_SECONDS = 600
const LONG_CONNECTIONS = 260_000

const SNAPPED = ['--out', '/dev/null', '--snap', '128', '--out-snap']

const MIXED = 'nps-reference-mixed-snap-128.pcap'
const WHOLE = 'nps-reference-mixed.pcap'
const LONG = 'nps-reference-mixed-long-snap-128.pcap'
const SMALL = 'nps-reference-64-bytes.pcap'

/**
 * The reference captures, where their generator lies beside the captures, built once into the system's temporary
 * folder; and without it the capture that we make ourselves.
 */
export async function referenceCaptures(): Promise<ReferenceCapture[]> {
  if (!existsSync(GENERATOR)) {
    const capture = await benchCapture()
    return [{ ...capture, name: `${Math.round(capture.bytes / 1e6)} MB of an office and a plant` }]
  }
  const long = ['--packets', LONG_PACKETS, '--conns', LONG_CONNECTIONS, '--seconds', LONG_SECONDS, ...SNAPPED]
  return [
    { path: built(MIXED, SNAPPED), packets: PACKETS, name: 'mixed, snapped at 128 bytes' },
    { path: built(LONG, long), packets: LONG_PACKETS, name: 'mixed, snapped at 128 bytes' },
    { path: built(SMALL, ['--mode', 'small', '--out']), packets: PACKETS, name: 'frames of 64 bytes' },
  ]
}

/** The first of them with whole frames, as they are on the wire: 1.4 GB. Without the generator, again what we make ourselves. */
export async function wholeReferenceCapture(): Promise<ReferenceCapture> {
  if (!existsSync(GENERATOR)) return (await referenceCaptures())[0]!
  return { path: built(WHOLE, ['--out']), packets: PACKETS, name: 'mixed, whole frames' }
}

function built(name: string, args: (string | number)[]): string {
  const path = join(tmpdir(), name)
  if (existsSync(path)) return path
  process.stderr.write(`Building ${name} ...\n`)
  const { status, stderr } = spawnSync(process.execPath, [GENERATOR, ...args.map(String), `${path}.part`], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${name} could not be built: ${stderr}`)
  renameSync(`${path}.part`, path)
  return path
}
