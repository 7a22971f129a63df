import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildTraffic, type TrafficSettings } from '../../src/host/simulated/traffic/build-traffic'
import { writePcap, type PcapTotals } from '../../src/host/simulated/traffic/pcap-file'

/** About a million packets: five hundred people for twenty minutes. */
const SETTINGS: TrafficSettings = { seed: 1, minutes: 20, hosts: 500 }

const BUILDER = resolve(__dirname, '../../src/host/simulated/traffic')
const PREFIX = 'nps-bench-'

export interface BenchCapture extends PcapTotals {
  path: string
}

/** A large made capture in the system's temporary folder, built once for each version of the builder. */
export async function benchCapture(): Promise<BenchCapture> {
  const name = `${PREFIX}${builderDigest()}`
  const path = join(tmpdir(), `${name}.pcap`)
  const totalsPath = join(tmpdir(), `${name}.json`)
  const known = readJson(totalsPath)
  if (known) return { path, ...known }
  for (const file of readdirSync(tmpdir())) if (file.startsWith(PREFIX)) rmSync(join(tmpdir(), file), { force: true })
  process.stderr.write('Building a capture of about a million packets (450 MB) ...\n')
  const beside = `${path}.part`
  const totals = await writePcap(beside, buildTraffic(SETTINGS).frames)
  renameSync(beside, path)
  writeFileSync(totalsPath, JSON.stringify(totals))
  return { path, ...totals }
}

/** Changes when the builder may build something else. */
function builderDigest(): string {
  const hash = createHash('sha256').update(JSON.stringify(SETTINGS))
  const files = readdirSync(BUILDER, { recursive: true, encoding: 'utf8' }).sort()
  for (const file of files) {
    if (statSync(join(BUILDER, file)).isFile()) hash.update(readFileSync(join(BUILDER, file)))
  }
  return hash.digest('hex').slice(0, 12)
}

function readJson(path: string): PcapTotals | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PcapTotals
  } catch {
    return undefined
  }
}
