import { closeSync, constants, openSync, readlinkSync } from 'node:fs'
import { stdin, stdout } from 'node:process'
import { DescriptorWriter } from './descriptor-writer'
import { CONSOLE_BAUD, type Terminal } from './terminal'

/** The terminal this program was started on. The caller has looked that it is one. */
export function openTty(): Terminal {
  const descriptor = openForWriting()
  const ended = (): void => {
    terminal.isGone = true
    terminal.onEnd?.()
  }
  const writer = new DescriptorWriter(descriptor, ended)
  const terminal: Terminal = {
    name: nameOfTty(),
    isOwnLine: false,
    // Node's raw mode leaves ONLCR on.
    lineEnd: '\n',
    baud: CONSOLE_BAUD,
    onBytes: undefined,
    onResize: undefined,
    onPresence: undefined,
    onEnd: undefined,
    isGone: false,
    // A serial tty says 0x0.
    size: () => (stdout.columns > 0 && stdout.rows > 0 ? { columns: stdout.columns, rows: stdout.rows } : undefined),
    write: (text, sent) => writer.write(text, sent),
    close: async () => {
      const isDrained = writer.unsent === 0
      writer.stop()
      stdin.off('data', data).off('end', ended).off('close', ended).off('error', ended)
      stdout.off('resize', resized)
      // It waits until the line has taken everything, so for good when nobody reads any more (Ctrl-S). Node puts the
      // terminal back at its end in any case, and does not wait then.
      if (isDrained && !stdin.destroyed) stdin.setRawMode(false)
      if (isDrained && descriptor !== stdout.fd) closeSync(descriptor)
      stdin.pause()
      stdin.unref()
    },
  }
  const data = (bytes: Buffer): void => terminal.onBytes?.(bytes)
  const resized = (): void => terminal.onResize?.()
  stdin.setRawMode(true)
  stdin.on('data', data).on('end', ended).on('close', ended).on('error', ended)
  stdout.on('resize', resized)
  return terminal
}

/**
 * A descriptor of our own that never waits: a write that waits for a reader (Ctrl-S) would keep the program from
 * ending. Where the terminal may not be opened again, such as another user's after su, it is stdout's all the same.
 */
function openForWriting(): number {
  try {
    return openSync(`/proc/self/fd/${stdout.fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    return stdout.fd
  }
}

function nameOfTty(): string {
  try {
    return readlinkSync(`/proc/self/fd/${stdin.fd}`)
  } catch {
    return 'tty'
  }
}
