import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SensorStatus } from '../../src/sensor/messages'
import { Nfcapd, nfdumpTest } from '../export/nfcapd'
import { NPS } from '../system/terminals/serial-console'
import { until } from '../until'
import { Simulated } from './simulated'

/** Somebody has a collector already, and writes its address into the settings of an appliance that runs. */

let appliance: Simulated
let nfcapd: Nfcapd
beforeAll(async () => {
  appliance = await Simulated.start()
  nfcapd = await Nfcapd.start()
}, 60_000)
afterAll(async () => {
  nfcapd.kill()
  await appliance.close()
})

const status = async (): Promise<SensorStatus> => (await appliance.shows('status')) as SensorStatus

/** Write the address of a collector down, as with an editor, and have a delivery each second. */
function setCollector(url: string): void {
  const text = appliance.settings('sensor').replace(/^export\[\].*$/m, `export[] = ${url}`)
  writeFileSync(
    join(appliance.folder, 'settings', 'sensor.ini'),
    text.replace(/^export-seconds.*$/m, 'export-seconds = 1'),
  )
}

nfdumpTest(
  'flows arrive from an edited settings file, and a line that cannot be is said with its place',
  async () => {
    const nps = (...args: string[]) =>
      promisify(execFile)(process.execPath, [NPS, ...args, '--folder', appliance.folder])
    await nps('personalize', appliance.code)
    setCollector('http://192.0.2.1')
    await until(async () => (await status()).settingsTrouble.length > 0)
    expect((await status()).settingsTrouble[0]).toMatch(/^sensor\.ini:\d+ .*export.*not a collector such as ipfix:/)
    setCollector(`ipfix://127.0.0.1:${nfcapd.port}`)
    await until(async () => (await status()).worker.counters.flowsExported > 0, 60_000)
    expect((await status()).settingsTrouble).toEqual([])
    expect((await nps('show', 'status')).stdout).toMatch(/^Exported +[\d,]+ flow records, 0 could not be sent$/m)
    const sensorId = /^sensor-id = (\S+)/m.exec(appliance.state('registration'))?.[1]
    const { flows, log } = await nfcapd.stop()
    expect(flows.length).toBeGreaterThan(0)
    expect(log).toContain(`Observation domain ${Number.parseInt(sensorId!.slice(0, 8), 16)}`)
  },
  120_000,
)
