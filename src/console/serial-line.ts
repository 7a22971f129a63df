import { setTimeout as wait } from 'node:timers/promises'
import type { SerialPort } from 'serialport'
import { openPlainTty } from './plain-tty'
import type { Terminal } from './terminal'

/** How soon a device that is not there is tried again, such as a USB converter that was pulled out. */
const REOPEN_MS = 1000

/** How often the modem lines are looked at: who plugs in a cable sees the screen before the hand is off it. */
const MODEM_LINES_MS = 100

/** What serialport says of a device that another program holds; that is no reason to open it another way. */
const LOCKED = /lock/i

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
  const why = trouble.message.replace(/^Error: /, '')
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
      clearInterval(watching)
      return new Promise((resolve) => (line.isOpen ? line.close(() => resolve()) : resolve()))
    },
  }
  const watching = watchModemLines(line, (isThere) => terminal.onPresence?.(isThere))
  line.on('data', (bytes: Buffer) => terminal.onBytes?.(bytes))
  line.on('close', () => {
    clearInterval(watching)
    terminal.onEnd?.()
  })
  line.on('error', () => terminal.onEnd?.())
  return terminal
}

/**
 * Tell when somebody attaches or goes: a terminal that is there holds DTR and RTS, which arrive here as DSR, DCD and
 * CTS. Only changes count. With a three-wire cable none of them is ever up, with a looped plug they always are, and
 * neither says anything; so a fall means somebody has gone only after they were up. A pseudo-terminal has none and
 * says so (ENOTTY, or EINVAL, or something of its own): then nobody looks again.
 */
function watchModemLines(line: SerialPort, changed: (isThere: boolean) => void): NodeJS.Timeout {
  let wasUp: boolean | undefined
  const watching = setInterval(() => {
    if (!line.isOpen) return
    line.get((error, status) => {
      if (error || status === undefined) return clearInterval(watching)
      const isUp = status.dsr || status.dcd || status.cts
      const isChange = wasUp !== undefined && isUp !== wasUp
      wasUp = isUp
      if (isChange) changed(isUp)
    })
  }, MODEM_LINES_MS)
  return watching
}
