import type { Size } from '../form/view'

/** One terminal, whether it is the one this program was started on or a serial line it has opened itself. */
export interface Terminal {
  onBytes: ((bytes: Buffer) => void) | undefined
  onResize: (() => void) | undefined
  /** Nothing more will be typed: the terminal has gone away. */
  onEnd: (() => void) | undefined
  size(): Size
  /** Send bytes without holding up the event loop; `sent` is called when the line has taken them. */
  write(text: string, sent: () => void): void
  /** Give the terminal back as it was. */
  close(): Promise<void>
  /** A line of the appliance's own: its console never ends, leaving it only goes back to the main menu. */
  isOwnLine: boolean
}

/** A line that has no size of its own, or says nonsense, is a VT100: the terminal is never trusted on this. */
export const VT100_SIZE: Size = { columns: 80, rows: 24 }
