import { asAscii } from '../ascii'
import type { Terminal } from '../terminal'

/** More than this on its way, and no further answer is looked at: a burst of them must not fill the memory. */
const MUCH = 4096

/** How long the last words may take to leave. */
const LAST_WORDS_MS = 1000

/** Text on its way to a terminal, as on paper: it only ever grows at its end. */
export class Paper {
  /** The line has taken everything. */
  onIdle: () => void = () => undefined
  private pending = ''
  private isWriting = false
  private isInLine = false

  constructor(private readonly terminal: Terminal) {}

  get isFull(): boolean {
    return this.pending.length > MUCH
  }

  /** Whole lines, below whatever stands unfinished on this one. */
  say(lines: readonly string[]): void {
    if (this.isInLine) this.write('\n')
    for (const line of lines) this.write(`${asAscii(line)}\n`)
  }

  /** The beginning of a line that somebody else will finish: a prompt, or what is being done. */
  begin(text: string): void {
    if (this.isInLine) this.write('\n')
    this.write(asAscii(text))
  }

  /** As it is, behind what stands there; LF ends a line. */
  write(text: string): void {
    if (text === '') return
    this.pending += text
    this.isInLine = !text.endsWith('\n')
    // What is said in one go leaves in one go.
    if (!this.isWriting) setImmediate(() => this.flush())
    this.isWriting = true
  }

  /** The other face takes the terminal, and all of this leaves before what that one says; the line is not waited for. */
  handOver(): void {
    this.say([])
    this.flush()
  }

  /** End the line that stands unfinished, and wait until everything has left. */
  async close(): Promise<void> {
    this.say([])
    if (!this.isWriting) return
    // A line that takes nothing any more must not keep the program.
    await new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, LAST_WORDS_MS)
      this.onIdle = () => {
        clearTimeout(patience)
        resolve()
      }
    })
  }

  private flush(): void {
    const text = this.pending.replaceAll('\n', this.terminal.lineEnd)
    this.pending = ''
    if (text === '') return
    this.terminal.write(text, () => {
      this.isWriting = false
      if (this.pending === '') return this.onIdle()
      this.isWriting = true
      this.flush()
    })
  }
}
