import { join } from 'node:path'
import { stdin, stdout } from 'node:process'
import { findSensor } from '../sensor/find-sensor'
import type { SensorStatus } from '../sensor/messages'
import { openSerialLine, reopenSerialLine } from './serial-line'
import { CONSOLE_BAUD, type Terminal } from './terminal'
import { openTty } from './tty'

/** In the appliance's state folder: what its lines' terminals were like when they were last seen. */
const DISPLAYS_FILE = 'displays.json'

export interface ConsoleOptions {
  /** Control sockets at which the sensor may be; the first that answers is it. */
  sockets: readonly string[]
  /** A serial device to open; without it the terminal this program was started on. */
  device?: string
  baud?: number
  /** Questions and answers line by line in place of screens; also without a terminal. */
  isPlain?: boolean
  /** Where the appliance remembers things between starts; without it the console remembers nothing. */
  state?: string
  /** Lines said on every screen with room for them, such as the code a simulated appliance can be tried with. */
  notice?: (status: SensorStatus | undefined) => readonly string[]
}

/** A pseudo-terminal: whoever gets its name next is somebody else, and finds screens. */
const PASSING_LINE = /^\/dev\/pts\//

/** Any of them ends the console in good order: the terminal is given back. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** What a console shows itself with: screens, or plain questions. */
export interface Face {
  /** Serve a terminal until the person leaves, it has gone, or `stop` says so; or until the other face is wanted. */
  attach(terminal: Terminal, stop: AbortSignal): Promise<'left' | 'gone' | 'plain' | 'screens'>
  /** No terminal will be attached any more. */
  close(): void
}

/** There is no terminal to talk on. */
export class NoTerminal extends Error {
  constructor() {
    super(
      'The console needs a terminal: standard input and output are not one. Scripts use --plain, or nps show and nps set.',
    )
    this.name = 'NoTerminal'
  }
}

/**
 * The console on one terminal, until the person leaves it or the terminal goes away. A serial device that goes away is
 * waited for, with the form that was open kept for a minute. Rejects with NoTerminal, with MenuMistake, or with what
 * the serial device says when it cannot be opened at first.
 */
export async function runConsole(options: ConsoleOptions): Promise<void> {
  const { sockets, device, baud = CONSOLE_BAUD, notice = () => [] } = options
  const isPiped = device === undefined && !(stdin.isTTY && stdout.isTTY)
  const isPlain = options.isPlain === true || (device === undefined && !isPiped && process.env['TERM'] === 'dumb')
  if (isPiped && !isPlain) throw new NoTerminal()
  // Loaded here: blessed and the menus' schema would cost every other command of nps its start-up time.
  const [{ Session }, { PlainFace }, { openPipe }, { loadScreens }, { DisplayMemory }] = await Promise.all([
    import('./session.js'),
    import('./plain/plain-face.js'),
    import('./plain/pipe.js'),
    import('./checked-menus.js'),
    import('./display-memory.js'),
  ])
  const screens = loadScreens()
  const memory = await DisplayMemory.open(options.state === undefined ? undefined : join(options.state, DISPLAYS_FILE))
  const stop = new AbortController()
  const leave = (): void => stop.abort()
  for (const signal of SIGNALS) process.on(signal, leave)
  let terminal = isPiped ? openPipe() : device === undefined ? openTty() : await openSerialLine(device, baud)
  const each = { screens, notice, memory, connect: () => findSensor(sockets) }
  const faceOf = (mode: 'plain' | 'screens'): Face =>
    mode === 'screens' ? new Session(each) : new PlainFace({ ...each, isPiped, mayChange: !isPlain })
  const isPicked = !PASSING_LINE.test(terminal.name) && memory.recall(terminal.name)?.isPlain === true
  let session = faceOf(isPlain || isPicked ? 'plain' : 'screens')
  try {
    for (;;) {
      const ending = await session.attach(terminal, stop.signal)
      if (ending === 'plain' || ending === 'screens') {
        session.close()
        session = faceOf(ending)
        continue
      }
      await terminal.close()
      if (ending !== 'gone' || device === undefined) return
      log(`The device ${device} has gone away. Waiting for it.`)
      const again = await reopenSerialLine(device, baud, stop.signal)
      if (again === undefined) return
      log(`The device ${device} is back.`)
      terminal = again
    }
  } finally {
    session.close()
    await memory.saved()
    for (const signal of SIGNALS) process.off(signal, leave)
  }
}

function log(line: string): void {
  process.stderr.write(`nps: ${line}\n`)
}
