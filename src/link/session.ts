import { WebSocket } from 'ws'
import { z } from 'zod'
import { SensorError } from '../errors/sensor-error'
import { Backoff } from './backoff'
import { openTls, platformTrouble, type Credential, type Route } from './connect'
import { codeOf } from './dial-trouble'
import { foreignText } from './foreign-text'
import { linkTroubleOf, type LinkTrouble } from './link-trouble'
import { FromPlatform, SESSION_PATH, type Command, type Configuration, type FromSensor } from './messages'

export type Hello = Omit<Extract<FromSensor, { type: 'hello' }>, 'type'>
export type Heartbeat = Omit<Extract<FromSensor, { type: 'heartbeat' }>, 'type'>

/** What the session asks of its owner, and tells it. */
export interface SessionHandlers {
  hello(): Hello
  heartbeat(): Heartbeat
  /** The platform has answered: end to end, not only TCP. */
  onUp(): void
  /** Called at every failed attempt too. `nextAttemptMs`: milliseconds since 1970. */
  onDown(trouble: LinkTrouble, nextAttemptMs: number): void
  /** Put it in force; the platform is told once the promise resolves, or the rejection's message as the reason. */
  onConfiguration(configuration: Configuration): Promise<void>
  /** Carry it out; a rejection's message goes to the platform as the reason. */
  onCommand(command: Command): Promise<void>
  /** The platform has been told that it was carried out: a deregistered sensor ends the session here, not before. */
  onDone?(command: Command): void
}

type Done = Extract<FromSensor, { type: 'done' }>

export interface SessionTimes {
  /** G-06: 60 by default. Each beat comes up to a tenth earlier, so that sensors drift apart. */
  heartbeatSeconds?: number
  /** How long the platform may take to answer a beat. */
  answerSeconds?: number
  backoff?: Backoff
}

/** 10,000 ranges of each kind with room to spare; a message beyond it ends the connection. */
const LONGEST_MESSAGE = 16 * 1024 * 1024

/** How long the platform may take to say goodbye as well; on a dead link it never does. */
const GOODBYE_MS = 1000

/** As messages.ts takes it. */
const LONGEST_REASON = 500

/** A command of a platform newer than this sensor; it is answered, or it would come again with every session. */
const UnknownCommand = z.object({ type: z.literal('command'), id: z.uuid() })

/** Commands answered lately: the platform repeats one whose `done` was lost, and `start` must not undo a later `pause`. */
const REMEMBERED_COMMANDS = 64

/**
 * The sensor's session with the platform: a WebSocket over mutual TLS that is kept up for ever. It says hello, beats,
 * hands configuration and commands to its owner, and when the platform falls silent or refuses, tries again with
 * backoff. It is up once the platform has answered a beat, and down when it does not.
 */
export class Session {
  private socket: WebSocket | undefined
  private timer: NodeJS.Timeout | undefined
  private answerTimer: NodeJS.Timeout | undefined
  /** Counts attempts: what belongs to an older one is ignored when it comes in late. */
  private attempt = 0
  private isRunning = false
  private up = false
  private readonly backoff: Backoff
  private readonly heartbeatMs: number
  private readonly answerMs: number
  private readonly answered = new Map<string, Done>()
  private turn: Promise<void> = Promise.resolve()

  /** The platform's clock minus ours in milliseconds (G-09), from the last beat; NaN before the first. */
  skewMs = NaN
  /** Messages that did not fit messages.ts, since start. */
  misunderstood = 0

  constructor(
    private route: Route & Credential,
    private readonly handlers: SessionHandlers,
    times: SessionTimes = {},
  ) {
    this.heartbeatMs = (times.heartbeatSeconds ?? 60) * 1000
    this.answerMs = (times.answerSeconds ?? 15) * 1000
    this.backoff = times.backoff ?? new Backoff()
  }

  get isUp(): boolean {
    return this.up
  }

  start(): void {
    if (this.isRunning) return
    this.isRunning = true
    void this.connect()
  }

  /** Say goodbye and stay away; nothing is called afterwards. */
  stop(): void {
    this.isRunning = false
    this.leave(1000)
  }

  /** Do not wait for the backoff: something changed that may have helped. No effect on a link that is up. */
  retryNow(): void {
    if (!this.isRunning || this.up) return
    this.backoff.reset()
    void this.connect()
  }

  /** Take another way (platform, proxy, credential) from now on. A link over the old way is given up. */
  use(route: Route & Credential): void {
    this.route = route
    if (!this.isRunning) return
    this.backoff.reset()
    void this.connect()
  }

  /** Beat now: the state that a beat carries has changed. */
  beat(): void {
    const { socket } = this
    if (socket?.readyState !== WebSocket.OPEN) return
    clearTimeout(this.timer)
    this.say({ type: 'heartbeat', ...this.handlers.heartbeat() })
    const attempt = this.attempt
    this.answerTimer ??= setTimeout(
      () => this.lost(attempt, platformTrouble(this.route.platform, `no answer within ${this.answerMs / 1000} s`)),
      this.answerMs,
    )
    this.timer = setTimeout(() => this.beat(), this.heartbeatMs * (0.9 + 0.1 * Math.random()))
  }

  private async connect(): Promise<void> {
    this.leave(1000)
    const attempt = ++this.attempt
    const { route } = this
    try {
      const tls = await openTls(route)
      if (attempt !== this.attempt) {
        tls.destroy()
        return
      }
      const socket = new WebSocket(`wss://${route.platform.host}${SESSION_PATH}`, {
        createConnection: () => tls,
        handshakeTimeout: route.timeoutMs,
        maxPayload: LONGEST_MESSAGE,
        perMessageDeflate: false,
        followRedirects: false,
      })
      this.socket = socket
      let refusal: SensorError | undefined
      socket.on('unexpected-response', (request, response) => {
        refusal = refusedSession(route, response.statusCode ?? 0)
        request.destroy()
        this.lost(attempt, refusal)
      })
      socket.on('error', (error) => this.lost(attempt, refusal ?? sessionTrouble(route, error)))
      socket.on('close', (_code, reason) => {
        const why = foreignText(String(reason))
        this.lost(attempt, platformTrouble(route.platform, `it closed the session${why && ` (${why})`}`))
      })
      socket.on('open', () => {
        if (attempt !== this.attempt) return
        this.say({ type: 'hello', ...this.handlers.hello() })
        this.beat()
      })
      socket.on('message', (data, isBinary) => {
        if (attempt === this.attempt) this.hear(attempt, isBinary ? '' : String(data))
      })
    } catch (error) {
      this.lost(attempt, error instanceof SensorError ? error : sessionTrouble(route, error))
    }
  }

  private hear(attempt: number, text: string): void {
    const json = parseJson(text)
    const message = FromPlatform.safeParse(json)
    if (!message.success) {
      this.misunderstood++
      const unknown = UnknownCommand.safeParse(json)
      if (unknown.success) {
        this.say({ type: 'done', id: unknown.data.id, ok: false, reason: 'This sensor does not know the command.' })
      }
      return
    }
    switch (message.data.type) {
      case 'heard':
        clearTimeout(this.answerTimer)
        this.answerTimer = undefined
        this.skewMs = message.data.atMs - Date.now()
        this.backoff.reset()
        if (!this.up) {
          this.up = true
          this.handlers.onUp()
        }
        return
      case 'configuration': {
        const { configuration } = message.data
        this.inTurn(() => this.configure(attempt, configuration))
        return
      }
      case 'command': {
        const { id, command } = message.data
        this.inTurn(() => this.obey(attempt, id, command))
      }
    }
  }

  /** What the platform asks for is done in the order it was asked. */
  private inTurn(work: () => Promise<void>): void {
    this.turn = this.turn.then(work)
  }

  private async configure(attempt: number, configuration: Configuration): Promise<void> {
    const { version } = configuration
    let answer: FromSensor
    try {
      await this.handlers.onConfiguration(configuration)
      answer = { type: 'configured', version }
    } catch (error) {
      answer = { type: 'not-configured', version, reason: reasonOf(error) }
    }
    if (attempt === this.attempt) this.say(answer)
  }

  private async obey(attempt: number, id: string, command: Command): Promise<void> {
    const done = this.answered.get(id) ?? (await this.carryOut(id, command))
    this.answered.set(id, done)
    if (this.answered.size > REMEMBERED_COMMANDS) this.answered.delete(this.answered.keys().next().value!)
    if (attempt !== this.attempt) return
    this.say(done)
    if (done.ok) this.handlers.onDone?.(command)
  }

  private async carryOut(id: string, command: Command): Promise<Done> {
    try {
      await this.handlers.onCommand(command)
      return { type: 'done', id, ok: true }
    } catch (error) {
      return { type: 'done', id, ok: false, reason: reasonOf(error) }
    }
  }

  private say(message: FromSensor): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }

  /** This attempt is over; the next one is planned. */
  private lost(attempt: number, error: SensorError): void {
    if (attempt !== this.attempt || !this.isRunning) return
    this.leave()
    const waitMs = this.backoff.next()
    this.timer = setTimeout(() => void this.connect(), waitMs)
    this.handlers.onDown(linkTroubleOf(error), Date.now() + waitMs)
  }

  /** Drop the connection and every timer of this attempt. With a code the platform is told goodbye. */
  private leave(code?: number): void {
    this.attempt++
    clearTimeout(this.timer)
    clearTimeout(this.answerTimer)
    this.answerTimer = undefined
    this.up = false
    const { socket } = this
    this.socket = undefined
    if (!socket) return
    // A socket that is given up may still fail, and an unheard error would end the process.
    socket.removeAllListeners()
    socket.on('error', () => undefined)
    if (code === undefined || socket.readyState !== WebSocket.OPEN) return socket.terminate()
    socket.close(code)
    setTimeout(() => socket.terminate(), GOODBYE_MS).unref()
  }
}

function refusedSession(route: Route, status: number): SensorError {
  return status === 401 || status === 403
    ? new SensorError(24, { reason: 'it does not know this sensor, or not any more' })
    : platformTrouble(route.platform, `it answered ${status} to the session`)
}

function sessionTrouble(route: Route, error: unknown): SensorError {
  const code = codeOf(error)
  if (code.startsWith('WS_ERR')) return platformTrouble(route.platform, `the session was garbled (${code})`, error)
  // TLS 1.3 lets the client finish first, so a certificate that the platform refuses is heard of only now.
  if (code.includes('ALERT'))
    return new SensorError(24, { reason: 'it does not accept the certificate of this sensor' })
  return platformTrouble(
    route.platform,
    code ? `the session broke (${code})` : 'the session could not be opened',
    error,
  )
}

function reasonOf(error: unknown): string {
  return foreignText(error instanceof Error ? error.message : String(error), LONGEST_REASON)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
