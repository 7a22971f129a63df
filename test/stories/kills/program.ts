import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

/** A program of this folder, to be killed and started again as often as one likes. */
export class Program {
  /** Lines it has printed in all its lives. */
  readonly lines: string[] = []
  private child: ChildProcess | undefined
  private ended: Promise<number | null> = Promise.resolve(null)
  private onLine: () => void = () => undefined

  constructor(
    private readonly name: 'reporting' | 'sending' | 'platform' | 'sensor' | 'telling',
    /** Of each start. */
    private readonly args: () => string[],
  ) {}

  start(): void {
    const child = spawn(process.execPath, [join(__dirname, `${this.name}.js`), ...this.args()], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // A group of its own, to which those belong that it starts.
      detached: true,
    })
    let rest = ''
    child.stdout.on('data', (chunk) => {
      const parts = (rest + String(chunk)).split('\n')
      rest = parts.pop()!
      this.lines.push(...parts)
      this.onLine()
    })
    this.child = child
    this.ended = new Promise((resolve) => child.once('close', resolve))
  }

  /** Resolves at its next line, or at its end. */
  async nextLine(): Promise<void> {
    await Promise.race([new Promise<void>((resolve) => (this.onLine = resolve)), this.ended])
  }

  /** Resolves with its exit status; null when it was killed. */
  end(): Promise<number | null> {
    return this.ended
  }

  /** It and all that it has started. */
  async killAll(): Promise<void> {
    try {
      if (this.child?.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL')
    } catch {
      // All of them are gone.
    }
    await this.ended
  }

  /** It alone. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL')
    await this.ended
  }
}
