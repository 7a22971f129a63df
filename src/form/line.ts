/** What a row of the screen is. How it looks is the painter's business. */
export type LineRole =
  'header' | 'title' | 'prompt' | 'item' | 'field' | 'buttons' | 'page' | 'issue' | 'area' | 'footer' | 'blank'

/** How the pieces of a rule are drawn: as hyphens, with the VT100's special graphics, or with those of Unicode. */
export type LineDrawing = 'ascii' | 'vt100' | 'utf8'

/**
 * One row of the screen. The text is Unicode, and the painter makes of it what the terminal can show: `─` is a piece
 * of a rule and `█` a full block on every terminal.
 */
export interface Line {
  text: string
  role: LineRole
  /** Rules in this line are drawn so, whatever is drawn elsewhere. */
  lines?: LineDrawing
}
