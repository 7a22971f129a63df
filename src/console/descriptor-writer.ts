import { write } from 'node:fs'

/** How soon a descriptor that could take nothing more is tried again. */
const RETRY_MS = 5

/**
 * Writes to a descriptor that never waits (O_NONBLOCK), piece by piece and in order. process.stdout.write to a slow
 * terminal stops the event loop (30 KB: 2.3 s).
 */
export class DescriptorWriter {
  /** Writes that have not been taken whole. */
  unsent = 0
  private last: Promise<void> = Promise.resolve()
  private isStopped = false

  /** `gone` is called when the descriptor takes nothing any more. */
  constructor(
    private readonly descriptor: number,
    private readonly gone: () => void,
  ) {}

  write(text: string, sent: () => void): void {
    this.unsent += 1
    const isFirst = this.unsent === 1
    const done = (): void => {
      this.unsent -= 1
      sent()
    }
    const begun = (): Promise<void> => new Promise((resolve) => this.writeAll(Buffer.from(text), resolve))
    // The usual write, with none before it, leaves at once and not a turn of the event loop later.
    this.last = (isFirst ? begun() : this.last.then(begun)).then(done)
  }

  /** What has not been taken yet is not tried again. */
  stop(): void {
    this.isStopped = true
  }

  private writeAll(bytes: Buffer, taken: () => void): void {
    // The number of a descriptor that was closed may be another file's by now.
    if (this.isStopped) return
    write(this.descriptor, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') setTimeout(() => this.writeAll(bytes, taken), RETRY_MS)
      else if (error) {
        // A terminal that is gone has taken all it ever will.
        this.gone()
        taken()
      } else if (written < bytes.length) this.writeAll(bytes.subarray(written), taken)
      else taken()
    })
  }
}
