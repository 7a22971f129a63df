import { closeSync, constants, openSync } from 'node:fs'
import { isatty, ReadStream } from 'node:tty'
import { DescriptorWriter } from './descriptor-writer'
import { CONSOLE_BAUD, type Terminal } from './terminal'

/**
 * A terminal device as it is, without setting its bit rate and without modem lines. Undefined when the path cannot be
 * opened, or is no terminal device.
 */
export function openPlainTty(path: string): Terminal | undefined {
  const descriptor = openTerminalDevice(path)
  if (descriptor === undefined) return undefined
  const input = new ReadStream(descriptor)
  const ended = (): void => {
    terminal.isGone = true
    terminal.onEnd?.()
  }
  const writer = new DescriptorWriter(descriptor, ended)
  const terminal: Terminal = {
    name: path,
    isOwnLine: true,
    // Node's raw mode leaves ONLCR on.
    lineEnd: '\n',
    baud: CONSOLE_BAUD,
    onBytes: undefined,
    onResize: undefined,
    onPresence: undefined,
    onEnd: undefined,
    isGone: false,
    size: () => undefined,
    write: (text, sent) => writer.write(text, sent),
    close: async () => {
      writer.stop()
      input.off('end', ended).off('close', ended)
      input.destroy()
    },
  }
  input.setRawMode(true)
  input.on('data', (bytes: Buffer) => terminal.onBytes?.(bytes))
  input.on('end', ended).on('close', ended).on('error', ended)
  return terminal
}

function openTerminalDevice(path: string): number | undefined {
  try {
    const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY)
    if (isatty(descriptor)) return descriptor
    closeSync(descriptor)
    return undefined
  } catch {
    return undefined
  }
}
