import type { Key } from '../../form/keys'

/** As much as one answer may hold. Longer than any value, so what is longer is refused and never cut short. */
export const LONGEST_LINE = 512

/** What the person has done: given an answer, gone back, or asked to hear it again. */
export type Typed = { kind: 'line'; text: string; isTooLong: boolean } | { kind: 'back' } | { kind: 'repeat' }

/** Rubs out a character, as every terminal driver does. */
const RUB_OUT = '\b \b'
const BELL = '\x07'

/**
 * One line typed at a prompt, with the keys of a line-by-line terminal: Backspace rubs out, Ctrl-U starts
 * over, Enter sends. Keys that only make sense on a screen mean nothing. What is to be echoed is handed out, and for a
 * secret nothing is, not even its length.
 */
export class LineEditor {
  private text = ''
  private isTooLong = false

  constructor(
    private readonly isSecret: boolean,
    private readonly echo: (text: string) => void,
  ) {}

  /** What of the line is to be seen. */
  get shown(): string {
    return this.isSecret ? '' : this.text
  }

  /** Undefined while the line is not finished. */
  press(key: Key): Typed | undefined {
    switch (key.name) {
      case 'char':
        return this.add(key.text)
      case 'backspace':
        return this.rubOut()
      case 'clear':
        while (this.text !== '') this.rubOut()
        this.isTooLong = false
        return undefined
      case 'enter':
        this.echo('\n')
        return { kind: 'line', text: this.text, isTooLong: this.isTooLong }
      case 'escape':
      case 'interrupt':
        this.echo('\n')
        return { kind: 'back' }
      case 'redraw':
        this.echo('\n')
        return { kind: 'repeat' }
      default:
        return undefined
    }
  }

  private add(char: string): undefined {
    if (this.text.length < LONGEST_LINE) {
      this.text += char
      if (!this.isSecret) this.echo(char)
    } else {
      this.isTooLong = true
      this.echo(BELL)
    }
  }

  private rubOut(): undefined {
    if (this.text === '') return
    this.text = this.text.slice(0, -1)
    if (!this.isSecret) this.echo(RUB_OUT)
  }
}
