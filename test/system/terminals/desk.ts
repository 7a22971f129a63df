import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { promisify } from 'node:util'
import { until } from '../../until'
import { ended } from './serial-console'
import type { KeyName, Seat } from './walk'

const run = promisify(execFile)

/** The names that X has for keys. */
export type Keyboard = Partial<Record<KeyName, string>>

/** Those of a PC. */
const KEYS: Record<KeyName, string> = {
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  home: 'Home',
  end: 'End',
  delete: 'Delete',
  backspace: 'BackSpace',
  enter: 'Return',
  tab: 'Tab',
  'back-tab': 'shift+Tab',
  escape: 'Escape',
  redraw: 'ctrl+l',
}

/** A screen, a keyboard and a mouse: an X server without a monitor. */
export class Desk {
  private constructor(
    private readonly server: ChildProcess,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async start(environment: NodeJS.ProcessEnv = {}): Promise<Desk> {
    // It picks a free display by itself and writes its number to the fourth descriptor. Without -noreset it starts over
    // whenever the last client has left, and throws out who is just coming in: a terminal, while its window is looked for.
    const screen = ['-screen', '0', '1280x1024x24', '-nolisten', 'tcp', '-noreset']
    const server = spawn('Xvfb', ['-displayfd', '3', ...screen], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    let display = ''
    server.stdio[3]?.on('data', (bytes: Buffer) => (display += bytes.toString()))
    await until(() => display.endsWith('\n'))
    return new Desk(server, { ...process.env, LANG: 'C.UTF-8', ...environment, DISPLAY: `:${display.trim()}` })
  }

  /** Open a terminal window; `name` is a word of its title or class, `keyboard` the keys that are not as on a PC. */
  async open(command: readonly string[], name: string, keyboard: Keyboard = {}): Promise<Window> {
    const [file = '', ...args] = command
    const program = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'], env: this.environment })
    let id = ''
    await until(async () => {
      if (program.exitCode !== null || program.signalCode !== null) throw new Error(`${file} ended without a window`)
      const found = await this.run('xdotool', 'search', '--onlyvisible', '--class', name).catch(() => '')
      id = found.trim().split('\n').at(-1) ?? ''
      return id !== ''
    })
    // There is no window manager that would do it.
    await this.run('xdotool', 'windowmove', id, '0', '0')
    await this.run('xdotool', 'windowfocus', '--sync', id)
    return new Window(this, program, id, keyboard)
  }

  async run(file: string, ...args: string[]): Promise<string> {
    const { stdout } = await run(file, args, { env: this.environment })
    return stdout
  }

  close(): Promise<void> {
    return ended(this.server)
  }
}

/** A terminal window. What it shows is read by selecting all of it with the mouse, as a person copies a screen. */
export class Window implements Seat {
  constructor(
    private readonly desk: Desk,
    private readonly program: ChildProcess,
    private readonly id: string,
    private readonly keyboard: Keyboard,
  ) {}

  async press(...keys: KeyName[]): Promise<void> {
    await this.desk.run('xdotool', 'key', '--delay', '5', ...keys.map((key) => this.keyboard[key] ?? KEYS[key]))
  }

  async type(text: string): Promise<void> {
    await this.desk.run('xdotool', 'type', '--delay', '5', text)
  }

  async rows(): Promise<string[]> {
    const { width, height } = await this.size()
    // From the first cell to behind the last one, inside the frame around the text.
    const drag = ['mousemove', '4', '4', 'mousedown', '1', 'mousemove', `${width - 20}`, `${height - 20}`]
    await this.desk.run('xdotool', ...drag, 'mousemove', `${width - 1}`, `${height - 4}`, 'mouseup', '1')
    const text = await this.desk.run('xclip', '-o', '-selection', 'primary').catch(() => '')
    return text
      .replace(/\n$/, '')
      .split('\n')
      .map((row) => row.trimEnd())
  }

  /** A picture of the window. A click into its last row takes away what reading the rows has left: a selection. */
  async photograph(file: string): Promise<void> {
    const { width, height } = await this.size()
    await this.desk.run('xdotool', 'mousemove', `${width - 20}`, `${height - 8}`, 'click', '1')
    await this.desk.run('import', '-window', this.id, file)
  }

  /** What a phone reads out of the QR code in a picture, be it light on dark or not; empty when it finds none. */
  async scan(picture: string): Promise<string> {
    return this.desk.run('zbarimg', '--quiet', '--raw', '-Stest-inverted', picture).catch(() => '')
  }

  close(): Promise<void> {
    return ended(this.program)
  }

  private async size(): Promise<{ width: number; height: number }> {
    const geometry = await this.desk.run('xdotool', 'getwindowgeometry', '--shell', this.id)
    const number = (name: string): number => Number(new RegExp(`${name}=(\\d+)`).exec(geometry)?.[1])
    return { width: number('WIDTH'), height: number('HEIGHT') }
  }
}
