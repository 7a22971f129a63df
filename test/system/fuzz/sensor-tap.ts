import { setTimeout as pause } from 'node:timers/promises'
import { createServer, connect, type Server, type Socket } from 'node:net'
import { Turns } from '../../../src/sensor/turns'
import { LineChannel } from '../../../src/sensor/line-channel'

/** What a console asks for, as it stands on the socket. */
export interface Request {
  do: string
  with: Readonly<Record<string, unknown>>
}

export interface Asked extends Request {
  /** Its sensor has gone, or is gone for this console. */
  isLost: boolean
}

interface Message {
  id?: number
  do?: string
  with?: Record<string, unknown>
  ok?: boolean
}

/**
 * Sits on the control socket between a console and its sensor: it sees everything that is asked, holds it until whoever
 * listens lets it go on, and can keep answers back. It knows the messages and nothing of the console.
 */
export class SensorTap {
  /** Called with each request; the sensor gets it when this has resolved. */
  onAsked: (asked: Asked) => Promise<void> = async () => undefined
  /** Called with what came of it, before the console is told. */
  onAnswered: (asked: Asked, isDone: boolean) => Promise<void> = async () => undefined
  /** Called with what will have no answer: the sensor has gone. */
  onLost: (asked: Asked) => void = () => undefined
  /** Requests without an answer yet. */
  readonly unanswered = new Set<Asked>()
  private server: Server | undefined
  private readonly channels = new Set<LineChannel>()
  private frozen: (() => void)[] | undefined

  constructor(
    readonly socketPath: string,
    private readonly sensorPath: string,
  ) {}

  async start(): Promise<void> {
    const server = createServer((socket) => this.welcome(socket))
    await new Promise<void>((resolve) => server.listen(this.socketPath, resolve))
    this.server = server
  }

  async stop(): Promise<void> {
    for (const { socket } of this.channels) socket.destroy()
    await new Promise<unknown>((resolve) => this.server?.close(resolve))
  }

  /** How many requests have no answer yet. */
  get outstanding(): number {
    return this.unanswered.size
  }

  /** Answers and events wait from now on. */
  freeze(): void {
    this.frozen ??= []
  }

  /** And now they come. */
  thaw(): void {
    const waiting = this.frozen ?? []
    this.frozen = undefined
    for (const each of waiting) each()
  }

  private welcome(near: Socket): void {
    const waiting = new Map<number, Asked>()
    const order = new Turns()
    const far = connect(this.sensorPath)
    const console = new LineChannel(near, (value) => this.pass(value as Message, waiting, order, sensor))
    const sensor = new LineChannel(far, (value) =>
      this.inTurn(() => void this.passBack(value as Message, waiting, console)),
    )
    for (const channel of [console, sensor]) this.channels.add(channel)
    const over = (): void => {
      for (const asked of waiting.values()) {
        asked.isLost = true
        this.unanswered.delete(asked)
        this.onLost(asked)
      }
      waiting.clear()
      for (const { socket } of [console, sensor]) socket.destroy()
      this.channels.delete(console)
      this.channels.delete(sensor)
    }
    far.once('close', over)
    // What the sensor has begun for a console that is gone it brings to its end, and what came of it is to be known.
    near.once('close', () => void whenever(() => waiting.size === 0).then(over))
  }

  /** What is asked later never overtakes what is looked at: withdrawing it, say. */
  private pass(message: Message, waiting: Map<number, Asked>, order: Turns, sensor: LineChannel): void {
    const { id = 0, do: name = '', with: values = {} } = message
    const asked = { do: name, with: values, isLost: false }
    waiting.set(id, asked)
    this.unanswered.add(asked)
    void order.take(async () => {
      await this.onAsked(asked)
      sensor.send(message)
    })
  }

  private async passBack(message: Message, waiting: Map<number, Asked>, console: LineChannel): Promise<void> {
    const asked = message.id === undefined ? undefined : waiting.get(message.id)
    if (asked === undefined || message.id === undefined) return console.send(message)
    await this.onAnswered(asked, message.ok === true)
    if (waiting.delete(message.id)) this.unanswered.delete(asked)
    console.send(message)
  }

  private inTurn(work: () => void): void {
    if (this.frozen === undefined) work()
    else this.frozen.push(work)
  }
}

async function whenever(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(10)
}
