import type { LineDrawing } from '../form/line'
import type { Size } from '../form/view'
import { VT100_SIZE } from './terminal'

export type { LineDrawing }

/** What is known of the terminal at the other end: asked, remembered, or picked by the person who looks at it. */
export interface Display {
  size: Size
  /** A two-byte character moves its cursor by one column. */
  decodesUtf8: boolean
  /** Only a person can tell which drawing is straight, so it is never guessed. */
  lines: LineDrawing
  /** REP (ECMA-48 8.3.103) was seen to work. */
  repeats: boolean
  /** ECH (ECMA-48 8.3.38): it says that it is a VT220 or later. */
  erases: boolean
  /** VT (VT100 User Guide, chapter 3) was seen to go one row down and nowhere else. */
  indexes: boolean
}

/** What every terminal of the last forty years can show. */
export const SAFE_DISPLAY: Display = {
  size: VT100_SIZE,
  decodesUtf8: false,
  lines: 'ascii',
  repeats: false,
  erases: false,
  indexes: false,
}
