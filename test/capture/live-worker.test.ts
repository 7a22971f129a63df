import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { FromWorker, PortCounters, WorkerSettings } from '../../src/capture/messages'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { decodeBatch } from '../../src/report/batch-format/decode'
import { Spool } from '../../src/report/spool/spool'
import { findings } from '../../src/health/verdict'
import { office, tcpAt } from '../health/made-feed'
import { until } from '../until'
import { ethernet, ipv4, PROTOCOL, tcp } from '../wire/frames'
import { Cables, liveTest } from './mirror-port'

const PROGRAM = join(__dirname, '../../src/capture/main.js')

describe.each(['ring', 'pcap'] as const)('the worker on real ports, by %s', (method) => {
  const live = liveTest(method)
  let cables: Cables
  let worker: ChildProcess
  let told: FromWorker[]

  beforeEach(() => {
    cables = new Cables()
    cables.plug('second')
    start()
  })

  const start = (): void => {
    told = []
    worker = fork(PROGRAM, [], {
      execPath: 'ip',
      execArgv: [...cables.inside, process.execPath],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    worker.on('message', (message) => told.push(message as FromWorker))
  }

  afterEach(() => {
    worker.kill('SIGKILL')
    cables.remove()
  })

  const spoolFolder = (): string => join(cables.folder, 'spool')

  const listen = (names: string[], changes: Partial<WorkerSettings> = {}): void => {
    const settings: WorkerSettings = {
      source: { kind: 'interface', names },
      method,
      dropDuplicates: false,
      openOverlays: false,
      memoryMegabytes: 896,
      inventory: { industrial: true, fingerprints: true, ignoredHostnames: [] },
      groups: DEFAULT_ASSET_GROUPS,
      newAssetsSeconds: 3600,
      updatesSeconds: 3600,
      spoolFolder: spoolFolder(),
      sensing: true,
      ...changes,
    }
    worker.send({ type: 'settings', settings })
  }

  const heartbeat = (): (FromWorker & { type: 'heartbeat' }) | undefined =>
    told.findLast((message) => message.type === 'heartbeat')

  const port = (name: string): PortCounters | undefined => heartbeat()?.ports.find((each) => each.name === name)

  const isOpen = (name: string) => (): boolean => port(name)?.method === (method === 'pcap' ? 'libpcap' : method)

  const trouble = (): string => told.findLast((message) => message.type === 'trouble')?.text ?? ''

  /** Frames of so many hosts, all to one server. */
  const frames = (hosts: number): Buffer[] =>
    Array.from({ length: hosts }, (_, host) => {
      const packet = ipv4(tcp(0x02, 40_000, 443), {
        source: `10.0.0.${1 + host}`,
        destination: '203.0.113.5',
        protocol: PROTOCOL.tcp,
      })
      return Buffer.concat([ethernet('0800', packet), Buffer.alloc(6)])
    })

  live('several ports at once: each has its counters, and all make the flows', async () => {
    listen(['mirror', 'second'])
    await until(isOpen('mirror'))
    await until(isOpen('second'))
    await cables.send(frames(3), { port: 'mirror-switch' })
    await cables.send(frames(5), { port: 'second-switch', times: 2 })
    await until(() => heartbeat()?.counters.packets === 13)
    expect(heartbeat()?.ports).toEqual([
      expect.objectContaining({ name: 'mirror', packets: 3, bytes: 3 * 60, kernelDrops: 0, portDrops: 0 }),
      expect.objectContaining({ name: 'second', packets: 10, bytes: 10 * 60, kernelDrops: 0, portDrops: 0 }),
    ])
    const exit = new Promise((resolve) => worker.once('exit', resolve))
    worker.send({ type: 'stop' })
    expect(await exit).toBe(0)
    const spool = new Spool(spoolFolder())
    const batches = await Promise.all((await spool.list()).map(async ({ id }) => decodeBatch(await spool.read(id))))
    const flows = batches.flatMap((batch) => batch.flows)
    expect(flows.map((flow) => flow.c2sPackets).sort()).toEqual([2, 2, 3, 3, 3])
  })

  live('a port that is added, removed or taken away does not disturb the others', async () => {
    listen(['mirror'])
    await until(isOpen('mirror'))
    const sending = cables.send(frames(10), { port: 'mirror-switch', times: 200, rate: 500 })
    await until(() => (port('mirror')?.packets ?? 0) > 0)
    listen(['mirror', 'second', 'nps-none'])
    await until(isOpen('second'))
    expect(trouble()).toBe('There is no port nps-none on this machine.')
    listen(['second', 'mirror'])
    await until(() => trouble() === '')
    cables.ip('link', 'del', 'second')
    await until(() => trouble().includes('second'))
    cables.plug('second')
    await until(isOpen('second'))
    await until(() => trouble() === '')
    await cables.send(frames(5), { port: 'second-switch' })
    await until(() => port('second')?.packets === 5)
    await sending
    await until(() => port('mirror')?.packets === 2000)
    expect(heartbeat()?.counters).toMatchObject({ packets: 2005, kernelDrops: 0 })
  })

  live('a mirror session of one direction is found out, and the port is known', async () => {
    const healthy = office(1, 0.5)
    const oneDirection = healthy.filter((frame) => {
      const at = tcpAt(frame)
      return at === undefined || frame.bytes.readUInt16BE(at) < frame.bytes.readUInt16BE(at + 2)
    })
    const causes = (): string[] => {
      const { health, atMs } = heartbeat()!
      return findings(health, { nowMs: atMs, ratedBitsPerSecond: 0 }).map(({ cause }) => cause)
    }
    const bytesOf = (frames: { bytes: Buffer }[]): Buffer[] => frames.map(({ bytes }) => bytes)
    listen(['mirror'])
    await until(isOpen('mirror'))
    await cables.send(bytesOf(healthy), { rate: 3000 })
    await until(() => port('mirror')?.packets === healthy.length)
    await until(() => heartbeat()!.health.recent.twoWay > 10)
    expect(causes()).toEqual([])
    // What a veth pair says of its speed.
    expect(heartbeat()!.health.portBitsPerSecond).toBe(10e9)
    worker.kill('SIGKILL')
    start()
    listen(['second'])
    await until(isOpen('second'))
    await cables.send(bytesOf(oneDirection), { port: 'second-switch', rate: 3000 })
    await until(() => causes().includes('one-way'))
  })

  live('paused it closes its ports, and counts on when it goes on', async () => {
    listen(['mirror'])
    await until(isOpen('mirror'))
    await cables.send(frames(3))
    await until(() => port('mirror')?.packets === 3)
    listen(['mirror'], { sensing: false })
    await until(() => port('mirror')?.method === '')
    await cables.send(frames(3))
    listen(['mirror'])
    await until(isOpen('mirror'))
    await cables.send(frames(3))
    await until(() => port('mirror')?.packets === 6)
  })
})
