import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { until } from '../../until'

/** A program may take its time to start on a machine that has other things to do. */
const START_MS = 60_000

/** Certificates of the machine that stand in files which a namespace may hide: Node would complain of that. */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env

/** A program that runs until the lab is cleared away, with all it has said so far. */
export class Program {
  /** Lines of its standard output and its standard error, in the order in which they came. */
  readonly lines: string[] = []
  /** Its exit status; undefined while it runs, -1 when a signal ended it or it could not be started. */
  status: number | undefined
  private readonly child: ChildProcess

  constructor(
    private readonly words: readonly string[],
    env: Record<string, string>,
  ) {
    const [command, ...args] = words
    this.child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...ENVIRONMENT, ...env } })
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      let rest = ''
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        const parts = (rest + chunk).split('\n')
        rest = parts.pop()!
        this.lines.push(...parts)
      })
      stream.on('end', () => rest !== '' && this.lines.push(rest))
    }
    this.child.stdin!.on('error', () => undefined)
    this.child.once('error', (error) => {
      this.lines.push(error.message)
      this.status = -1
    })
    this.child.once('close', (status) => (this.status = status ?? -1))
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  /** All it has said, for patterns and for people. */
  get text(): string {
    return this.lines.join('\n')
  }

  type(text: string): void {
    this.child.stdin!.write(text)
  }

  /** Resolves when it has said this, by default anything at all; rejects with what it said when it ends instead. */
  async says(pattern = /^/): Promise<void> {
    await until(() => {
      if (this.lines.some((line) => pattern.test(line))) return true
      if (this.status === undefined) return false
      throw new Error(`${this.words.join(' ')} ended with ${this.status}:\n${this.text}`)
    }, START_MS)
  }

  /** Resolves when something listens on this TCP port of its machine; rejects with what it said when it ends instead. */
  async listensOn(port: number): Promise<void> {
    const TCP_LISTEN = '0A'
    await until(() => {
      if (this.status !== undefined) throw new Error(`${this.words.join(' ')} ended with ${this.status}:\n${this.text}`)
      return this.tcpSockets(port).some((columns) => columns[3] === TCP_LISTEN)
    }, START_MS)
  }

  /** The TCP sockets of its machine that have this port of their own, by the columns of /proc/net/tcp. */
  tcpSockets(port: number): string[][] {
    const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
    return ['tcp', 'tcp6']
      .flatMap((name) => readFileSync(`/proc/${this.pid}/net/${name}`, 'utf8').split('\n'))
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[1]?.endsWith(local) === true)
  }

  /** Resolves with its exit status when it ends by itself. */
  async ends(): Promise<number> {
    await until(() => this.status !== undefined, 60_000)
    return this.status!
  }

  /** Send it a signal that it may outlive. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** End it: at once, or as this signal asks it to. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.status === undefined) this.child.kill(signal)
    await until(() => this.status !== undefined)
  }
}
