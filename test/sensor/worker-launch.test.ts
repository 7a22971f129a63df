import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WorkerSettings } from '../../src/capture/messages'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { Spool } from '../../src/report/spool/spool'
import { WorkerSupervisor } from '../../src/sensor/worker-supervisor'
import { hasProgram, testWith } from '../needs'
import { until } from '../until'

const PROGRAM = join(__dirname, '../../src/capture/main.js')

const asRoot = testWith(process.getuid?.() === 0 && hasProgram('setpriv'), 'root, and setpriv of util-linux')

/** CAP_NET_RAW alone. */
const PACKET_SOCKETS = '0000000000002000'

let folder: string
let supervisor: WorkerSupervisor | undefined
let log: string[]
let spooled: string[]

beforeEach(() => {
  // Like the state of an appliance: closed to everyone else.
  folder = mkdtempSync(join(tmpdir(), 'nps-launch-'))
  log = []
  spooled = []
})

afterEach(async () => {
  await supervisor?.stop()
  rmSync(folder, { recursive: true, force: true })
})

function start(program: string, changes: Partial<WorkerSettings> = {}): WorkerSupervisor {
  const made = new WorkerSupervisor({
    program,
    log: (line) => log.push(line),
    onChange: () => undefined,
    onTrouble: () => undefined,
    onSpooled: (id) => spooled.push(id),
  })
  supervisor = made
  made.configure({
    source: { kind: 'interface', names: ['lo'] },
    method: 'auto',
    groups: { ...DEFAULT_ASSET_GROUPS, inventoried: ['127.0.0.0/8'] },
    newAssetsSeconds: 1,
    updatesSeconds: 1,
    spoolFolder: join(folder, 'spool'),
    sensing: true,
    dropDuplicates: false,
    openOverlays: false,
    memoryMegabytes: 896,
    inventory: { industrial: true, fingerprints: true, ignoredHostnames: [] },
    ...changes,
  })
  return made
}

/** What the kernel says of each thread of the worker. */
function threads(pid: number): Record<string, string>[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const lines = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8').split('\n')
    return Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]))
  })
}

const isListening = ({ ports }: WorkerSupervisor): boolean => ports[0] !== undefined && ports[0].method !== ''

const CAPABILITIES = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']

/** Something to hear on the loopback port. */
function whisper(): Promise<void> {
  const socket = createSocket('udp4')
  return new Promise((resolve) => {
    socket.send('to whom it may concern', 9, '127.0.0.1', () => socket.close(() => resolve()))
  })
}

asRoot.each(['ring', 'pcap'] as const)('started by root it is nobody, and does all its work by %s', async (method) => {
  const made = start(PROGRAM, { method })
  await until(() => isListening(made))
  const all = threads(made.pid!)
  expect(all.length).toBeGreaterThan(1)
  for (const thread of all) {
    expect(thread).toMatchObject({ Uid: '65534\t65534\t65534\t65534', NoNewPrivs: '1' })
    expect(thread.Gid).toBe('65534\t65534\t65534\t65534')
    expect(thread.Groups?.trim()).toBe('')
    for (const set of CAPABILITIES) expect([set, thread[set]]).toEqual([set, PACKET_SOCKETS])
  }
  await until(async () => {
    await whisper()
    return spooled.length > 0
  })
  const spool = new Spool(join(folder, 'spool'))
  const [batch] = await spool.list()
  expect(batch?.id).toBe(spooled[0])
  expect(statSync(batch!.path)).toMatchObject({ uid: 65534, mode: 0o100600 })
  expect(statSync(join(folder, 'spool'))).toMatchObject({ uid: 65534, mode: 0o40700 })
  await spool.read(batch!.id)
  await spool.remove(batch!.id)
  expect(made.trouble).toBe('')
  expect(log).toContain('worker: its rights are those of the user nobody, and packet sockets')
})

asRoot('killed, it comes back with no more rights than before', async () => {
  const made = start(PROGRAM)
  await until(() => isListening(made))
  const first = made.pid!
  process.kill(first, 'SIGKILL')
  await until(() => made.pid !== first && isListening(made))
  expect(threads(made.pid!)[0]).toMatchObject({ Uid: '65534\t65534\t65534\t65534', CapEff: PACKET_SOCKETS })
})

asRoot(
  'where nobody else can read its program it stays root, with the capability for packet sockets alone',
  async () => {
    // A clone below /root is like this.
    const program = join(folder, 'worker.js')
    writeFileSync(program, `require(${JSON.stringify(PROGRAM)}).runWorker()`)
    const made = start(program)
    await until(() => isListening(made))
    for (const thread of threads(made.pid!)) {
      expect(thread).toMatchObject({ Uid: '0\t0\t0\t0', NoNewPrivs: '1' })
      for (const set of CAPABILITIES) expect([set, thread[set]]).toEqual([set, PACKET_SOCKETS])
    }
    await until(async () => {
      await whisper()
      return spooled.length > 0
    })
    expect(statSync(join(folder, 'spool')).uid).toBe(0)
    expect(log).toContain("worker: its rights are root's files, and packet sockets")
  },
)

asRoot("a capture that only root can read is played by root's worker", async () => {
  const capture = join(folder, 'mirror.pcap')
  expect(spawnSync(process.execPath, ['dist/src/cli/main.js', 'traffic', '--out', capture]).status).toBe(0)
  chmodSync(capture, 0o600)
  const made = start(PROGRAM, { source: { kind: 'replay', path: capture, speed: 100 } })
  await until(() => made.counters.packets > 0)
  expect(threads(made.pid!)[0]).toMatchObject({ Uid: '0\t0\t0\t0', CapEff: PACKET_SOCKETS })
})

asRoot('a spool that was root’s is handed over with what is in it, and back', async () => {
  mkdirSync(join(folder, 'spool'), { mode: 0o700 })
  const made = start(PROGRAM)
  await until(async () => {
    await whisper()
    return spooled.length > 0
  })
  expect(statSync(join(folder, 'spool')).uid).toBe(65534)
  await made.stop()
  writeFileSync(join(folder, 'worker.js'), `require(${JSON.stringify(PROGRAM)}).runWorker()`)
  const before = spooled.length
  start(join(folder, 'worker.js'))
  await until(async () => {
    await whisper()
    return spooled.length > before
  })
  const spool = new Spool(join(folder, 'spool'))
  expect((await spool.list()).map(({ id }) => id).sort()).toEqual([...spooled].sort())
})
