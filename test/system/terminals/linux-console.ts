import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { until } from '../../until'
import { ended } from './serial-console'
import type { KeyName, Seat } from './walk'

/** What keys put into a virtual terminal with the keymap that Debian loads (`dumpkeys` prints it). */
const KEYS: Record<KeyName, string> = {
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[1~',
  end: '\x1b[4~',
  delete: '\x1b[3~',
  backspace: '\x7f',
  enter: '\r',
  tab: '\t',
  'back-tab': '\x1b\t',
  escape: '\x1b',
  redraw: '\x0c',
}

/** Bytes from stdin become what the keyboard of a terminal has sent: ioctl TIOCSTI, one at a time. */
const PRESS =
  'open(my $tty, "+<", $ARGV[0]) or die; while (sysread(STDIN, my $key, 1)) { ioctl($tty, 0x5412, $key) or die }'

/** Does this kernel have virtual terminals, and one to spare? */
export function hasLinuxConsole(): boolean {
  return existsSync('/dev/vcsa') && process.getuid?.() === 0
}

/**
 * A virtual terminal of the Linux kernel, as on the monitor of an appliance: the kernel draws, answers, and keeps the
 * screen in /dev/vcsa, with or without a monitor.
 */
export class LinuxConsole implements Seat {
  private constructor(
    private readonly number: string,
    private readonly program: ChildProcess,
    private readonly keyboard: ChildProcess,
  ) {}

  /** Run a command on the next free one. */
  static async open(command: readonly string[], environment: NodeJS.ProcessEnv): Promise<LinuxConsole> {
    const number = execFileSync('fgconsole', ['--next-available'], { encoding: 'utf8' }).trim()
    // Detached is a session of its own, which a controlling terminal needs.
    const program = spawn('openvt', ['--console', number, '--force', '--exec', '--', ...command], {
      stdio: 'ignore',
      detached: true,
      env: { ...process.env, ...environment, TERM: 'linux' },
    })
    const keyboard = spawn('perl', ['-e', PRESS, `/dev/tty${number}`], { stdio: ['pipe', 'ignore', 'ignore'] })
    await until(() => existsSync(`/dev/vcsa${number}`))
    return new LinuxConsole(number, program, keyboard)
  }

  async press(...keys: KeyName[]): Promise<void> {
    await this.type(keys.map((key) => KEYS[key]).join(''))
  }

  async type(text: string): Promise<void> {
    this.keyboard.stdin?.write(text)
  }

  async rows(): Promise<string[]> {
    // Rows, columns and the cursor, then two bytes a cell: glyph and colours. The other device, /dev/vcsu, is no picture:
    // it holds what was written, so a rule out of the special graphics is a q in it.
    const screen = readFileSync(`/dev/vcsa${this.number}`)
    const [rows = 0, columns = 0] = screen
    return Array.from({ length: rows }, (_none, row) =>
      Array.from({ length: columns }, (_cell, column) => glyph(screen[4 + 2 * (row * columns + column)] ?? 0))
        .join('')
        .trimEnd(),
    )
  }

  async close(): Promise<void> {
    await Promise.all([ended(this.program), ended(this.keyboard)])
    await until(() => deallocated(this.number))
  }
}

/** The kernel's own font is that of code page 437. Beside ASCII, these are what belongs on a screen of ours. */
const GLYPHS: Record<number, string> = { 0xc4: '─', 0xdc: '▄', 0xdf: '▀' }

function glyph(code: number): string {
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : (GLYPHS[code] ?? '\ufffd')
}

/** It is busy until the last program has let go of it. */
function deallocated(number: string): boolean {
  try {
    execFileSync('deallocvt', [number], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
