import { fork, type ChildProcess } from 'node:child_process'
import { tableSizes } from '../capture/memory-budget'
import {
  NO_COUNTERS,
  type FromWorker,
  type PortCounters,
  type ToWorker,
  type WorkerCounters,
  type WorkerSettings,
} from '../capture/messages'
import { NO_HEALTH, type HealthReport } from '../health/health-report'
import type { MachineList, MachineSummary } from '../report/summary'
import { prepareLaunch } from './worker-launch'
import { fromWorker } from './worker-messages'

export interface SupervisorOptions {
  /** The worker's program; it is forked with an IPC channel. */
  program: string
  /** A worker that has been silent for this long is killed; it beats once a second. */
  silenceMs?: number
  /** One that was told to end, and has not by then, is killed. */
  farewellMs?: number
  /** First pause before a restart; it doubles up to `longestBackoffMs`. */
  shortestBackoffMs?: number
  longestBackoffMs?: number
  log: (line: string) => void
  /** The counters, the trouble or the running state changed. */
  onChange: () => void
  /** New trouble, in plain words: the worker's own, or that it ended. */
  onTrouble: (text: string) => void
  /** A batch of the worker is safe in the spool. */
  onSpooled: (id: string) => void
}

/** What a worker must have run through without a fall for its next fall to count as the first one. */
const STEADY_MS = 60_000

/**
 * How long a worker may take to spool what it holds, for each megabyte that it may hold: 134 s for one of 896 MB, which
 * takes 24 s when its tables are full. One that hangs is found earlier, by its silence.
 */
const FAREWELL_MS_A_MEGABYTE = 150

/** What answers a question. */
type WorkerAnswer = Extract<FromWorker, { type: 'found' | 'listed' }>

/**
 * Keeps one worker running: restarts it when it dies, with growing pauses, and kills it when its heartbeat stops.
 * A worker that crashes loses what it had not spooled yet, never what it had.
 */
export class WorkerSupervisor {
  counters: WorkerCounters = NO_COUNTERS
  ports: PortCounters[] = []
  health: HealthReport = NO_HEALTH
  restarts = 0
  trouble = ''
  private child: ChildProcess | undefined
  /** Who waits for an answer of the running worker, by its number. */
  private readonly waiting = new Map<number, (answer: WorkerAnswer | undefined) => void>()
  private lastNumber = 0
  private settings: WorkerSettings | undefined
  /** What the running worker was started with. */
  private memoryMegabytes = 0
  private backoffMs: number
  private startedMs = 0
  private restartTimer: NodeJS.Timeout | undefined
  private silenceTimer: NodeJS.Timeout | undefined
  /** As the running worker is told it. */
  private spoolFolder = ''
  /** What was said last of the worker's rights. */
  private rights = ''
  /** The running worker has been told to end, and by then has. */
  private farewell: Promise<void> | undefined
  /** The worker is to end, or has, and does not start by itself. */
  private isStopping = false
  private isStopped = false

  constructor(private readonly options: SupervisorOptions) {
    this.backoffMs = options.shortestBackoffMs ?? 1_000
  }

  get isRunning(): boolean {
    return this.child !== undefined
  }

  /** Process id of the running worker, for tests and for the log. */
  get pid(): number | undefined {
    return this.child?.pid
  }

  /**
   * Tell the worker what to do; starts it when it is not running and no restart is due. With another size of memory it
   * makes room for one of that size, once it has spooled what it holds.
   */
  configure(settings: WorkerSettings): void {
    this.settings = settings
    this.isStopping = this.isStopped
    // The next one starts with these.
    if (this.farewell !== undefined) return
    if (this.child === undefined) {
      if (this.restartTimer === undefined && !this.isStopping) this.start(settings)
    } else if (settings.memoryMegabytes !== this.memoryMegabytes) {
      this.options.log(`worker: it makes room for one of ${settings.memoryMegabytes} MB of memory`)
      void this.sayFarewell(this.child)
    } else this.tellSettings(settings)
  }

  /**
   * The machines that have this address or MAC, or go by this hostname. Undefined when there is no worker to ask, or it
   * ends before it answers.
   */
  async find(who: string): Promise<MachineSummary[] | undefined> {
    const answer = await this.ask((number) => ({ type: 'find', number, who }))
    return answer?.type === 'found' ? answer.machines : undefined
  }

  /** The machines that were heard last, at most so many: all, or those with this text in them. Undefined as with find(). */
  async list(text: string, most: number): Promise<MachineList | undefined> {
    const answer = await this.ask((number) => ({ type: 'list', number, text, most }))
    return answer?.type === 'listed' ? answer.list : undefined
  }

  /** Let the worker spool what it holds, then end it, for good. */
  stop(): Promise<void> {
    this.isStopped = true
    return this.pause()
  }

  /** The same, until it is configured again. */
  async pause(): Promise<void> {
    this.isStopping = true
    clearTimeout(this.restartTimer)
    this.restartTimer = undefined
    if (this.child !== undefined) await this.sayFarewell(this.child)
  }

  private sayFarewell(child: ChildProcess): Promise<void> {
    this.farewell ??= new Promise((resolve) => {
      const timer = setTimeout(
        () => {
          this.options.log('worker: it does not come to its end, and is killed; what it had not spooled is lost')
          child.kill('SIGKILL')
        },
        this.options.farewellMs ?? this.memoryMegabytes * FAREWELL_MS_A_MEGABYTE,
      )
      child.once('close', () => {
        clearTimeout(timer)
        resolve()
      })
      this.tell({ type: 'stop' })
    })
    return this.farewell
  }

  private start(settings: WorkerSettings): void {
    this.startedMs = Date.now()
    this.trouble = ''
    this.counters = NO_COUNTERS
    this.memoryMegabytes = settings.memoryMegabytes
    const { program, log } = this.options
    const { heapMegabytes } = tableSizes(settings.memoryMegabytes)
    const replay = settings.source.kind === 'replay' ? [settings.source.path] : []
    const launch = prepareLaunch(program, settings.spoolFolder, [`--max-old-space-size=${heapMegabytes}`], replay)
    if (launch.rights !== this.rights) log(`worker: its rights are ${launch.rights}`)
    this.rights = launch.rights
    this.spoolFolder = launch.spoolFolder
    const child = fork(program, [], {
      ...launch.options,
      env: environment(),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'json',
    })
    this.child = child
    child.on('message', (message) => this.take(message))
    child.on('error', (error) => {
      this.options.log(`worker: ${error.message}`)
      // One that never started, as when the machine is out of processes, has no exit either.
      if (child.pid === undefined) this.ended(child, 'it could not be started')
    })
    // Not at its exit: what it said last is on its way then.
    child.once('close', (code, signal) => this.ended(child, signal ?? `exit status ${code}`))
    this.expectHeartbeat()
    this.tellSettings(settings)
    this.options.onChange()
  }

  private tellSettings(settings: WorkerSettings): void {
    this.tell({ type: 'settings', settings: { ...settings, spoolFolder: this.spoolFolder } })
  }

  private ask(question: (number: number) => ToWorker): Promise<WorkerAnswer | undefined> {
    if (this.child === undefined) return Promise.resolve(undefined)
    const number = ++this.lastNumber
    return new Promise((resolve) => {
      this.waiting.set(number, resolve)
      this.tell(question(number))
    })
  }

  private tell(message: ToWorker): void {
    // A worker that just died answers with an error here; its exit event does the rest.
    this.child?.send(message, () => undefined)
  }

  private take(said: unknown): void {
    let message: FromWorker
    try {
      message = fromWorker(said)
    } catch (error) {
      this.options.log(`worker: it said what no worker says, and is killed (${(error as Error).message})`)
      // What it has said since then is on its way already.
      this.child?.removeAllListeners('message').kill('SIGKILL')
      return
    }
    this.expectHeartbeat()
    if (message.type === 'heartbeat') {
      this.counters = message.counters
      this.ports = message.ports
      this.health = message.health
    } else if (message.type === 'trouble') this.takeTrouble(message.text)
    else if (message.type === 'found' || message.type === 'listed') {
      this.waiting.get(message.number)?.(message)
      this.waiting.delete(message.number)
      return
    } else this.options.onSpooled(message.id)
    this.options.onChange()
  }

  private takeTrouble(text: string): void {
    this.trouble = text
    if (text !== '') this.options.onTrouble(text)
  }

  private expectHeartbeat(): void {
    clearTimeout(this.silenceTimer)
    this.silenceTimer = setTimeout(() => {
      this.options.log('worker: no heartbeat; it is killed')
      this.child?.kill('SIGKILL')
    }, this.options.silenceMs ?? 15_000)
  }

  private ended(child: ChildProcess, how: string): void {
    if (child !== this.child) return
    clearTimeout(this.silenceTimer)
    const wasTold = this.farewell !== undefined
    this.farewell = undefined
    this.child = undefined
    this.ports = []
    for (const answer of this.waiting.values()) answer(undefined)
    this.waiting.clear()
    if (wasTold && how !== 'exit status 0') {
      this.options.onTrouble(`The worker ended (${how}) before all that it held was in the spool.`)
    }
    if (this.isStopping) return
    if (wasTold && this.settings !== undefined) return this.start(this.settings)
    if (Date.now() - this.startedMs > STEADY_MS) this.backoffMs = this.options.shortestBackoffMs ?? 1_000
    this.restarts += 1
    this.trouble = `The worker ended (${how}); it starts again in ${Math.ceil(this.backoffMs / 1000)} s.`
    this.options.onTrouble(`The worker ended (${how}).`)
    this.options.log(`worker: ended (${how}), next start in ${this.backoffMs} ms`)
    this.restartTimer = setTimeout(() => {
      this.restartTimer = undefined
      if (this.settings !== undefined) this.start(this.settings)
    }, this.backoffMs)
    this.backoffMs = Math.min(this.backoffMs * 2, this.options.longestBackoffMs ?? 60_000)
    this.options.onChange()
  }
}

/** What the worker needs of ours. The rest is none of its business, and certificates of others take Node time to read. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, TZ, LANG } = process.env
  return { ...(PATH && { PATH }), ...(TZ && { TZ }), ...(LANG && { LANG }) }
}
