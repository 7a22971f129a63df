import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ended, NPS } from '../system/terminals/serial-console'
import { until } from '../until'

/** `nps simulate --no-console` in a folder of its own: a real platform, sensor and worker on a network that is not. */
export class Simulated {
  readonly folder = mkdtempSync(join(tmpdir(), 'nps-simulated-'))
  private readonly program: ChildProcess
  private said = ''

  private constructor() {
    const command = [NPS, 'simulate', '--no-console', '--folder', this.folder, '--port', '0']
    this.program = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.program.stderr?.on('data', (bytes: Buffer) => (this.said += bytes.toString()))
  }

  static async start(): Promise<Simulated> {
    const appliance = new Simulated()
    await until(() => appliance.said.includes('nps console --folder'))
    return appliance
  }

  get socket(): string {
    return join(this.folder, 'sensor.sock')
  }

  /** The personalization code that waits to be used. */
  get code(): string {
    return readFileSync(join(this.folder, 'personalization-code'), 'utf8').trim()
  }

  settings(name: string): string {
    return readFileSync(join(this.folder, 'settings', `${name}.ini`), 'utf8')
  }

  /** What the sensor keeps for itself. */
  state(name: string): string {
    return readFileSync(join(this.folder, 'state', `${name}.ini`), 'utf8')
  }

  /** What `nps show` says of it. */
  async shows(name: 'status' | 'network' | 'proxy'): Promise<unknown> {
    const command = [NPS, 'show', name, '--json', '--folder', this.folder]
    const { stdout } = await promisify(execFile)(process.execPath, command)
    return (JSON.parse(stdout) as { answer: unknown }).answer
  }

  async close(): Promise<void> {
    await ended(this.program)
    rmSync(this.folder, { recursive: true, force: true })
  }
}
