import { readdirSync, statSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildTraffic } from './build-traffic'
import { writePcap } from './pcap-file'

/**
 * Make sure the demo's mirror port has something to replay: ten minutes of a small company, built when the file is
 * not there yet or older than its builder. Rejects with Node's own error when it cannot be written; nothing
 * half-written stays.
 */
export async function ensureDemoCapture(path: string): Promise<void> {
  if (changedMs(path) > builderChangedMs()) return
  await mkdir(dirname(path), { recursive: true })
  const beside = `${path}.${process.pid}.part`
  try {
    await writePcap(beside, buildTraffic({ seed: 1, minutes: 10 }).frames)
    await rename(beside, path)
  } finally {
    await rm(beside, { force: true })
  }
}

/** When the builder, which is all of this folder, was last compiled. */
function builderChangedMs(): number {
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  return Math.max(...files.map((file) => changedMs(join(__dirname, file))))
}

/** -Infinity where nothing is. */
function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity
}
