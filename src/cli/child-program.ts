import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A program that ends with this status was told to, and is not started again. */
export const STAYS_OFF = 64

/** A program that died is started again after this long. */
const RESTART_MS = 1000

/**
 * One of our own programs, kept running beside us until we end it. Its standard input is a pipe from us, so it ends
 * itself when we are gone, however we went; what it says on stderr goes to `NAME.log` in the folder.
 */
export class ChildProgram {
  private child: ChildProcess | undefined
  private restart: NodeJS.Timeout | undefined
  private isEnding = false
  /** It was told to end and stay that way. */
  staysOff = false
  onStaysOff: () => void = () => undefined
  private readonly logFile: string

  constructor(
    private readonly name: string,
    folder: string,
    private readonly args: readonly string[],
  ) {
    this.logFile = join(folder, `${name}.log`)
  }

  /** Start it; resolves with the line of JSON it announces itself with, rejects with its last words. */
  start(): Promise<unknown> {
    const log = openSync(this.logFile, 'a', 0o600)
    const child = spawn(process.execPath, [process.argv[1]!, ...this.args], { stdio: ['pipe', 'pipe', log] })
    closeSync(log)
    this.child = child
    return new Promise((resolve, reject) => {
      let isReady = false
      createInterface({ input: child.stdout! }).once('line', (line) => {
        isReady = true
        resolve(JSON.parse(line))
      })
      child.once('error', reject)
      child.once('exit', (status) => {
        if (status === STAYS_OFF) {
          this.staysOff = true
          this.onStaysOff()
        }
        if (!isReady) reject(new Error(`The ${this.name} did not start: ${this.lastWords()}`))
        else this.startSoon()
      })
    })
  }

  /** End it, and wait until it has. */
  async end(): Promise<void> {
    this.isEnding = true
    clearTimeout(this.restart)
    const { child } = this
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }

  private startSoon(): void {
    if (!this.isEnding && !this.staysOff) this.restart = setTimeout(() => void this.startAgain(), RESTART_MS)
  }

  private async startAgain(): Promise<void> {
    try {
      await this.start()
    } catch {
      // It has said why in its log; the console shows that it is missing.
      this.startSoon()
    }
  }

  private lastWords(): string {
    const line = readFileSync(this.logFile, 'utf8').trimEnd().split('\n').at(-1) ?? ''
    return line.replace(/^nps: /, '') || `${this.logFile} does not say why`
  }
}
