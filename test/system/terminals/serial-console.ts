import { Terminal } from '@xterm/headless'
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { FakeSensor } from '../../console/fake-sensor'
import { until } from '../../until'

export const NPS = resolve(__dirname, '../../../../bin/nps')

/**
 * A resident `nps console --device` with a scripted sensor behind it. Its serial line is a pair of ptys that socat
 * joins, as a null-modem cable would; everything that passes the cable is written down, in both directions.
 */
export class SerialConsole {
  /** The far end of the cable: what a terminal program opens. */
  readonly port: string
  readonly sensor: FakeSensor
  private readonly device: string
  private readonly cables: ChildProcess[] = []
  private readonly console: ChildProcess
  /** Keeps the far end open between two visitors: without a reader socat would take it for hung up. */
  private holding: number | undefined
  /** What the console process has said on stderr. */
  said = ''

  private constructor(
    readonly folder: string,
    environment: NodeJS.ProcessEnv,
    socket?: string,
  ) {
    this.device = join(folder, 'ttyS0')
    this.port = join(folder, 'ttyUSB0')
    this.sensor = new FakeSensor(join(folder, 'sensor.sock'))
    // Started before there is a cable: the console waits for the device, so that it inherits no end of it.
    const script = `until [ -e ${this.device} ]; do sleep 0.05; done; exec "$@"`
    const command = [
      process.execPath,
      NPS,
      'console',
      '--socket',
      socket ?? this.sensor.socketPath,
      '--device',
      this.device,
    ]
    this.console = spawn('/bin/sh', ['-c', script, 'sh', ...command], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...environment },
    })
    this.console.stderr?.on('data', (bytes: Buffer) => (this.said += bytes.toString()))
  }

  /** `socket`: that of a real sensor, in place of the scripted one. */
  static async start(environment: NodeJS.ProcessEnv = {}, socket?: string): Promise<SerialConsole> {
    const folder = mkdtempSync(join(tmpdir(), 'nps-terminals-'))
    const line = new SerialConsole(folder, { HOME: folder, ...environment }, socket)
    if (socket === undefined) await line.sensor.start()
    await line.plugIn()
    return line
  }

  /** Join the two ends. */
  async plugIn(): Promise<void> {
    const pty = (link: string): string => `pty,raw,echo=0,link=${link}`
    const number = this.cables.length
    const cable = spawn(
      'socat',
      ['-r', this.log('sent', number), '-R', this.log('typed', number), pty(this.device), pty(this.port)],
      { stdio: 'ignore' },
    )
    this.cables.push(cable)
    await until(() => existsSync(this.device) && existsSync(this.port))
    this.holding = openSync(this.port, constants.O_RDWR | constants.O_NOCTTY)
    // The console has opened its end when it has sent its first byte.
    await until(() => this.sent(number).length > 0)
  }

  /** Pull the cable: both ends vanish, as a USB converter does. */
  async unplug(): Promise<void> {
    if (this.holding !== undefined) closeSync(this.holding)
    this.holding = undefined
    await ended(this.cables.at(-1))
    rmSync(this.device, { force: true })
    rmSync(this.port, { force: true })
  }

  /** Every byte that this cable, or the one in use, has carried to the terminal. */
  sent(cable = this.cables.length - 1): Buffer {
    return contents(this.log('sent', cable))
  }

  /** Every byte that this cable, or the one in use, has carried to the console. */
  typed(cable = this.cables.length - 1): Buffer {
    return contents(this.log('typed', cable))
  }

  /** The rows a VT100 of this size would show of all that has been sent. */
  async model(columns = 80, rows = 24): Promise<string[]> {
    const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true })
    await new Promise<void>((done) => terminal.write(this.sent(), done))
    const { active } = terminal.buffer
    const text = Array.from({ length: rows }, (_none, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    )
    terminal.dispose()
    return text
  }

  /** The real name of the far end, which some programs want in place of the link. */
  get portName(): string {
    return readlinkSync(this.port)
  }

  /** The process of the console. */
  get pid(): number {
    return this.console.pid ?? 0
  }

  get isRunning(): boolean {
    return this.console.exitCode === null && this.console.signalCode === null
  }

  async close(): Promise<void> {
    await ended(this.console)
    await this.unplug()
    await this.sensor.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private log(direction: 'sent' | 'typed', cable: number): string {
    return join(this.folder, `${direction}-${cable}`)
  }
}

/** End a process that may have ended already, and wait until it has. */
export async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  const over = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  await over
}

function contents(file: string): Buffer {
  return existsSync(file) ? readFileSync(file) : Buffer.alloc(0)
}

/** A test with a console on a serial line. */
export function serialTest(
  it: jest.It,
  name: string,
  tell: (line: SerialConsole) => Promise<void>,
  environment: NodeJS.ProcessEnv = {},
): void {
  it(
    name,
    async () => {
      const line = await SerialConsole.start(environment)
      try {
        await tell(line)
      } finally {
        await line.close()
      }
    },
    120_000,
  )
}
