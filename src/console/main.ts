import { stdin, stdout } from 'node:process'
import { connectControl } from '../sensor/control-client'
import type { SensorStatus } from '../sensor/messages'
import { openSerialLine } from './serial-line'
import { openTty } from './tty'

/** Bits per second of the console line. */
export const CONSOLE_BAUD = 115200

export interface ConsoleOptions {
  /** The sensor's control socket. */
  socket: string
  /** A serial device to open; without it the terminal this program was started on. */
  device?: string
  baud?: number
  /** Lines said on every screen with room for them, such as the code a simulated appliance can be tried with. */
  notice?: (status: SensorStatus | undefined) => readonly string[]
}

/** There is no terminal to talk on. */
export class NoTerminal extends Error {
  constructor() {
    super('The console needs a terminal: standard input and output are not one. Scripts use nps show and nps set.')
    this.name = 'NoTerminal'
  }
}

/**
 * The console on one terminal, until the person leaves it or the terminal goes away. Rejects with NoTerminal, with
 * MenuMistake, or with what the serial device says when it cannot be opened.
 */
export async function runConsole(options: ConsoleOptions): Promise<void> {
  const { socket, device, baud = CONSOLE_BAUD, notice = () => [] } = options
  if (device === undefined && !(stdin.isTTY && stdout.isTTY)) throw new NoTerminal()
  // Loaded here: blessed and the menus' schema would cost every other command of nps its start-up time.
  const [{ Session }, { loadScreens }] = await Promise.all([import('./session.js'), import('./menu-files.js')])
  const screens = loadScreens()
  const terminal = device === undefined ? openTty() : await openSerialLine(device, baud)
  const session = new Session({ terminal, screens, socket, notice, connect: () => connectControl(socket) })
  const leave = (): void => session.leave()
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, leave)
  try {
    await session.run()
  } finally {
    for (const signal of signals) process.off(signal, leave)
  }
}
