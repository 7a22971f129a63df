import { spawn, type ChildProcess } from 'node:child_process'
import { Vt100 } from '../../screen-driver/vt100'
import { ended, type SerialConsole } from './serial-console'
import type { KeyName, Seat } from './walk'

const COLUMNS = 80
const ROWS = 24

/** A VT100 has neither Home and End nor Shift-Tab, and its Delete is what others call Backspace. */
const KEYS: Record<KeyName, string> = {
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x01',
  end: '\x05',
  delete: '\x1b[C\x7f',
  backspace: '\x7f',
  enter: '\r',
  tab: '\t',
  'back-tab': '\x1b[A',
  escape: '\x1b',
  redraw: '\x0c',
}

/** What is only sent to find out what the terminal can do; a VT100 passes over what it does not know. */
const QUESTION = /^\x1b\[(6n|c|3G|3b|999;999H)$/

/** It has one character set and no other, so what is drawn with another one is letters. */
const DESIGNATES = ['\x1b)0', '\x0e', '\x0f']

/**
 * A seven-bit VT100 without the special graphics at the end of the line: the strict model of one, which throws at
 * whatever it cannot show. Its answers are those of the User Guide (DA, DSR), or there are none.
 */
export class OldTerminal implements Seat {
  private readonly cable: ChildProcess
  private readonly screen = new Vt100(COLUMNS, ROWS)
  private unread = ''
  private trouble: unknown

  constructor(
    line: SerialConsole,
    private readonly answers: boolean,
  ) {
    this.cable = spawn('socat', ['-', `file:${line.port},raw,echo=0`], { stdio: ['pipe', 'pipe', 'ignore'] })
    this.cable.stdout?.on('data', (bytes: Buffer) => this.take(bytes))
  }

  async press(...keys: KeyName[]): Promise<void> {
    await this.type(keys.map((key) => KEYS[key]).join(''))
  }

  async type(text: string): Promise<void> {
    this.cable.stdin?.write(text, 'latin1')
  }

  async rows(): Promise<string[]> {
    if (this.trouble !== undefined) throw this.trouble
    return this.screen.cells.map((row) =>
      row
        .map((cell) => cell.at(-1))
        .join('')
        .trimEnd(),
    )
  }

  close(): Promise<void> {
    return ended(this.cable)
  }

  private take(bytes: Buffer): void {
    // It looks at seven bits of each byte.
    this.unread += Buffer.from(bytes.map((byte) => byte & 0x7f)).toString('latin1')
    const whole = /^(\x1b\[[?\d;]*[A-Za-z]|\x1b[()].|\x1b[^[()]|[^\x1b])/s
    for (;;) {
      const [part] = whole.exec(this.unread) ?? []
      if (part === undefined) return
      this.unread = this.unread.slice(part.length)
      try {
        this.show(part)
      } catch (error) {
        this.trouble ??= error
      }
    }
  }

  private show(part: string): void {
    const { screen } = this
    const [, question] = QUESTION.exec(part) ?? []
    if (DESIGNATES.includes(part)) return
    if (question === undefined) screen.write(part)
    else if (question === '999;999H') screen.write(`\x1b[${ROWS};${COLUMNS}H`)
    else if (this.answers && question === '6n') void this.type(`\x1b[${screen.row + 1};${screen.column + 1}R`)
    else if (this.answers && question === 'c') void this.type('\x1b[?1;0c')
  }
}
