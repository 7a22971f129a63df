import { join } from 'node:path'
import { stdin, stdout } from 'node:process'
import { findSensor } from '../sensor/find-sensor'
import type { SensorStatus } from '../sensor/messages'
import { openSerialLine, reopenSerialLine } from './serial-line'
import { CONSOLE_BAUD } from './terminal'
import { openTty } from './tty'

/** In the appliance's state folder: what its lines' terminals were like when they were last seen. */
const DISPLAYS_FILE = 'displays.json'

export interface ConsoleOptions {
  /** Control sockets at which the sensor may be; the first that answers is it. */
  sockets: readonly string[]
  /** A serial device to open; without it the terminal this program was started on. */
  device?: string
  baud?: number
  /** Where the appliance remembers things between starts; without it the console remembers nothing. */
  state?: string
  /** Lines said on every screen with room for them, such as the code a simulated appliance can be tried with. */
  notice?: (status: SensorStatus | undefined) => readonly string[]
}

/** Any of them ends the console in good order: the terminal is given back. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** There is no terminal to talk on. */
export class NoTerminal extends Error {
  constructor() {
    super('The console needs a terminal: standard input and output are not one. Scripts use nps show and nps set.')
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
  if (device === undefined && !(stdin.isTTY && stdout.isTTY)) throw new NoTerminal()
  // Loaded here: blessed and the menus' schema would cost every other command of nps its start-up time.
  const [{ Session }, { loadScreens }, { DisplayMemory }] = await Promise.all([
    import('./session.js'),
    import('./menu-files.js'),
    import('./display-memory.js'),
  ])
  const screens = loadScreens()
  const memory = await DisplayMemory.open(options.state === undefined ? undefined : join(options.state, DISPLAYS_FILE))
  const stop = new AbortController()
  const leave = (): void => stop.abort()
  for (const signal of SIGNALS) process.on(signal, leave)
  let terminal = device === undefined ? openTty() : await openSerialLine(device, baud)
  const session = new Session({ screens, notice, memory, connect: () => findSensor(sockets) })
  try {
    for (;;) {
      const ending = await session.attach(terminal, stop.signal)
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
