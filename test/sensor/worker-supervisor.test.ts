import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import type { WorkerSettings } from '../../src/capture/messages'
import { WorkerSupervisor } from '../../src/sensor/worker-supervisor'
import { until } from '../until'

let folder: string

const settings = (behaviour: string, memoryMegabytes = 896): WorkerSettings => ({
  source: { kind: 'interface', names: [behaviour] },
  method: 'auto',
  groups: DEFAULT_ASSET_GROUPS,
  dropDuplicates: false,
  openOverlays: false,
  memoryMegabytes,
  inventory: { industrial: true, fingerprints: true, ignoredHostnames: [] },
  newAssetsSeconds: 300,
  updatesSeconds: 1800,
  spoolFolder: join(folder, 'spool'),
  sensing: true,
})

let supervisor: WorkerSupervisor
let log: string[]
let troubles: string[]

beforeEach(() => {
  log = []
  troubles = []
  folder = mkdtempSync(join(tmpdir(), 'nps-supervisor-'))
  supervisor = new WorkerSupervisor({
    program: join(__dirname, 'fixtures', 'odd-worker.js'),
    silenceMs: 3000,
    farewellMs: 100,
    shortestBackoffMs: 20,
    longestBackoffMs: 80,
    log: (line) => log.push(line),
    onChange: () => undefined,
    onTrouble: (text) => troubles.push(text),
    onSpooled: () => undefined,
  })
})

afterEach(async () => {
  await supervisor.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a steady worker is started once and its counters are read', async () => {
  supervisor.configure(settings('steady'))
  await until(() => supervisor.counters.packets > 3)
  expect(supervisor.restarts).toBe(0)
  expect(supervisor.isRunning).toBe(true)
})

test('a worker that is killed comes back and counts again', async () => {
  supervisor.configure(settings('steady'))
  await until(() => supervisor.counters.packets > 3)
  const first = supervisor.pid
  process.kill(first!, 'SIGKILL')
  await until(() => supervisor.isRunning && supervisor.pid !== first && supervisor.trouble === '')
  await until(() => supervisor.counters.packets > 3)
  expect(supervisor.restarts).toBe(1)
})

test('a worker that crashes at once is restarted with growing pauses', async () => {
  supervisor.configure(settings('crashes'))
  await until(() => supervisor.restarts >= 4)
  const pauses = log.flatMap((line) => /next start in (\d+) ms/.exec(line)?.[1] ?? []).slice(0, 4)
  expect(pauses).toEqual(['20', '40', '80', '80'])
  expect(supervisor.counters.packets).toBe(0)
})

test('a worker whose heartbeat stops is killed and started again', async () => {
  supervisor.configure(settings('hangs'))
  await until(() => supervisor.restarts >= 1)
  expect(log.some((line) => line.includes('no heartbeat'))).toBe(true)
  supervisor.configure(settings('steady'))
  await until(() => supervisor.counters.packets > 3)
})

test('a worker that says what no worker says is killed and started again', async () => {
  supervisor.configure(settings('babbles'))
  await until(() => supervisor.restarts >= 1)
  expect(log).toContainEqual(expect.stringMatching(/said what no worker says, and is killed .counters.packets:/))
  expect(supervisor.counters.packets).toBe(0)
  supervisor.configure(settings('steady'))
  await until(() => supervisor.counters.packets > 3)
})

test('what a worker complains of cannot move the cursor of who reads it', async () => {
  supervisor.configure(settings('shouts'))
  await until(() => supervisor.trouble !== '')
  expect(supervisor.trouble).toBe('the port [2J is gone')
})

test('another size of memory takes another worker, started at once with what was told last; it has not fallen', async () => {
  supervisor.configure(settings('steady'))
  await until(() => supervisor.counters.packets > 0)
  const first = supervisor.pid!
  supervisor.configure(settings('steady', 512))
  supervisor.configure(settings('steady', 512))
  expect(supervisor.pid).toBe(first)
  await until(() => supervisor.pid !== first && supervisor.counters.packets > 0)
  const second = supervisor.pid!
  supervisor.configure({ ...settings('steady', 512), updatesSeconds: 7 })
  const { packets } = supervisor.counters
  await until(() => supervisor.counters.packets > packets)
  expect(supervisor.pid).toBe(second)
  expect(log.filter((line) => line.includes('makes room'))).toEqual([
    'worker: it makes room for one of 512 MB of memory',
  ])
  expect([supervisor.restarts, supervisor.trouble, troubles]).toEqual([0, '', []])
})

test('one that does not make room is killed, which is said, and the next one starts all the same', async () => {
  supervisor.configure(settings('deaf'))
  await until(() => supervisor.counters.packets > 0)
  const first = supervisor.pid
  supervisor.configure(settings('steady', 512))
  await until(() => supervisor.pid !== first && supervisor.counters.packets > 0)
  expect(log).toContain('worker: it does not come to its end, and is killed; what it had not spooled is lost')
  expect(troubles).toEqual(['The worker ended (SIGKILL) before all that it held was in the spool.'])
  expect([supervisor.restarts, supervisor.trouble]).toEqual([0, ''])
})

test('stop ends the worker for good, also one that was making room', async () => {
  supervisor.configure(settings('steady'))
  await until(() => supervisor.counters.packets > 0)
  const pid = supervisor.pid!
  supervisor.configure(settings('steady', 512))
  await supervisor.stop()
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect(supervisor.isRunning).toBe(false)
})

test('stop ends the worker for good', async () => {
  supervisor.configure(settings('steady'))
  await until(() => supervisor.counters.packets > 0)
  const pid = supervisor.pid!
  await supervisor.stop()
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect(supervisor.restarts).toBe(0)
})

test('a worker is asked of machines; what it says is fit for a terminal, and one that ends leaves nobody waiting', async () => {
  expect(await supervisor.find('10.0.0.1')).toBeUndefined()
  supervisor.configure(settings('steady'))
  await until(() => supervisor.counters.packets > 0)
  const [one, other] = await Promise.all([supervisor.find('10.0.0.1'), supervisor.find('desk')])
  expect([one?.[0]?.id, other?.[0]?.id]).toEqual(['10.0.0.1', 'desk'])
  expect(one?.[0]?.reasons).toEqual(['it was asked for [2J'])
  const list = await supervisor.list('desk', 7)
  expect([list?.machines[0]?.id, list?.machines[0]?.addresses, list?.total]).toEqual(['desk', ['10.0.0.1 [2J'], 7])
  expect(await supervisor.find('the last straw')).toBeUndefined()
  expect(await supervisor.list('', 7)).toBeUndefined()
})
