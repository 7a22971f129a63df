import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { buildTraffic } from './build-traffic'
import { writePcap } from './pcap-file'

/**
 * Make sure the demo's mirror port has something to replay: ten minutes of a small company, built when the file is
 * not there yet. Rejects with Node's own error when it cannot be written; nothing half-written stays.
 */
export async function ensureDemoCapture(path: string): Promise<void> {
  if (existsSync(path)) return
  await mkdir(dirname(path), { recursive: true })
  const beside = `${path}.${process.pid}.part`
  try {
    await writePcap(beside, buildTraffic({ seed: 1, minutes: 10 }).frames)
    await rename(beside, path)
  } finally {
    await rm(beside, { force: true })
  }
}
