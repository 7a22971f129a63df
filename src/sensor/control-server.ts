import { mkdir, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { z } from 'zod'
import { issue, type Issue } from '../errors/issue'
import { SensorError } from '../errors/sensor-error'
import { linkTroubleOf } from '../link/link-trouble'
import { LineChannel } from './line-channel'
import { CANCELLABLE, type Answer, type Event, type Operations, type SensorStatus } from './messages'
import { Refused } from './refused'
import { requireOwnFolder } from './socket-folder'

/**
 * Carries one operation out. Resolves with its answer, or rejects with Refused or SensorError. What is CANCELLABLE looks
 * at the signal: it is aborted when the face that asked withdraws it.
 */
export type Operator = {
  [Name in Asked]: (values: Operations[Name]['with'], signal: AbortSignal) => Promise<Operations[Name]['answer']>
}

/** `cancel` is about the connection, and dealt with here. */
type Asked = Exclude<keyof Operations, 'cancel'>

const nothing = z.object({})
/** Far beyond what any field takes, so that what is too long gets the number of its field and not error 10. */
const text = z.string().max(4096)
const proxyWanted = z.object({
  enabled: z.boolean(),
  host: text,
  port: z.number(),
  auth: z.enum(['none', 'basic', 'ntlm']),
  user: text,
  password: text.optional(),
  untried: z.boolean().optional(),
})

const confirmed = z.object({ confirmation: text })

/** What each operation takes. Values are checked for shape here and for sense by the operation. */
const SHAPES = {
  status: nothing,
  watch: nothing,
  'network.show': nothing,
  'network.apply': z.object({
    mode: z.enum(['dhcp', 'static']),
    address: text,
    netmask: text,
    gateway: text,
    dns1: text,
    dns2: text,
    ipv6: z.enum(['off', 'auto', 'dhcp', 'static']).optional(),
    ipv6Address: text.optional(),
    ipv6Prefix: text.optional(),
    ipv6Gateway: text.optional(),
    ipv6Dns: text.optional(),
    vlan: text.optional(),
    mtu: text.optional(),
    hostname: text.optional(),
    ntp: text.optional(),
  }),
  'network.keep': nothing,
  'network.abandon': nothing,
  'proxy.show': nothing,
  'proxy.check': proxyWanted,
  'proxy.apply': proxyWanted,
  personalize: z.object({ code: text }),
  flows: z.object({ limit: z.int().min(1).max(1000) }),
  asset: z.object({ who: z.string().max(256) }),
  assets: z.object({ text: z.string().max(256), limit: z.int().min(1).max(1000) }),
  unlock: z.object({ pin: text }),
  'connection.test': z.object({ start: z.boolean(), stop: z.boolean().optional() }),
  errors: z.object({ limit: z.int().min(1).max(1000) }),
  'history.list': nothing,
  'history.restore': z.object({ id: text }),
  'console.lock': z.object({ lock: z.boolean(), pin: text, newPin: text }),
  'system.reboot': confirmed,
  'system.shutdown': confirmed,
  'system.reset': confirmed,
  cancel: z.object({ request: z.number() }),
} satisfies Record<keyof Operations, z.ZodType>

const Envelope = z.object({
  id: z.number(),
  do: z.enum(Object.keys(SHAPES) as [keyof Operations, ...(keyof Operations)[]]),
  with: z.unknown(),
})

/**
 * The sensor's control socket. Its access control is the file system's: the folder and the socket belong to the
 * sensor's user alone. Nothing listens on the network.
 */
export class ControlServer {
  private readonly watchers = new Set<LineChannel>()
  /** Everyone connected, with what they wait for by request id. */
  private readonly channels = new Map<LineChannel, Map<number, UnderWay>>()
  private server: Server | undefined
  private latest: Event | undefined
  private isEnding = false

  constructor(
    private readonly socketPath: string,
    private readonly operator: Operator,
    private readonly log: (line: string) => void,
    /** Called with what was refused, unless the face had withdrawn it. */
    private readonly onRefused: (name: keyof Operations, values: unknown, issues: readonly Issue[]) => void = () =>
      undefined,
  ) {}

  /** Start listening. Rejects in plain words when another sensor already answers on this socket. */
  async listen(): Promise<void> {
    const folder = dirname(this.socketPath)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await requireOwnFolder(folder)
    try {
      await this.bind()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      await refuseIfRunning(this.socketPath)
      // Left behind by a sensor that was killed.
      await rm(this.socketPath, { force: true })
      await this.bind()
    }
  }

  /** Tell everyone who watches. Who does not read is told the latest once it does, or its backlog would only grow. */
  publish(status: SensorStatus): void {
    this.latest = { event: 'status', status }
    for (const watcher of this.watchers) if (!watcher.socket.writableNeedDrain) watcher.send(this.latest)
  }

  /** What is asked from now on is refused; what is under way goes on to its end. */
  takeNoMore(): void {
    this.isEnding = true
  }

  async close(): Promise<void> {
    // First of all: who is cut off may come again at once, and is not to find this one still listening.
    const closed = new Promise<void>((resolve) => {
      if (this.server === undefined) resolve()
      else this.server.close(() => resolve())
    })
    for (const channel of this.channels.keys()) channel.socket.destroy()
    await closed
  }

  private bind(): Promise<void> {
    const server = createServer((socket) => this.welcome(socket))
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      // Node binds within this call, so the socket is born for its owner alone. With a chmod afterwards there would be
      // a moment in which others can connect, in a folder that lets them in.
      const usual = process.umask(0o177)
      server.listen(this.socketPath, () => {
        this.server = server
        resolve()
      })
      process.umask(usual)
    })
  }

  private welcome(socket: Socket): void {
    const channel = new LineChannel(socket, (value, from) => void this.take(value, from))
    this.channels.set(channel, new Map())
    socket.on('drain', () => {
      if (this.watchers.has(channel) && this.latest !== undefined) channel.send(this.latest)
    })
    socket.once('close', () => {
      this.channels.delete(channel)
      this.watchers.delete(channel)
    })
  }

  private async take(value: unknown, channel: LineChannel): Promise<void> {
    const envelope = Envelope.safeParse(value)
    const shape = envelope.success ? SHAPES[envelope.data.do] : undefined
    const values = shape?.safeParse(envelope.data?.with)
    if (!envelope.success || values?.success !== true) {
      const id = z.object({ id: z.number() }).safeParse(value).data?.id ?? 0
      channel.send(refusal(id, 'the request has the wrong shape'))
      return
    }
    const { id, do: name } = envelope.data
    if (name === 'cancel') {
      channel.send(this.cancel(id, channel, SHAPES.cancel.parse(values.data).request))
      return
    }
    if (this.isEnding) {
      channel.send(refusal(id, 'the sensor is being ended'))
      return
    }
    if (name === 'watch') this.watchers.add(channel)
    const withdrawal = new AbortController()
    this.channels.get(channel)?.set(id, { name, withdrawal })
    const answer = await this.carryOut(id, name, values.data, withdrawal.signal)
    this.channels.get(channel)?.delete(id)
    channel.send(answer)
    if (!answer.ok && !withdrawal.signal.aborted) this.onRefused(name, values.data, answer.issues)
  }

  private cancel(id: number, channel: LineChannel, request: number): Answer {
    const underWay = this.channels.get(channel)?.get(request)
    if (underWay === undefined) return refusal(id, 'it is over already')
    if (!CANCELLABLE.includes(underWay.name)) return refusal(id, 'what was sent cannot be withdrawn')
    underWay.withdrawal.abort()
    return { id, ok: true, answer: {} }
  }

  private async carryOut(id: number, name: Asked, values: unknown, signal: AbortSignal): Promise<Answer> {
    try {
      // The shape of `values` was checked against this very name.
      const operation = this.operator[name] as (values: unknown, signal: AbortSignal) => Promise<unknown>
      return { id, ok: true, answer: await operation.call(this.operator, values, signal) }
    } catch (error) {
      if (error instanceof Refused) return { id, ok: false, issues: error.issues }
      if (error instanceof SensorError) {
        return { id, ok: false, issues: [{ field: '', ...linkTroubleOf(error) }] }
      }
      // Ours to mend: the log has the whole story, the face a number to report.
      this.log(`control: ${name} failed: ${error instanceof Error ? error.stack : String(error)}`)
      return refusal(id, 'the log of the sensor says why')
    }
  }
}

/** A request that has no answer yet. */
interface UnderWay {
  name: Asked
  withdrawal: AbortController
}

function refusal(id: number, reason: string): Answer {
  return { id, ok: false, issues: [issue('', 10, { reason })] }
}

/** Rejects in plain words when a sensor answers on this socket. A file left by a killed one does not answer. */
export async function refuseIfRunning(socketPath: string): Promise<void> {
  if (await answers(socketPath)) throw new Error('Another sensor is running on these settings already.')
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    // Any other error, such as EAGAIN of one that is busy, means that somebody is there.
    probe.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      resolve(!['ENOENT', 'ENOTDIR', 'ECONNREFUSED'].includes(code))
    })
  })
}
