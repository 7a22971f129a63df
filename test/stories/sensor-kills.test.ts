import { readdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'libsql'
import { Random } from '../../src/host/simulated/traffic/random'
import { verifyNetwork } from '../../src/network/verify-network'
import { verifyProxy } from '../../src/network/verify-proxy'
import { connectControl } from '../../src/sensor/control-client'
import { places } from '../../src/settings/places'
import { openSettings } from '../../src/settings/settings'
import type { CaptureSource } from '../../src/settings/sensor-settings'
import { pcap } from '../capture/capture-bytes'
import { closeAll } from '../link/parties'
import { TestPlatform } from '../link/real-platform'
import { until } from '../until'
import { ethernet, ipv4, udp } from '../wire/frames'
import { added, NOTHING, readJournal, type Sums } from './kills/journal'
import { Program } from './kills/program'

const KILLS = Number(process.env.NPS_SENSOR_KILLS ?? (process.env.CI ? 12 : 6))
/** In the name of the test. When a kill comes is up to the machine as well, so the same seed is not the same run. */
const SEED = Number(process.env.NPS_SEED ?? Date.now() % 1_000_000)

/** More rows than one batch has, so that reports are being written for a good part of the time. */
const CLIENTS = 9_000

let folder: string
const programs: Program[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-sensor-kills-'))
})
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.killAll()))
  await closeAll()
  rmSync(folder, { recursive: true, force: true })
})

function capture(): Buffer {
  const records = Array.from({ length: CLIENTS }, (_, client) => {
    const frame = ethernet(
      '0800',
      ipv4(udp(), { source: `10.1.${client >> 8}.${client & 255}`, destination: '10.0.0.2' }),
    )
    return { frame, atMicros: client * 25, wireBytes: frame.length }
  })
  return pcap(records)
}

async function listenTo(
  appliance: string,
  platform: { url: string; ca: string },
  source: CaptureSource,
): Promise<void> {
  const settings = await openSettings(places(appliance), { network: verifyNetwork, proxy: verifyProxy })
  await settings.saveSensor({
    ...settings.sensor,
    platform,
    capture: { ...settings.sensor.capture, source },
    report: { ...settings.sensor.report, newAssetsSeconds: 1, updatesSeconds: 1, heartbeatSeconds: 1 },
  })
  settings.close()
}

/** What a platform has kept. */
function keptBy(platformFolder: string): { batches: Set<string>; sums: Sums } {
  const db = new Database(join(platformFolder, 'platform.db'), { readonly: true })
  try {
    const batches = db.prepare('SELECT id FROM batches').all() as { id: string }[]
    const columns = ['c2s_packets', 's2c_packets', 'c2s_bytes', 's2c_bytes']
    const totals = columns.map((column) => `total(${column}) AS ${column}`).join(', ')
    const sums = db.prepare(`SELECT count(*) AS flows, ${totals} FROM flows`).get() as Record<string, number>
    return { batches: new Set(batches.map(({ id }) => id)), sums: ['flows', ...columns].map((column) => sums[column]!) }
  } finally {
    db.close()
  }
}

test(`a live sensor, the whole of it, and its platform killed ${KILLS} times (NPS_SEED=${SEED}): what was on disk arrives once`, async () => {
  const random = new Random(SEED)
  const appliance = join(folder, 'appliance')
  const mirror = join(folder, 'mirror.pcap')
  writeFileSync(mirror, capture())

  const first = await TestPlatform.start()
  const { code } = await first.newSensor(true)
  const port = first.route.platform.port
  const ca = join(first.folder, 'ca.pem')
  const url = `https://127.0.0.1:${port}`
  await listenTo(appliance, { url, ca }, { kind: 'replay', path: mirror, speed: 1 })
  const sensor = new Program('sensor', () => [appliance, String(port)])
  const platform = new Program('platform', () => [first.folder, String(port)])
  programs.push(sensor, platform)
  sensor.start()
  await sensor.nextLine()
  const control = await connectControl(places(appliance).socket)
  expect(await control.ask('personalize', { code })).toMatchObject({ ok: true })
  control.close()
  await first.stop()

  const spool = places(appliance).spool
  const journal = (): ReturnType<typeof readJournal> => readJournal(join(spool, '.journal'))
  const hasWritten = async (): Promise<void> => {
    const before = readdirSync(spool).includes('.journal') ? journal().tried.size : 0
    await until(() => readdirSync(spool).includes('.journal') && journal().tried.size > before)
  }
  platform.start()
  await hasWritten()
  for (let kill = 0; kill < KILLS; kill++) {
    // Mostly while batches are being written and sent.
    if (random.below(4) > 0) await hasWritten()
    await pause(random.below(400))
    const killed = kill % 3 === 2 ? platform : sensor
    // The worker of a sensor that dies alone writes down what it holds, while the next one is there already.
    if (kill % 3 === 1) await killed.kill()
    else await killed.killAll()
    killed.start()
    await killed.nextLine()
  }

  // A last time without traffic: what lies in the spool is sent.
  await sensor.killAll()
  await listenTo(appliance, { url, ca }, { kind: 'interface', names: ['none0'] })
  sensor.start()
  // What has a dot in front is the journal, and what a worker was writing when it was killed.
  await until(() => readdirSync(spool).every((name) => name.startsWith('.')), 180_000)
  await sensor.killAll()
  await platform.kill()

  const { tried, safe } = journal()
  const { batches, sums } = keptBy(first.folder)
  expect([...safe].filter((id) => !batches.has(id))).toEqual([])
  expect([...batches].filter((id) => !tried.has(id))).toEqual([])
  expect(sums).toEqual([...batches].map((id) => tried.get(id)!).reduce(added, NOTHING))
  expect(safe.size).toBeGreaterThan(KILLS / 4)
}, 300_000)
