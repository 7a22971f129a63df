import { write } from 'node:fs'
import { stdin, stdout } from 'node:process'
import { VT100_SIZE, type Terminal } from './terminal'

/** How soon a descriptor that could take nothing more is tried again. */
const RETRY_MS = 5

/** The terminal this program was started on. The caller has looked that it is one. */
export function openTty(): Terminal {
  const terminal: Terminal = {
    onBytes: undefined,
    onResize: undefined,
    onEnd: undefined,
    isOwnLine: false,
    size: () => ({
      columns: stdout.columns > 0 ? stdout.columns : VT100_SIZE.columns,
      rows: stdout.rows > 0 ? stdout.rows : VT100_SIZE.rows,
    }),
    // process.stdout.write to a slow tty stops the event loop (30 KB: 2.3 s); writing to its descriptor does not.
    write: (text, sent) => writeAll(stdout.fd, Buffer.from(text), sent, ended),
    close: async () => {
      stdin.off('data', data).off('end', ended).off('close', ended).off('error', ended)
      stdout.off('resize', resized)
      if (!stdin.destroyed) stdin.setRawMode(false)
      stdin.pause()
      stdin.unref()
    },
  }
  const data = (bytes: Buffer): void => terminal.onBytes?.(bytes)
  const resized = (): void => terminal.onResize?.()
  const ended = (): void => terminal.onEnd?.()
  stdin.setRawMode(true)
  stdin.on('data', data).on('end', ended).on('close', ended).on('error', ended)
  stdout.on('resize', resized)
  return terminal
}

function writeAll(fd: number, bytes: Buffer, sent: () => void, failed: () => void): void {
  write(fd, bytes, (error, written) => {
    if (error?.code === 'EAGAIN') setTimeout(() => writeAll(fd, bytes, sent, failed), RETRY_MS)
    else if (error) {
      // A terminal that is gone has taken all it ever will.
      failed()
      sent()
    } else if (written < bytes.length) writeAll(fd, bytes.subarray(written), sent, failed)
    else sent()
  })
}
