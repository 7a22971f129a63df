import type { Socket } from 'node:net'

/** A message is one line of JSON. Longer lines than this are not ours: the peer is cut off. */
const LONGEST_LINE = 4 * 1024 * 1024
/** What a peer may leave unread before it is cut off too. */
const LONGEST_BACKLOG = 16 * 1024 * 1024

/**
 * One JSON value a line over a socket, both ways. A line that is no JSON, or one without end, closes the socket:
 * the control socket has no other users than our own programs.
 */
export class LineChannel {
  private rest = ''

  constructor(
    readonly socket: Socket,
    private readonly onValue: (value: unknown, channel: LineChannel) => void,
  ) {
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => this.take(text))
    // The 'close' event that follows tells whoever needs to know.
    socket.on('error', () => socket.destroy())
  }

  send(value: unknown): void {
    if (this.socket.writableLength > LONGEST_BACKLOG) this.socket.destroy()
    if (!this.socket.destroyed) this.socket.write(JSON.stringify(value) + '\n')
  }

  private take(text: string): void {
    const lines = (this.rest + text).split('\n')
    this.rest = lines.pop() ?? ''
    if (this.rest.length > LONGEST_LINE) this.socket.destroy()
    for (const line of lines) {
      if (this.socket.destroyed) return
      let value: unknown
      try {
        value = JSON.parse(line)
      } catch {
        this.socket.destroy()
        return
      }
      this.onValue(value, this)
    }
  }
}
