import { spawn, type IPty } from '@lydell/node-pty'

/** What comes back of a line end. */
const ECHOED = '\r\n'

/**
 * A pseudo-terminal that echoes what is typed. The kernel hands on what was written to pseudo-terminals in its turn, on
 * a busy machine only after a while: once the echo is back, whatever had been written to another one before has been
 * handed on, too.
 */
export class Echo {
  /** The echo is the kernel's; the program only takes it away, or it would be full some day. */
  private readonly pty: IPty = spawn('sh', ['-c', 'exec cat > /dev/null'], {})

  async round(): Promise<void> {
    let missing = ECHOED.length
    await new Promise<void>((resolve) => {
      const heard = this.pty.onData((text) => {
        missing -= text.length
        if (missing > 0) return
        heard.dispose()
        resolve()
      })
      this.pty.write('\n')
    })
  }

  close(): void {
    this.pty.kill()
  }
}
