import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NO_COUNTERS, type FromWorker, type WorkerSettings } from '../../src/capture/messages'
import { DEFAULT_ASSET_GROUPS, type AssetGroups } from '../../src/flow/asset-groups'
import { buildTraffic } from '../../src/host/simulated/traffic/build-traffic'
import { writePcap } from '../../src/host/simulated/traffic/pcap-file'
import { until } from '../until'
import { freePort, Nfcapd, nfdumpTest, type NfdumpFlow } from './nfcapd'

const PROGRAM = join(__dirname, '../../src/capture/main.js')
const SLOW_MS = 60_000

let folder = ''
let capture = ''
let nfcapd: Nfcapd | undefined
let worker: ChildProcess | undefined
let told: FromWorker[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nps-export-'))
  capture = join(folder, 'office.pcap')
  await writePcap(capture, buildTraffic({ seed: 5, minutes: 2, hosts: 6 }).frames)
})
afterEach(() => {
  worker?.kill('SIGKILL')
  worker = undefined
  nfcapd?.kill()
  nfcapd = undefined
  rmSync(join(folder, 'spool'), { recursive: true, force: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The worker as a sensor runs it, on the made capture, with a delivery each second. */
function start(port: number, groups: AssetGroups): void {
  told = []
  worker = fork(PROGRAM, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  worker.on('message', (message) => told.push(message as FromWorker))
  const settings: WorkerSettings = {
    source: { kind: 'replay', path: capture, speed: 30 },
    method: 'auto',
    dropDuplicates: false,
    openOverlays: false,
    memoryMegabytes: 896,
    inventory: { industrial: true, fingerprints: true, ignoredHostnames: [] },
    groups,
    newAssetsSeconds: 3600,
    updatesSeconds: 3600,
    spoolFolder: join(folder, 'spool'),
    flowExport: {
      collectors: [`ipfix://127.0.0.1:${port}`],
      seconds: 1,
      externalAddresses: false,
      sensorId: '2f1f0a52-84b6-4f0e-9c39-2f0f6d0c7a11',
    },
    sensing: true,
  }
  worker.send({ type: 'settings', settings })
}

async function stop(): Promise<void> {
  const ended = new Promise((resolve) => worker?.once('exit', resolve))
  worker?.send({ type: 'stop' })
  expect(await ended).toBe(0)
}

function counters() {
  const last = told.findLast((message) => message.type === 'heartbeat')
  return last?.type === 'heartbeat' ? last.counters : NO_COUNTERS
}

const trouble = (): string => {
  const last = told.findLast((message) => message.type === 'trouble')
  return last?.type === 'trouble' ? last.text : ''
}

const packetsIn = (flows: NfdumpFlow[]): number =>
  flows.reduce((sum, flow) => sum + flow.in_packets + (flow.out_packets ?? 0), 0)

/** Everything is tracked. */
const ALL_OURS: AssetGroups = { ...DEFAULT_ASSET_GROUPS, inventoried: ['0.0.0.0/0', '::/0'] }

nfdumpTest(
  'over many deliveries the collector has every packet that the worker counted, and missed no message',
  async () => {
    nfcapd = await Nfcapd.start()
    start(nfcapd.port, ALL_OURS)
    await until(() => counters().flowsExported > 0)
    const before = counters().flowsExported
    await until(() => counters().flowsExported > before)
    await stop()
    const { flows, sequenceErrors } = await nfcapd.stop()
    expect(flows).toHaveLength(counters().flowsExported)
    expect(counters().flowsNotExported).toBe(0)
    expect(packetsIn(flows)).toBe(counters().flowPackets)
    expect(sequenceErrors).toBe(0)
    expect(flows.some(({ in_src_mac }) => in_src_mac !== undefined && in_src_mac !== '00:00:00:00:00:00')).toBe(true)
    expect(flows.some(({ src6_addr }) => src6_addr !== undefined)).toBe(true)
  },
  SLOW_MS,
)

nfdumpTest(
  'a collector that is away is said and counted; one that comes back understands what it gets, and no external address is in it',
  async () => {
    const port = await freePort()
    start(port, DEFAULT_ASSET_GROUPS)
    await until(() => trouble().includes('nobody listens there'))
    expect(trouble()).toBe(`Flows cannot be exported to ipfix://127.0.0.1:${port}: nobody listens there.`)
    nfcapd = await Nfcapd.start(port)
    await until(() => trouble() === '')
    const before = counters().flowsExported
    await until(() => counters().flowsExported > before)
    await stop()
    const { flows, log } = await nfcapd.stop()
    expect(flows.length).toBeGreaterThan(0)
    expect(log).not.toMatch(/[Nn]o template|[Uu]nknown template/)
    const addresses = flows.flatMap(({ src4_addr, dst4_addr }) => [src4_addr, dst4_addr])
    expect(addresses).toContain('0.0.0.0')
    expect(addresses.filter((address) => address?.startsWith('203.0.113.'))).toEqual([])
  },
  SLOW_MS,
)
