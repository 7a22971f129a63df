import { closeSync, constants, openSync, write } from 'node:fs'
import { stdin, stdout } from 'node:process'
import { VT100_SIZE, type Terminal } from './terminal'

/** How soon a descriptor that could take nothing more is tried again. */
const RETRY_MS = 5

/** The terminal this program was started on. The caller has looked that it is one. */
export function openTty(): Terminal {
  const descriptor = openForWriting()
  let unsent = 0
  let isOpen = true
  const terminal: Terminal = {
    onBytes: undefined,
    onResize: undefined,
    onEnd: undefined,
    isOwnLine: false,
    size: () => ({
      columns: stdout.columns > 0 ? stdout.columns : VT100_SIZE.columns,
      rows: stdout.rows > 0 ? stdout.rows : VT100_SIZE.rows,
    }),
    write: (text, sent) => {
      unsent += 1
      writeAll(Buffer.from(text), () => {
        unsent -= 1
        sent()
      })
    },
    close: async () => {
      isOpen = false
      stdin.off('data', data).off('end', ended).off('close', ended).off('error', ended)
      stdout.off('resize', resized)
      // It waits until the line has taken everything, so for good when nobody reads any more (Ctrl-S). Node puts the
      // terminal back at its end in any case, and does not wait then.
      if (unsent === 0 && !stdin.destroyed) stdin.setRawMode(false)
      if (unsent === 0 && descriptor !== stdout.fd) closeSync(descriptor)
      stdin.pause()
      stdin.unref()
    },
  }
  const writeAll = (bytes: Buffer, sent: () => void): void =>
    write(descriptor, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') {
        if (isOpen) setTimeout(() => writeAll(bytes, sent), RETRY_MS)
      } else if (error) {
        // A terminal that is gone has taken all it ever will.
        ended()
        sent()
      } else if (written < bytes.length) writeAll(bytes.subarray(written), sent)
      else sent()
    })
  const data = (bytes: Buffer): void => terminal.onBytes?.(bytes)
  const resized = (): void => terminal.onResize?.()
  const ended = (): void => terminal.onEnd?.()
  stdin.setRawMode(true)
  stdin.on('data', data).on('end', ended).on('close', ended).on('error', ended)
  stdout.on('resize', resized)
  return terminal
}

/**
 * A descriptor of our own that never waits. process.stdout.write to a slow terminal stops the event loop (30 KB:
 * 2.3 s), and a write to its descriptor that waits for a reader (Ctrl-S) keeps the program from ending. Where the
 * terminal may not be opened again, such as another user's after su, it is that descriptor all the same.
 */
function openForWriting(): number {
  try {
    return openSync(`/proc/self/fd/${stdout.fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    return stdout.fd
  }
}
