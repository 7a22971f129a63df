import { setTimeout as wait } from 'node:timers/promises'
import { VT100_SIZE, type Terminal } from './terminal'

/** How soon a device that is not there is tried again, such as a USB converter that was pulled out. */
const REOPEN_MS = 1000

/** Open a serial device as the guide has it: 8 data bits, no parity, one stop bit, no flow control. */
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
  await new Promise<void>((resolve, reject) => line.open((error) => (error ? reject(error) : resolve())))
  const terminal: Terminal = {
    onBytes: undefined,
    onResize: undefined,
    onEnd: undefined,
    isOwnLine: true,
    size: () => VT100_SIZE,
    write: (text, sent) => {
      // What has gone away has taken all it ever will; serialport would wait for it to be opened again.
      if (!line.isOpen) return sent()
      line.write(text)
      // Drained means the bytes have left the kernel for the line, so the next frame is not drawn into a full buffer.
      line.drain(() => sent())
    },
    close: () => new Promise((resolve) => (line.isOpen ? line.close(() => resolve()) : resolve())),
  }
  line.on('data', (bytes: Buffer) => terminal.onBytes?.(bytes))
  line.on('close', () => terminal.onEnd?.())
  line.on('error', () => terminal.onEnd?.())
  return terminal
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
