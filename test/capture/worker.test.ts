import { fork, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NO_COUNTERS, type FromWorker, type WorkerCounters, type WorkerSettings } from '../../src/capture/messages'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { decodeBatch } from '../../src/report/batch-format/decode'
import { Spool } from '../../src/report/spool/spool'
import type { Batch } from '../../src/report/summary'
import { findings } from '../../src/health/verdict'
import { office } from '../health/made-feed'
import { CAPTURES_FOLDER, captureTest } from '../captures/captures-folder'
import { until } from '../until'
import { hex, ipv4, PROTOCOL, tcp } from '../wire/frames'
import { clientHello, handshake, record } from '../services/hello'
import { pcap } from './capture-bytes'

const PROGRAM = join(__dirname, '../../src/capture/main.js')

let folder: string
let settings: WorkerSettings
let worker: ChildProcess | undefined
let told: FromWorker[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-worker-'))
  const records = Array.from({ length: 32 }, (_, index) => {
    const host = 1 + (index % 4)
    const packet = ipv4(tcp(0x02), { source: `10.0.0.${host}`, destination: '203.0.113.5', protocol: PROTOCOL.tcp })
    const frame = hex('02 00 00 00 00 ff', `02 00 00 00 00 0${host}`, '0800', packet)
    return { frame, atMicros: index * 25_000, wireBytes: frame.length }
  })
  writeFileSync(join(folder, 'mirror.pcap'), pcap(records))
  settings = {
    source: { kind: 'replay', path: join(folder, 'mirror.pcap'), speed: 1 },
    method: 'auto',
    groups: DEFAULT_ASSET_GROUPS,
    dropDuplicates: false,
    openOverlays: false,
    memoryMegabytes: 896,
    inventory: { industrial: true, fingerprints: true, ignoredHostnames: [] },
    newAssetsSeconds: 3600,
    updatesSeconds: 3600,
    spoolFolder: join(folder, 'spool'),
    sensing: true,
  }
})

afterEach(() => {
  worker?.kill('SIGKILL')
  worker = undefined
  rmSync(folder, { recursive: true, force: true })
})

function start(): void {
  told = []
  worker = fork(PROGRAM, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  worker.on('message', (message) => told.push(message as FromWorker))
}

function configure(changes: Partial<WorkerSettings> = {}): void {
  settings = { ...settings, ...changes }
  worker?.send({ type: 'settings', settings })
}

function ended(): Promise<number | null> {
  return new Promise((resolve) => worker?.once('exit', resolve))
}

function counters(): Pick<
  WorkerCounters,
  'packets' | 'duplicates' | 'liveFlows' | 'batchesSpooled' | 'messagesUnread'
> {
  const last = told.findLast((message) => message.type === 'heartbeat')
  return last?.type === 'heartbeat' ? last.counters : NO_COUNTERS
}

const trouble = (): string | undefined => {
  const last = told.findLast((message) => message.type === 'trouble')
  return last?.type === 'trouble' ? last.text : undefined
}

async function batches(): Promise<Batch[]> {
  const spool = new Spool(settings.spoolFolder)
  const listed = await spool.list()
  return Promise.all(listed.map(async ({ id }) => decodeBatch(await spool.read(id))))
}

const packetsIn = (all: Batch[]): number =>
  all.flatMap((batch) => batch.flows).reduce((sum, flow) => sum + flow.c2sPackets + flow.s2cPackets, 0)

test('told to stop, it spools all it has counted and ends well', async () => {
  start()
  configure()
  await until(() => counters().packets > 4)
  const exit = ended()
  worker?.send({ type: 'stop' })
  expect(await exit).toBe(0)
  const all = await batches()
  expect(packetsIn(all)).toBe(counters().packets)
  expect(all.map((batch) => batch.kind)).toEqual(['update'])
  expect(all[0]?.flows.map(({ client, server, port }) => `${client.name} > ${server.name}:${port}`)).toEqual([
    '10.0.0.1 > External:443',
    '10.0.0.2 > External:443',
    '10.0.0.3 > External:443',
    '10.0.0.4 > External:443',
  ])
  expect(all[0]?.assets.map(({ address, mac }) => `${address} ${mac}`)).toEqual(
    [1, 2, 3, 4].map((host) => `10.0.0.${host} 02:00:00:00:00:0${host}`),
  )
  expect(told).toContainEqual({ type: 'spooled', id: all[0]?.id, flows: 4, assets: 4 })
  expect(trouble() ?? '').toBe('')
})

test('what there was no time to read in a flood is counted, whatever is listened for afterwards', async () => {
  const frame = hex('0180c200000e 020000000001 88cc', '0000')
  const records = Array.from({ length: 9000 }, (_, index) => ({ frame, atMicros: index, wireBytes: frame.length }))
  writeFileSync(join(folder, 'mirror.pcap'), pcap(records))
  start()
  configure()
  await until(() => counters().messagesUnread > 0)
  const { messagesUnread } = counters()
  const heartbeats = told.length
  configure({ inventory: { ...settings.inventory, industrial: false } })
  await until(() => told.length > heartbeats + 1)
  expect(counters().messagesUnread).toBeGreaterThanOrEqual(messagesUnread)
})

test('an application is what was seen, and an address goes by the name its client asked for', async () => {
  const source = '10.0.0.1'
  const said = [record(handshake(clientHello({ name: 'www.social.example', protocols: ['h2'] }))), 'SSH-2.0-a\r\n']
  const records = said.map((payload, index) => {
    const segment = Buffer.concat([tcp(0x18, 5000, 4443 + index), Buffer.from(payload as string, 'latin1')])
    const destination = `203.0.113.${index}`
    const frame = hex('0200000000ff 020000000001 0800', ipv4(segment, { source, destination, protocol: PROTOCOL.tcp }))
    return { frame, atMicros: index, wireBytes: frame.length }
  })
  writeFileSync(join(folder, 'mirror.pcap'), pcap(records))
  start()
  const monitoredExternal = [{ name: 'social-media', fqdns: ['www.social.example'], ranges: [] }]
  configure({ groups: { ...DEFAULT_ASSET_GROUPS, monitoredExternal } })
  await until(() => counters().packets > 1)
  const exit = ended()
  worker?.send({ type: 'stop' })
  await exit
  const flows = (await batches()).flatMap((batch) => batch.flows)
  expect(flows.map(({ port, server, service }) => ({ port, server, service }))).toEqual([
    {
      port: 4443,
      server: { class: 'monitored', name: 'External', group: 'social-media' },
      service: { app: 'https', by: 'payload' },
    },
    { port: 4444, server: { class: 'external', name: 'External' }, service: { app: 'ssh', by: 'payload' } },
  ])
})

describe('the inventory', () => {
  const FRAMES = (() => {
    const source = '10.0.0.1'
    const agent = 'GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64)\r\n\r\n'
    const web = Buffer.concat([tcp(0x18, 5000, 80), Buffer.from(agent)])
    // Read device identification, answered: vendor and product (Modbus application protocol, section 6.21).
    const objects = [Buffer.from([0, 4]), Buffer.from('Acme'), Buffer.from([1, 3]), Buffer.from('PLC')]
    const answer = Buffer.concat([Buffer.from([0x2b, 0x0e, 1, 1, 0, 0, 2]), ...objects])
    const modbus = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, answer.length + 1, 1]), answer])
    const plant = Buffer.concat([tcp(0x18, 502, 5000), modbus])
    return [web, plant].map((segment) =>
      hex('0200000000ff 001b21100007 0800', ipv4(segment, { source, destination: '10.0.0.9', protocol: PROTOCOL.tcp })),
    )
  })()

  /** All that is told of machines, after the worker has heard them with these settings. */
  async function toldOf(changes: Partial<WorkerSettings>): Promise<{ text: string; all: Batch[] }> {
    writeFileSync(
      join(folder, 'mirror.pcap'),
      pcap(FRAMES.map((frame, index) => ({ frame, atMicros: index, wireBytes: frame.length }))),
    )
    start()
    configure(changes)
    await until(() => counters().packets > 1)
    const exit = ended()
    worker?.send({ type: 'stop' })
    await exit
    const all = await batches()
    return { all, text: JSON.stringify(all.flatMap(({ machines }) => machines)) }
  }

  test('what machines say is told with its evidence', async () => {
    const { all, text } = await toldOf({})
    const [machine] = all.flatMap(({ machines }) => machines)
    expect(machine).toMatchObject({ id: '00:1b:21:10:00:07', addresses: ['10.0.0.1'] })
    const attributes = Object.fromEntries(machine!.attributes.map(({ kind, value }) => [kind, value]))
    expect(attributes).toMatchObject({ os: 'Windows', maker: 'Acme', vendor: 'Intel Corporate' })
    const os = machine!.attributes.find(({ kind }) => kind === 'os')
    expect([os?.source, os?.clue]).toEqual(['http', 'http-agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64)'])
    expect(text).toContain('PLC')
  })

  test('without consent no clue leaves, without the OT module no plant is discovered (R-165, R-207)', async () => {
    const { text } = await toldOf({ inventory: { industrial: false, fingerprints: false, ignoredHostnames: [] } })
    expect(text).toContain('"value":"Windows"')
    for (const hidden of ['Mozilla', 'tcp-handshake', 'Acme', 'PLC']) expect(text).not.toContain(hidden)
  })

  test('it is asked of by address, MAC or hostname, and tells why (R-238)', async () => {
    writeFileSync(
      join(folder, 'mirror.pcap'),
      pcap(FRAMES.map((frame, index) => ({ frame, atMicros: index, wireBytes: frame.length }))),
    )
    start()
    configure()
    await until(() => counters().packets > 1)
    const ask = async (number: number, who: string): Promise<string[]> => {
      worker?.send({ type: 'find', number, who })
      await until(() => told.some((message) => message.type === 'found' && message.number === number))
      const answer = told.find((message) => message.type === 'found' && message.number === number)
      return answer?.type === 'found' ? answer.machines.map(({ id, reasons }) => [id, ...reasons].join('; ')) : []
    }
    const found = ['00:1b:21:10:00:07; 10.0.0.1 is bonded to its card by packets that passed no router']
    expect(await ask(1, '10.0.0.1')).toEqual(found)
    expect(await ask(2, '00-1B-21-10-00-07')).toEqual(found)
    expect(await ask(3, '10.0.0.2')).toEqual([])
    for (const [number, text, total] of [
      [4, '', 1],
      [5, '1B:21', 1],
      [6, '10.0.0.2', 0],
    ] as const) {
      worker?.send({ type: 'list', number, text, most: 10 })
      await until(() => told.some((message) => message.type === 'listed' && message.number === number))
      const answer = told.find((message) => message.type === 'listed' && message.number === number)
      const list = answer?.type === 'listed' ? answer.list : undefined
      expect([list?.total, list?.machines.map(({ id }) => id)]).toEqual([
        total,
        total === 0 ? [] : ['00:1b:21:10:00:07'],
      ])
    }
  })

  test('of who is excluded nothing is told, by address or by MAC (R-191)', async () => {
    for (const excluded of [{ excludedRanges: ['10.0.0.1'] }, { excludedMacs: ['00:1b:21:10:00:07'] }]) {
      rmSync(settings.spoolFolder, { recursive: true, force: true })
      const { all } = await toldOf({ groups: { ...DEFAULT_ASSET_GROUPS, ...excluded } })
      const text = JSON.stringify(all)
      expect(text).toContain('Excluded')
      for (const trace of ['10.0.0.1"', '00:1b:21', 'Windows', 'Acme']) expect(text).not.toContain(trace)
    }
  })
})

test('a feed with every packet twice is called that; when asked, copies are left out', async () => {
  const once = office(1, 0.2)
  const records = once.flatMap(({ bytes: frame, atMicros }) =>
    [0, 40].map((later) => ({ frame, atMicros: atMicros + later, wireBytes: frame.length })),
  )
  writeFileSync(join(folder, 'mirror.pcap'), pcap(records))
  const source = { kind: 'replay' as const, path: join(folder, 'mirror.pcap'), speed: 5 }
  const said = (): string[] => {
    const last = told.findLast((message) => message.type === 'heartbeat')
    if (last?.type !== 'heartbeat') return []
    return findings(last.health, { nowMs: last.atMs, ratedBitsPerSecond: 0 }).map(({ cause }) => cause)
  }
  start()
  configure({ source })
  await until(() => counters().packets > 600)
  await until(() => said().includes('copies'))
  expect(counters()).toMatchObject({ duplicates: 0 })
  worker?.kill('SIGKILL')
  start()
  configure({ source, dropDuplicates: true })
  await until(() => counters().packets > 600)
  const { packets, duplicates } = counters()
  expect(duplicates / packets).toBeCloseTo(0.5, 1)
  expect(said()).toContain('copies')
})

captureTest('overlays are opened, and closed again, from one packet to the next, and no packet is lost', async () => {
  const path = join(CAPTURES_FOLDER, 'nDPI__tests__cfgs__default__pcap__vxlan.pcap')
  const everything = { ...DEFAULT_ASSET_GROUPS, inventoried: ['0.0.0.0/0', '::/0'] }
  start()
  configure({ source: { kind: 'replay', path, speed: 100 }, groups: everything })
  for (const openOverlays of [true, false]) {
    const { packets } = counters()
    await until(() => counters().packets > packets)
    configure({ openOverlays })
  }
  const { packets } = counters()
  await until(() => counters().packets > packets)
  const exit = ended()
  worker?.send({ type: 'stop' })
  expect(await exit).toBe(0)
  const all = await batches()
  const flows = all.flatMap((batch) => batch.flows)
  const ends = flows.map(({ client, server, port }) => `${client.name} > ${server.name}:${port}`)
  expect(ends).toContain('192.168.22.4 > 192.168.22.5:4789')
  expect(ends).toContain('10.10.20.4 > 8.8.8.8:53')
  const last = told.findLast((message) => message.type === 'heartbeat')
  const { notIp, otherIp, damaged } = last?.type === 'heartbeat' ? last.counters : NO_COUNTERS
  expect(packetsIn(all) + notIp + otherIp + damaged).toBe(counters().packets)
})

test('when the sensor is gone it does the same', async () => {
  start()
  configure()
  await until(() => counters().packets > 0)
  const exit = ended()
  worker?.disconnect()
  expect(await exit).toBe(0)
  expect(packetsIn(await batches())).toBeGreaterThanOrEqual(counters().packets)
})

test('new assets are reported at their interval, what follows at the other', async () => {
  start()
  configure({ newAssetsSeconds: 1, updatesSeconds: 5 })
  await until(() => counters().batchesSpooled >= 2)
  const exit = ended()
  worker?.send({ type: 'stop' })
  await exit
  const all = await batches()
  expect([all[0]?.kind, all.at(-1)?.kind]).toEqual(['new', 'update'])
  const introduced = all.filter((batch) => batch.kind === 'new').flatMap((batch) => batch.assets)
  expect(new Set(introduced.map((asset) => asset.address)).size).toBe(introduced.length)
  expect(packetsIn(all)).toBe(counters().packets)
})

test('paused it leaves packets alone; resumed and with other groups it goes on', async () => {
  start()
  configure({ sensing: false })
  await until(() => told.filter((message) => message.type === 'heartbeat').length >= 3)
  expect(counters().packets).toBe(0)
  configure({ sensing: true })
  await until(() => counters().packets > 0)
  configure({ groups: { ...DEFAULT_ASSET_GROUPS, excludedRanges: ['10.0.0.2'], inventoried: ['10.0.0.0/30'] } })
  const seen = counters().packets
  await until(() => counters().packets >= seen + 8)
  const exit = ended()
  worker?.send({ type: 'stop' })
  await exit
  const all = await batches()
  // The rest was between two external addresses, or one that is excluded.
  expect(packetsIn(all)).toBeLessThan(counters().packets)
  const last = all.at(-1)?.assets.map((asset) => asset.address)
  expect(last).toEqual(['10.0.0.1', '10.0.0.3'])
})

test('a source that is not there, a range that cannot be read: said in plain words, and taken back when it is over', async () => {
  start()
  configure({
    source: { kind: 'interface', names: ['nps-none'] },
    groups: { ...DEFAULT_ASSET_GROUPS, inventoried: ['10.0/8'] },
  })
  await until(() => trouble()?.includes('nps-none') === true || trouble()?.includes('libpcap-dev') === true)
  expect(trouble()).toContain('These address ranges cannot be read: 10.0/8.')
  configure({ source: { kind: 'replay', path: join(folder, 'none.pcap'), speed: 1 }, groups: DEFAULT_ASSET_GROUPS })
  await until(() => trouble()?.includes('none.pcap') === true)
  expect(trouble()).not.toContain('10.0/8')
  configure({ source: { kind: 'replay', path: join(folder, 'mirror.pcap'), speed: 1 } })
  await until(() => trouble() === '' && counters().packets > 0)
})

test('while the spool cannot be written nothing is lost and it is said; then all of it is written', async () => {
  // A file where the folder should be: a disk that refuses, also for root.
  writeFileSync(settings.spoolFolder, '')
  start()
  configure({ newAssetsSeconds: 1, updatesSeconds: 2 })
  await until(() => trouble()?.includes('kept in memory') === true && counters().packets > 8)
  rmSync(settings.spoolFolder)
  mkdirSync(settings.spoolFolder)
  chmodSync(settings.spoolFolder, 0o700)
  await until(() => trouble() === '' && counters().batchesSpooled > 0)
  const exit = ended()
  worker?.send({ type: 'stop' })
  expect(await exit).toBe(0)
  expect(packetsIn(await batches())).toBe(counters().packets)
})

test('the same settings again disturb nothing', async () => {
  start()
  configure()
  for (let count = 0; count < 40; count += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    configure()
  }
  const exit = ended()
  worker?.send({ type: 'stop' })
  await exit
  // The hosts take turns; a replay begun anew each time would have heard the first far more often than the last.
  const packets = (await batches()).flatMap((batch) => batch.flows).map((flow) => flow.c2sPackets)
  expect(packets).toHaveLength(4)
  expect(Math.max(...packets) - Math.min(...packets)).toBeLessThanOrEqual(1)
})

test('outside a sensor it says who starts it', () => {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM], { encoding: 'utf8' })
  expect(status).toBe(10)
  expect(stderr).toContain('nps sensor')
})
