import { Terminal } from '@xterm/headless'
import { spawn, type IPty } from '@lydell/node-pty'

/** How long a screen may take to come; a story that waits longer is lost. */
const PATIENCE_MS = 60_000

/** So much of what a program has written is kept. */
const SAID = 32_000

/** Names for keys, as a VT100 sends them. */
export const KEY = {
  enter: '\r',
  tab: '\t',
  backTab: '\x1b[Z',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[1~',
  end: '\x1b[4~',
  delete: '\x1b[3~',
  backspace: '\x7f',
  escape: '\x1b',
  interrupt: '\x03',
  redraw: '\x0c',
} as const

export interface ScreenOptions {
  columns?: number
  rows?: number
  env?: Record<string, string>
  cwd?: string
}

/**
 * A program on a pseudo-terminal, seen as a person sees it: its bytes go through a terminal emulator, and tests look
 * at the screen that results. Nothing here sleeps; every wait is for something to be seen.
 */
export class Screen {
  private readonly terminal: Terminal
  private readonly pty: IPty
  private readonly waiting = new Set<() => void>()
  /** Bytes the program has written. */
  bytes = 0
  /** The last of them, each as the character of that number. */
  said = ''
  /** Its exit status, once it has ended. */
  exitCode: number | undefined

  constructor(command: readonly string[], options: ScreenOptions = {}) {
    const { columns = 80, rows = 24, env = {}, cwd = process.cwd() } = options
    this.terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: false })
    const [file = '', ...args] = command
    this.pty = spawn(file, args, {
      cols: columns,
      rows,
      cwd,
      env: { ...process.env, TERM: 'vt100', ...env },
      encoding: null,
    })
    this.pty.onData((data: string | Buffer) => {
      this.bytes += data.length
      this.said = (this.said + data.toString('latin1')).slice(-SAID)
      this.terminal.write(data, () => this.look())
    })
    // What the terminal itself answers when it is asked something.
    this.terminal.onData((answer) => this.pty.write(answer))
    this.pty.onExit(({ exitCode }) => {
      this.exitCode = exitCode
      this.look()
    })
  }

  /** The rows as text, trailing blanks cut. */
  rows(): string[] {
    const { active } = this.terminal.buffer
    return Array.from({ length: this.terminal.rows }, (_none, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    )
  }

  text(): string {
    return this.rows().join('\n')
  }

  cursor(): { row: number; column: number } {
    const { active } = this.terminal.buffer
    return { row: active.cursorY, column: active.cursorX }
  }

  /** The program has asked for application cursor keys: arrows are to be sent as `ESC O A`, not `ESC [ A`. */
  get sendsApplicationKeys(): boolean {
    return this.terminal.modes.applicationCursorKeysMode
  }

  /** The row the cursor is parked on: what has the focus. */
  focusedRow(): string {
    return this.rows()[this.cursor().row] ?? ''
  }

  send(...keys: string[]): void {
    this.pty.write(keys.join(''))
  }

  sendBytes(bytes: Buffer): void {
    // It takes bytes as well; only its types do not say so.
    ;(this.pty as unknown as { write(bytes: Buffer): void }).write(bytes)
  }

  /** The process of the program. */
  get pid(): number {
    return this.pty.pid
  }

  /** Bytes that reach the screen without the program having sent them: noise on the line. */
  disturb(bytes: string): void {
    this.terminal.write(bytes, () => this.look())
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows)
    this.pty.resize(columns, rows)
  }

  /** The terminal goes away, as when its window is closed or its cable pulled; what runs on it is not waited for. */
  hangUp(): void {
    ;(this.pty as IPty & { destroy(): void }).destroy()
    this.terminal.dispose()
  }

  /** Until the screen shows this. Fails with the screen that is there instead. */
  async shows(wanted: string | RegExp): Promise<void> {
    await this.until(String(wanted), () => {
      const text = this.text()
      return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)
    })
  }

  /** Until what has the focus says this. */
  async focuses(wanted: string): Promise<void> {
    await this.until(`the focus on ${wanted}`, () => this.focusedRow().includes(wanted))
  }

  async until(what: string, isSo: () => boolean): Promise<void> {
    if (isSo()) return
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!isSo()) return
        clearTimeout(patience)
        this.waiting.delete(look)
        resolve()
      }
      const patience = setTimeout(() => {
        this.waiting.delete(look)
        reject(new Error(`Waited for ${what}. The screen is:\n${this.text()}`))
      }, PATIENCE_MS)
      this.waiting.add(look)
    })
  }

  async ended(): Promise<number> {
    await this.until('the end of the program', () => this.exitCode !== undefined)
    // What it wrote last may still wait to be drawn.
    await new Promise<void>((resolve) => this.terminal.write('', resolve))
    return this.exitCode ?? -1
  }

  /** End the program if it still runs, and wait until it has. */
  async close(): Promise<void> {
    if (this.exitCode === undefined) {
      this.pty.kill('SIGKILL')
      await this.ended()
    }
    this.terminal.dispose()
  }

  private look(): void {
    for (const look of [...this.waiting]) look()
  }
}
