import { Terminal } from '@xterm/headless'
import { spawn, type IPty } from '@lydell/node-pty'
import type { Picture } from './lower-bound'

export type Kind = 'vt100' | 'xterm'

/** How long a program says nothing until it has said everything; dialog takes a second over a lone Esc. */
const QUIET_MS = 600
const FIRST_BYTE_MS = 3000
const LONGEST_MS = 120_000

/** Bytes a millisecond at 115200 baud: ten bits a byte. */
export const BYTES_PER_MS = 11.52

/**
 * A program on a pty of 80x24 and the terminal it talks to: xterm.js, which answers when it is asked, or made into a
 * VT100 by taking from it what a VT100 does not know, UTF-8, REP and ECH.
 */
export class Line {
  bytes = 0
  /** Everything it wrote, a character a byte. */
  raw = ''
  lastByteAt = performance.now()
  onData: (() => void) | undefined
  private readonly terminal: Terminal
  private readonly pty: IPty
  private isOver = false
  private freeAt = 0

  /** A paced line takes no more than its share of bytes, so the program meets a line that is full. */
  constructor(
    kind: Kind,
    [file = '', ...args]: readonly string[],
    private readonly isPaced = false,
  ) {
    this.terminal = new Terminal({ cols: 80, rows: 24, scrollback: 0, allowProposedApi: true })
    if (kind === 'vt100') for (const final of 'bX') this.terminal.parser.registerCsiHandler({ final }, () => true)
    const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
    const ofTerminal = { TERM: kind, LC_ALL: kind === 'vt100' ? 'C' : 'C.UTF-8' }
    this.pty = spawn(file, args, { cols: 80, rows: 24, env: { ...env, ...ofTerminal }, encoding: null })
    this.pty.onData((data: string | Buffer) => {
      const bytes = Buffer.from(data)
      this.bytes += bytes.length
      this.raw += bytes.toString('latin1')
      this.lastByteAt = performance.now()
      if (this.isPaced) this.pace(bytes.length)
      this.terminal.write(kind === 'vt100' ? bytes.toString('latin1') : bytes, () => this.onData?.())
    })
    this.terminal.onData((answer) => this.pty.write(answer))
    this.pty.onExit(() => (this.isOver = true))
  }

  /** Keys as they are sent now: programs ask for arrows in one of two ways. */
  sent(keys: string): string {
    return this.terminal.modes.applicationCursorKeysMode ? keys.replaceAll('\x1b[', '\x1bO') : keys
  }

  send(bytes: string): void {
    this.pty.write(bytes)
  }

  /** Until it has said everything; how long it took from here to its last byte. */
  async quiet(patienceMs: number = FIRST_BYTE_MS): Promise<number> {
    const startedAt = performance.now()
    const bytes = this.bytes
    while (performance.now() - startedAt < LONGEST_MS) {
      await sleep(20)
      const isSilent = this.bytes === bytes && performance.now() - startedAt < patienceMs
      if (!isSilent && performance.now() - this.lastByteAt > QUIET_MS) break
      if (this.isOver) throw new Error(`It has ended, and left:\n${this.picture().rows.join('\n')}`)
    }
    return Math.max(0, this.lastByteAt - startedAt)
  }

  picture(): Picture {
    const { active } = this.terminal.buffer
    const rows = Array.from({ length: 24 }, (_none, row) => active.getLine(row)!.translateToString(true).trimEnd())
    return { rows, row: active.cursorY, column: active.cursorX }
  }

  async close(): Promise<void> {
    this.pty.kill('SIGKILL')
    while (!this.isOver) await sleep(5)
    this.terminal.dispose()
  }

  private pace(bytes: number): void {
    this.freeAt = Math.max(performance.now(), this.freeAt) + bytes / BYTES_PER_MS
    this.pty.pause()
    setTimeout(() => this.pty.resume(), this.freeAt - performance.now())
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
