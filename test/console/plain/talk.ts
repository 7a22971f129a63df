import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { spawn, type IPty } from '@lydell/node-pty'
import { FakeSensor } from '../fake-sensor'

const NPS = resolve(__dirname, '../../../../bin/nps')
const PATIENCE_MS = 20_000

/** A program on a pty that prints and asks: what it has said is kept byte by byte, and waited for piece by piece. */
export class Talk {
  /** Everything that was said, with every control character. */
  transcript = ''
  exitCode: number | undefined
  private heardUntil = 0
  private readonly pty: IPty
  private waiting: () => void = () => undefined

  constructor(command: readonly string[], env: Record<string, string> = {}) {
    const [file = '', ...args] = command
    this.pty = spawn(file, args, { cols: 80, rows: 24, env: { ...process.env, TERM: 'dumb', ...env } })
    this.pty.onData((text) => {
      this.transcript += text
      this.waiting()
    })
    this.pty.onExit(({ exitCode }) => {
      this.exitCode = exitCode
      this.waiting()
    })
  }

  send(...texts: string[]): void {
    for (const text of texts) this.pty.write(text)
  }

  /** Each prompt is waited for, and then answered; the answers end with Enter by themselves. */
  async answers(...pairs: [prompt: string, answer: string][]): Promise<void> {
    for (const [prompt, answer] of pairs) {
      await this.hears(prompt)
      this.send(`${answer}\r`)
    }
  }

  /** What is said up to and with these words, from where the last such call ended. */
  async hears(words: string): Promise<string> {
    const from = this.heardUntil
    await this.until(words, () => this.transcript.includes(words, from))
    this.heardUntil = this.transcript.indexOf(words, from) + words.length
    return this.transcript.slice(from, this.heardUntil)
  }

  async ended(): Promise<number> {
    await this.until('the end of the program', () => this.exitCode !== undefined)
    return this.exitCode ?? -1
  }

  async close(): Promise<void> {
    if (this.exitCode !== undefined) return
    this.pty.kill('SIGKILL')
    await this.ended()
  }

  private async until(what: string, isSo: () => boolean): Promise<void> {
    if (isSo()) return
    await new Promise<void>((done, reject) => {
      const patience = setTimeout(
        () =>
          reject(
            new Error(`Waited for ${JSON.stringify(what)}. Since then:\n${this.transcript.slice(this.heardUntil)}`),
          ),
        PATIENCE_MS,
      )
      this.waiting = () => {
        if (!isSo()) return
        clearTimeout(patience)
        this.waiting = () => undefined
        done()
      }
    })
  }
}

export interface PlainStory {
  talk: Talk
  sensor: FakeSensor
}

/** A test in which somebody answers the questions of plain mode on a pty, with a scripted sensor behind it. */
export function plainTest(name: string, tell: (story: PlainStory) => Promise<void>): void {
  test(
    name,
    () =>
      withSensor(async (sensor) => {
        const talk = new Talk([process.execPath, NPS, 'console', '--plain', '--socket', sensor.socketPath], {
          TERM: 'xterm',
        })
        try {
          await tell({ talk, sensor })
        } finally {
          await talk.close()
        }
      }),
    60_000,
  )
}

/** A sensor in a folder of its own, for as long as `tell` takes. */
export async function withSensor<T>(tell: (sensor: FakeSensor, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'nps-plain-'))
  const sensor = new FakeSensor(join(folder, 'sensor.sock'))
  await sensor.start()
  try {
    return await tell(sensor, folder)
  } finally {
    await sensor.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
