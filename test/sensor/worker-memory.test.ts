import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LEAST_MEMORY_MEGABYTES, tableSizes } from '../../src/capture/memory-budget'
import { NO_COUNTERS, type WorkerCounters, type WorkerSettings } from '../../src/capture/messages'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { decodeBatch } from '../../src/report/batch-format/decode'
import { Spool } from '../../src/report/spool/spool'
import { WorkerSupervisor } from '../../src/sensor/worker-supervisor'
import { pcap } from '../capture/capture-bytes'
import { until } from '../until'
import { ethernet, ipv4, PROTOCOL, tcp } from '../wire/frames'

const PROGRAM = join(__dirname, '../../src/capture/main.js')
const SLOW_MS = 60_000

/** What V8 has for new objects beside the old ones that it is given a limit for, on 64 bits: three spaces of 16 MB. */
const YOUNG_MEGABYTES = 48

let folder: string
let supervisor: WorkerSupervisor | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-memory-'))
})
afterEach(async () => {
  await supervisor?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** A SYN of each of so many connections, in a fraction of a second. */
function connections(count: number): Buffer {
  const packet = ipv4(tcp(0x02), { source: '10.0.0.0', destination: '203.0.113.5', protocol: PROTOCOL.tcp })
  const frame = ethernet('0800', packet)
  const one = pcap([{ frame, atMicros: 0, wireBytes: frame.length }])
  const header = one.subarray(0, one.length - frame.length - 16)
  const record = one.subarray(header.length)
  const all = Buffer.concat([header, Buffer.alloc(count * record.length)])
  for (let number = 0, at = header.length; number < count; number++, at += record.length) {
    record.copy(all, at)
    all.writeUInt32LE(number, at + 4)
    // The last two bytes of the address, and the port.
    all.writeUInt16BE(number >>> 15, at + 16 + 14 + 14)
    all.writeUInt16BE(1024 + (number & 0x7fff), at + 16 + 14 + 20)
  }
  return all
}

async function packetsSpooled(): Promise<number> {
  const spool = new Spool(join(folder, 'spool'))
  let packets = 0
  for (const { id } of await spool.list()) {
    const { flows } = decodeBatch(await spool.read(id))
    for (const { c2sPackets, s2cPackets } of flows) packets += c2sPackets + s2cPackets
  }
  return packets
}

test(
  'tables and heap are as large as the setting says; another size starts another worker, with nothing lost or counted twice',
  async () => {
    const { flows } = tableSizes(LEAST_MEMORY_MEGABYTES)
    const mirror = join(folder, 'mirror.pcap')
    writeFileSync(mirror, connections(flows + 10_000))
    const heaps = join(folder, 'heaps')
    const program = join(folder, 'worker.js')
    writeFileSync(
      program,
      `require('fs').appendFileSync(${JSON.stringify(heaps)}, require('v8').getHeapStatistics().heap_size_limit + ' ')
       require(${JSON.stringify(PROGRAM)}).runWorker()`,
    )
    /** What each worker has counted last, by its process. */
    const last = new Map<number, WorkerCounters>()
    const settings: WorkerSettings = {
      source: { kind: 'replay', path: mirror, speed: 1 },
      method: 'auto',
      groups: DEFAULT_ASSET_GROUPS,
      dropDuplicates: false,
      openOverlays: false,
      memoryMegabytes: LEAST_MEMORY_MEGABYTES,
      inventory: { industrial: true, fingerprints: true, ignoredHostnames: [] },
      newAssetsSeconds: 3600,
      updatesSeconds: 3600,
      spoolFolder: join(folder, 'spool'),
      sensing: true,
    }
    let mostFlows = 0
    const made = new WorkerSupervisor({
      program,
      log: () => undefined,
      onChange: () => {
        if (made.pid !== undefined) last.set(made.pid, made.counters)
        mostFlows = Math.max(mostFlows, made.counters.liveFlows)
      },
      onTrouble: () => undefined,
      onSpooled: () => undefined,
    })
    supervisor = made

    made.configure(settings)
    await until(() => made.counters.packets > flows + 10_000)
    const first = made.pid!
    expect(mostFlows).toBe(flows)
    expect(made.counters.residentMegabytes).toBeGreaterThan(50)
    expect(made.counters.residentMegabytes).toBeLessThan(LEAST_MEMORY_MEGABYTES)

    made.configure({ ...settings, memoryMegabytes: 1024 })
    await until(() => made.pid !== first && made.counters.liveFlows === flows + 10_000)
    expect([made.restarts, made.trouble]).toEqual([0, ''])
    await made.stop()

    expect(last.size).toBe(2)
    const counted = [...last.values()].reduce((sum, { packets }) => sum + packets, NO_COUNTERS.packets)
    expect(await packetsSpooled()).toBe(counted)
    const limits = readFileSync(heaps, 'utf8').trim().split(' ')
    const megabytes = limits.map((bytes) => Number(bytes) / 2 ** 20 - YOUNG_MEGABYTES)
    expect(megabytes).toEqual([LEAST_MEMORY_MEGABYTES, 1024].map((budget) => tableSizes(budget).heapMegabytes))
  },
  SLOW_MS,
)
