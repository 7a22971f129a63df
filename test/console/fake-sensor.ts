import { createServer, type Server, type Socket } from 'node:net'
import { issue, type Issue } from '../../src/errors/issue'
import { LineChannel } from '../../src/sensor/line-channel'
import type { Operations, Request, SensorStatus } from '../../src/sensor/messages'
import { aStatus } from './a-status'

/** What a scripted operation comes to: an answer, or issues. */
type Outcome = { answer: unknown } | { issues: Issue[] }
type Script = (values: never) => Outcome | undefined

/**
 * A sensor that does what a test tells it, on a real unix socket and in the real messages. It remembers everything it
 * was asked; unscripted operations succeed.
 */
export class FakeSensor {
  readonly asked: { do: string; with: unknown }[] = []
  status: SensorStatus = aStatus()
  private server: Server | undefined
  private readonly channels = new Set<LineChannel>()
  private readonly scripts = new Map<string, Script>()
  private readonly held: ((outcome: Outcome | undefined) => void)[] = []

  constructor(readonly socketPath: string) {}

  async start(): Promise<void> {
    const server = createServer((socket) => this.serve(socket))
    await new Promise<void>((resolve) => server.listen(this.socketPath, resolve))
    this.server = server
  }

  async stop(): Promise<void> {
    const { server } = this
    this.server = undefined
    for (const channel of this.channels) channel.socket.destroy()
    if (server !== undefined) await new Promise((resolve) => server.close(resolve))
  }

  /** What an operation answers from now on. A script that says nothing leaves the asker waiting for `release`. */
  on<Name extends keyof Operations>(
    name: Name,
    script: (
      values: Operations[Name]['with'],
    ) => { answer: Operations[Name]['answer'] } | { issues: Issue[] } | undefined,
  ): void {
    this.scripts.set(name, script as Script)
  }

  /** Answer what scripts have left waiting, with success unless something else is said. */
  release(outcome?: Outcome): void {
    for (const answer of this.held.splice(0)) answer(outcome)
  }

  change(status: Partial<SensorStatus>): void {
    this.status = { ...this.status, ...status }
    for (const channel of this.channels) channel.send({ event: 'status', status: this.status })
  }

  askedFor<Name extends keyof Operations>(name: Name): Operations[Name]['with'][] {
    return this.asked.filter((one) => one.do === name).map((one) => one.with as Operations[Name]['with'])
  }

  private serve(socket: Socket): void {
    const channel = new LineChannel(socket, (value) => this.take(channel, value as Request))
    this.channels.add(channel)
    socket.once('close', () => this.channels.delete(channel))
  }

  private take(channel: LineChannel, request: Request): void {
    this.asked.push({ do: request.do, with: request.with })
    const script = this.scripts.get(request.do) as ((values: unknown) => ReturnType<Script>) | undefined
    const outcome = script === undefined ? { answer: this.usual(request) } : script(request.with)
    const answer = (come: Outcome = { answer: {} }): void =>
      channel.send(
        'issues' in come
          ? { id: request.id, ok: false, issues: come.issues }
          : { id: request.id, ok: true, answer: come.answer },
      )
    if (outcome === undefined) this.held.push(answer)
    else answer(outcome)
  }

  private usual(request: Request): unknown {
    switch (request.do) {
      case 'status':
      case 'watch':
        return this.status
      case 'network.show':
        return { mode: 'dhcp', address: '', netmask: '', gateway: '', dns1: '', dns2: '' }
      case 'proxy.show':
        return { enabled: false, host: '', port: 443, auth: 'none', user: '', passwordIsSet: false }
      case 'assets':
        return { machines: [], total: 0 }
      case 'asset':
      case 'flows':
      case 'errors':
      case 'history.list':
        return []
      case 'connection.test':
        return { isRunning: false, startedMs: 0, rungs: [], isReached: false, code: '' }
      default:
        return {}
    }
  }
}

/** A refusal as the sensor words it. */
export const refusal = (field: string, number: Parameters<typeof issue>[1], values = {}): { issues: Issue[] } => ({
  issues: [issue(field, number, values)],
})
