import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { join, resolve } from 'node:path'
import { DEFAULT_MEMORY_MEGABYTES } from '../../../src/capture/memory-budget'
import type { CaptureMethod, FromWorker, WorkerSettings } from '../../../src/capture/messages'
import { DEFAULT_ASSET_GROUPS } from '../../../src/flow/asset-groups'
import { until } from '../../until'
import { NODE_WORDS } from '../as-shipped'
import { environment } from '../cpu-time'
import { writePmacctdSettings } from '../pmacctd'

/** A program that listens to a port, ours or a peer's. */
export interface Listener {
  name: string
  command: string
  /** The Debian package a peer comes in. */
  debianPackage?: string
  /** Its highest rate without loss is looked for. */
  isRated: boolean
  start(place: Place): Promise<Listening>
}

/** Where it listens. */
export interface Place {
  port: string
  /** Words in front of a command, to run it where the port is. */
  inside: readonly string[]
  /** For what it must write somewhere. */
  folder: string
}

export interface Listening {
  pid: number
  /** How many of these it did not get. */
  lost(sent: number): Promise<number>
  /** How late its event loop was at worst, in milliseconds; only ours has one. */
  lagMs?(): number
  /** Messages of machines that were not read, because there were too many in a second; only ours reads them. */
  unread?(): number
  end(): Promise<void>
}

/** The buffer that everyone may have for packets that wait. */
const BUFFER_MB = 64

const WORKER = resolve(__dirname, '../../../src/capture/main.js')

export const LISTENERS: readonly Listener[] = [
  ourWorker('nps worker (ring)', { isRated: true }),
  ourWorker('nps worker (libpcap)', { method: 'pcap' }),
  {
    name: 'tcpdump -w /dev/null (no flows)',
    command: 'tcpdump',
    debianPackage: 'tcpdump',
    isRated: true,
    async start({ port, inside }) {
      const words = ['-i', port, '-w', '/dev/null', '-s', '2048', '-B', String(BUFFER_MB * 1024)]
      const it = await Peer.start([...inside, 'tcpdump', ...words], /listening on/)
      return {
        pid: it.pid,
        // It says so when it ends, which is for good.
        lost: async () => {
          await it.end('SIGINT')
          return it.figure(/(\d+) packets dropped by kernel/)
        },
        end: () => it.end('SIGINT'),
      }
    },
  },
  {
    name: 'softflowd',
    command: 'softflowd',
    debianPackage: 'softflowd',
    isRated: true,
    async start({ port, inside, folder }) {
      const control = join(folder, 'softflowd.ctl')
      const own = ['-p', join(folder, 'softflowd.pid'), '-c', control]
      const words = ['-d', '-i', port, '-m', '200000', '-v', '9', '-B', String(BUFFER_MB << 20), ...own]
      const it = await Peer.start([...inside, 'softflowd', ...words], /starting data collection/)
      return {
        pid: it.pid,
        lost: async () => {
          const { stdout } = spawnSync('softflowctl', ['-c', control, 'statistics'], { encoding: 'utf8' })
          return Number(/Packets dropped by libpcap: (\d+)/.exec(stdout)?.[1])
        },
        end: () => it.end('SIGTERM'),
      }
    },
  },
  {
    name: 'nfpcapd',
    command: 'nfpcapd',
    debianPackage: 'nfdump',
    isRated: false,
    async start({ port, inside, folder }) {
      const words = ['-i', port, '-w', folder, '-b', String(BUFFER_MB), '-v']
      const it = await Peer.start([...inside, 'nfpcapd', ...words], /Startup nfpcapd/)
      return {
        pid: it.pid,
        lost: async () => {
          await it.end('SIGTERM')
          return it.figure(/dropped by OS\/Buffer: (\d+)/)
        },
        end: () => it.end('SIGTERM'),
      }
    },
  },
  {
    name: 'pmacctd',
    command: 'pmacctd',
    debianPackage: 'pmacct',
    isRated: false,
    async start({ port, inside, folder }) {
      const options = { source: `pcap_interface: ${port}`, pipeBytes: BUFFER_MB << 20, bufferBytes: 1 << 16 }
      const settings = writePmacctdSettings(folder, options)
      const it = await Peer.start([...inside, 'pmacctd', '-f', settings], /cache entries=/)
      return {
        pid: it.pid,
        lost: async () => {
          const dropped = /dropped_packets=(\d+)/
          it.signal('SIGUSR1')
          await until(() => !Number.isNaN(it.figure(dropped)))
          return it.figure(dropped)
        },
        end: () => it.end('SIGTERM'),
      }
    },
  },
]

/** What is not as usual of a worker of ours. */
interface OurWorker {
  method?: CaptureMethod
  isRated?: boolean
  /** Something else than the worker's own program. */
  program?: string
}

/** The worker as the sensor starts it. */
export function ourWorker(
  name: string,
  { method = 'ring', isRated = false, program = WORKER }: OurWorker = {},
): Listener {
  return {
    name,
    isRated,
    command: process.execPath,
    async start({ port, inside, folder }) {
      const [command = '', ...words] = [...inside, process.execPath, ...NODE_WORDS]
      const worker = fork(program, [], {
        execPath: command,
        execArgv: words,
        stdio: ['ignore', 'ignore', 2, 'ipc'],
        env: environment(),
      })
      const ended = exit(worker)
      const beats: (FromWorker & { type: 'heartbeat' })[] = []
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'heartbeat') beats.push(message)
      })
      const settings: WorkerSettings = {
        source: { kind: 'interface', names: [port] },
        method,
        groups: DEFAULT_ASSET_GROUPS,
        newAssetsSeconds: 3600,
        updatesSeconds: 3600,
        spoolFolder: join(folder, 'spool'),
        sensing: true,
        dropDuplicates: false,
        openOverlays: false,
        memoryMegabytes: DEFAULT_MEMORY_MEGABYTES,
        inventory: { industrial: true, fingerprints: true, ignoredHostnames: [] },
      }
      worker.send({ type: 'settings', settings })
      await until(() => beats.at(-1)?.ports[0]?.method !== undefined && beats.at(-1)?.ports[0]?.method !== '')
      return {
        pid: worker.pid!,
        lost: async (sent) => {
          await until(() => {
            const { packets = 0, kernelDrops = 0 } = beats.at(-1)?.counters ?? {}
            return packets + kernelDrops >= sent
          })
          return beats.at(-1)!.counters.kernelDrops
        },
        lagMs: () => Math.max(...beats.slice(1).map((beat, at) => beat.atMs - beats[at]!.atMs)) - 1000,
        unread: () => beats.at(-1)?.counters.messagesUnread ?? 0,
        end: async () => {
          if (worker.connected) worker.send({ type: 'stop' })
          await ended
          if (worker.exitCode !== 0) throw new Error(`the worker ended with status ${worker.exitCode}`)
        },
      }
    },
  }
}

/** A peer's process, and what it said. */
class Peer {
  private said = ''
  private readonly ended: Promise<void>

  static async start([command = '', ...words]: readonly string[], ready: RegExp): Promise<Peer> {
    const it = new Peer(spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] }))
    await until(() => ready.test(it.said))
    return it
  }

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.said += chunk.toString()))
    }
    this.ended = exit(child)
  }

  get pid(): number {
    return this.child.pid!
  }

  figure(what: RegExp): number {
    return Number(what.exec(this.said)?.[1])
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode === null) this.child.kill(signal)
    await this.ended
  }
}

function exit(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('close', () => resolve()))
}
