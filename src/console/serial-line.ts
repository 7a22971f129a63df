import { setTimeout as wait } from 'node:timers/promises'
import { isatty } from 'node:tty'
import type { SerialPort } from 'serialport'
import { ModemLines } from './modem-lines'
import { openPlainTty } from './plain-tty'
import type { Terminal } from './terminal'

/** How soon a device that is not there is tried again, such as a USB converter that was pulled out. */
const REOPEN_MS = 250

/** How often the device is looked at: who plugs in a cable sees the screen before the hand is off it. */
const LOOK_MS = 100

/** What serialport says of a device that another program holds; that is no reason to open it another way. */
const LOCKED = /lock/i

/** What it says of a file, and of a device of another kind. */
const NO_DEVICE = /inappropriate ioctl/i

/**
 * Open a serial device as the guide has it: 8 data bits, no parity, one stop bit, no flow control. A
 * terminal device that knows no bit rates, such as some pseudo-terminals and gadgets, is used as it is. Rejects with
 * what the system says when it cannot be opened.
 */
export async function openSerialLine(path: string, baud: number): Promise<Terminal> {
  // Loaded only here: a console on a tty does without the native part.
  const { SerialPort } = await import('serialport')
  const line = new SerialPort({
    path,
    baudRate: baud,
    dataBits: 8,
    parity: 'none',
    stopBits: 1,
    rtscts: false,
    xon: false,
    xoff: false,
    autoOpen: false,
  })
  const trouble = await new Promise<Error | null>((resolve) => line.open(resolve))
  if (trouble === null) return serialTerminal(line, path, baud)
  const plain = LOCKED.test(trouble.message) ? undefined : openPlainTty(path)
  if (plain !== undefined) return plain
  const why = NO_DEVICE.test(trouble.message) ? 'it is no serial device' : trouble.message.replace(/^Error: /, '')
  throw new Error(`The device ${path} cannot be used as a console: ${why}`, { cause: trouble })
}

/** Open a serial device that has gone away as soon as it is back; undefined when `stop` comes first. */
export async function reopenSerialLine(path: string, baud: number, stop: AbortSignal): Promise<Terminal | undefined> {
  for (;;) {
    await wait(REOPEN_MS, undefined, { signal: stop }).catch(() => undefined)
    if (stop.aborted) return undefined
    const line = await openSerialLine(path, baud).catch(() => undefined)
    if (line !== undefined) return line
  }
}

function serialTerminal(line: SerialPort, path: string, baud: number): Terminal {
  const terminal: Terminal = {
    name: path,
    isOwnLine: true,
    lineEnd: '\r\n',
    baud,
    onBytes: undefined,
    onResize: undefined,
    onPresence: undefined,
    onEnd: undefined,
    isGone: false,
    // A serial line has no size; what its device says was set by nobody.
    size: () => undefined,
    write: (text, sent) => {
      // What has gone away has taken all it ever will; serialport would wait for it to be opened again.
      if (!line.isOpen) return sent()
      line.write(text)
      // Drained means the bytes have left the kernel for the line, so the next frame is not drawn into a full buffer.
      line.drain(() => sent())
    },
    close: () => {
      clearInterval(looking)
      return new Promise((resolve) => (line.isOpen ? line.close(() => resolve()) : resolve()))
    },
  }
  const ended = (): void => {
    clearInterval(looking)
    terminal.isGone = true
    terminal.onEnd?.()
  }
  const modemLines = new ModemLines(line, (isThere) => terminal.onPresence?.(isThere))
  const looking = setInterval(() => (isHungUp(line) ? ended() : modemLines.look()), LOOK_MS)
  line.on('data', (bytes: Buffer) => terminal.onBytes?.(bytes))
  line.on('close', ended).on('error', ended)
  return terminal
}

/**
 * A device that is not there any more answers every question with EIO, also whether it is a terminal. serialport does
 * not always notice: reads of such a device come back empty, and it reads again and again without end.
 */
function isHungUp(line: SerialPort): boolean {
  const { fd } = (line.port ?? {}) as { fd?: number | null }
  return typeof fd === 'number' && !isatty(fd)
}
