import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Size } from '../../../src/form/view'
import { Screen } from '../../screen-driver/screen'
import { until } from '../../until'
import { Echo } from './echo'
import type { Screenful } from './read-screen'
import type { Station } from './station'

const NPS = resolve(__dirname, '../../../../bin/nps')
/** What a console says first; the last of it on a terminal that is too small for screens. */
const FIRST_WORDS = /Main menu|console is locked|Waiting for the sensor|This terminal is/

/** The bundled program on a pseudo-terminal, one process a visit. */
export class PtyConsole implements Station {
  readonly quietMs = 60
  readonly isExact = false
  size: Size = { columns: 80, rows: 24 }

  static async start(face: Station['face'], socketPath: string): Promise<PtyConsole> {
    const station = new PtyConsole(face, socketPath)
    await station.welcome()
    return station
  }

  private screen: Screen
  private readonly echo = new Echo()

  private constructor(
    private readonly first: Station['face'],
    private readonly socketPath: string,
  ) {
    this.screen = this.program()
  }

  /** Plain mode moves no cursor: everything since it has begun is words. */
  get face(): Station['face'] {
    const { said } = this.screen
    const moved = said.lastIndexOf('\x1b[')
    return moved < 0 || said.includes('\r\nMain menu\r\n', moved) ? 'plain' : 'screens'
  }

  /** It has something to do, whether the processor is free for it or not. */
  get isBusy(): boolean {
    return threadsOf(this.screen.pid).some((thread) => !/^State:\s+[SZ]/m.test(statusOf(thread)))
  }

  get screenful(): Screenful {
    return { rows: this.screen.rows(), cursor: this.screen.cursor() }
  }

  get transcript(): string {
    return this.screen.said
  }

  get sent(): number {
    return this.screen.bytes
  }

  type(bytes: Buffer): void {
    this.screen.sendBytes(bytes)
  }

  resize(size: Size): void {
    this.size = size
    this.screen.resize(size.columns, size.rows)
  }

  beHonest(): void {}

  async gotThrough(): Promise<void> {
    await this.echo.round()
    await until(() => !this.isBusy)
    await this.echo.round()
  }

  async hangUp(): Promise<void> {
    const { pid } = this.screen
    this.screen.hangUp()
    await until(() => !isRunning(pid))
    await this.sitDown()
  }

  async isServed(): Promise<boolean> {
    const { exitCode } = this.screen
    if (exitCode === undefined) return true
    if (exitCode !== 0) throw new Error(`The console has ended with ${exitCode}. Its screen is:\n${this.screen.text()}`)
    await this.screen.close()
    await this.sitDown()
    return false
  }

  get memoryBytes(): number {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(statusOf(this.screen.pid))?.[1]) * 1024
  }

  swapVisitor(): void {}

  async close(): Promise<void> {
    this.echo.close()
    await this.screen.close()
  }

  private async sitDown(): Promise<void> {
    this.screen = this.program()
    await this.welcome()
  }

  /** In plain mode on a low terminal the first words have left the screen when the last ones come. */
  private async welcome(): Promise<void> {
    const { first, screen } = this
    const words = (): string => (first === 'plain' ? screen.said : screen.text())
    await screen.until('the first words', () => FIRST_WORDS.test(words()))
  }

  private program(): Screen {
    const plain = this.first === 'plain' ? ['--plain'] : []
    return new Screen([process.execPath, NPS, 'console', '--socket', this.socketPath, ...plain], this.size)
  }
}

/** A zombie has ended. */
function isRunning(pid: number): boolean {
  return !/^State:\s+Z/m.test(statusOf(pid))
}

/** What it writes is written by a thread of its own. */
function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => `${pid}/task/${thread}`)
  } catch {
    return []
  }
}

/** What the system says of a process or one of its threads; of what has ended, that it is a zombie. */
function statusOf(id: number | string): string {
  try {
    return readFileSync(`/proc/${id}/status`, 'utf8')
  } catch {
    return 'State:\tZ (gone)\n'
  }
}
