import type { Size } from '../form/view'

/** How long an answer is waited for: from the question, and then from the answer before it. */
export const ANSWER_MS = 300

/** Answers that come later than that, but before this, still count: lines by satellite have them. */
export const LATE_ANSWER_MS = 3000

/** What a terminal answers when it is asked (ECMA-48 8.3.14 and 8.3.24). */
export type Answer =
  | { kind: 'cursor'; row: number; column: number }
  /** Device attributes: `1;2` is a VT100, 62 and up a VT220 and its successors. */
  | { kind: 'attributes'; parameters: string }

/** What the answers tell. Where one is missing or makes no sense, nothing is claimed. */
export interface Findings {
  /** The device attributes as they were said; empty when nothing was answered. */
  terminal: string
  size: Size | undefined
  decodesUtf8: boolean | undefined
  repeats: boolean
  erases: boolean
  indexes: boolean
}

export const NOTHING_FOUND: Findings = {
  terminal: '',
  size: undefined,
  decodesUtf8: undefined,
  repeats: false,
  erases: false,
  indexes: false,
}

/** A size outside of this is line noise, or a joke. */
const FEWEST_CELLS = 2
const MOST_CELLS = 500

/** The first parameter of a VT220's device attributes; every later one says more. */
const VT220 = 62

const ASK_CURSOR = '\x1b[6n'
/** No margins, and so home (VT100 User Guide, DECSTBM). Attributes and character sets are no matter to what is asked. */
const HOME = '\x1b[r'
/** One column where it is read as UTF-8, two where it is read as two characters. */
const TWO_BYTE_LETTER = '\u00e9'
/** To the third column (CHA), down a row (VT), a hyphen and, where REP is known, three more of it. */
const REPEATED = '\x1b[3G\v-\x1b[3b'
/** Where that ends, with the one hyphen and with four. */
const ENDS = [4, 7]
/** In newline mode VT goes to the first column, so that the hyphens end two columns before that. */
const BACK = 2
const LAST_CELL = '\x1b[999;999H'
const ASK_ATTRIBUTES = '\x1b[c'

/**
 * The questions a terminal is asked in front of a full repaint, which wipes what they leave on it, and what its
 * answers mean. Every terminal answers the last one, so that answer ends the wait; before it there must be exactly the
 * reports that were asked for, or something else got in between and none of them is believed.
 */
export class Handshake {
  private readonly reports: { row: number; column: number }[] = []

  /** `asksSize`: nobody on this side knows the size. */
  constructor(private readonly asksSize: boolean) {}

  get probe(): string {
    const measured = TWO_BYTE_LETTER + ASK_CURSOR + REPEATED + ASK_CURSOR
    return HOME + measured + (this.asksSize ? LAST_CELL + ASK_CURSOR : '') + ASK_ATTRIBUTES
  }

  /** What was found, with the answer that ends the handshake. */
  take(answer: Answer): Findings | undefined {
    if (answer.kind === 'attributes') return this.findings(answer.parameters)
    this.reports.push({ row: answer.row, column: answer.column })
    return undefined
  }

  private findings(terminal: string): Findings {
    const [letter, repeated, corner] = this.reports
    const isWhole = this.reports.length === (this.asksSize ? 3 : 2)
    if (!isWhole || letter?.row !== 1 || repeated === undefined || repeated.row > 2)
      return { ...NOTHING_FOUND, terminal }
    const isDown = repeated.row === 2
    const isNewline = isDown && ENDS.includes(repeated.column + BACK)
    const end = isNewline ? repeated.column + BACK : repeated.column
    return {
      terminal,
      size: corner === undefined ? undefined : sensible({ columns: corner.column, rows: corner.row }),
      decodesUtf8: decodesUtf8(letter.column, end),
      repeats: end === 7,
      erases: Number.parseInt(terminal, 10) >= VT220,
      indexes: isDown && !isNewline && ENDS.includes(end),
    }
  }
}

/**
 * minicom (2.8) shows the letter, but where its bytes come in two reads, as on a real line most do, it takes it for two
 * columns from there on, and says so or not by chance. It is the one terminal with UTF-8 whose CHA goes elsewhere.
 */
function decodesUtf8(letter: number, end: number): boolean | undefined {
  return letter === 2 ? ENDS.includes(end) : letter === 3 ? false : undefined
}

function sensible(size: Size): Size | undefined {
  const isSo = [size.columns, size.rows].every((cells) => cells >= FEWEST_CELLS && cells <= MOST_CELLS)
  return isSo ? size : undefined
}
