import type { Size } from '../form/view'

/** Bits per second of the console line, and what any other terminal is taken for. */
export const CONSOLE_BAUD = 115200

/** One terminal, whether it is the one this program was started on or a serial line it has opened itself. */
export interface Terminal {
  /** What it is known by from one visit to the next, such as `/dev/ttyS0`. */
  readonly name: string
  /** A line of the appliance's own: its console never ends, leaving it only goes back to the main menu. */
  readonly isOwnLine: boolean
  /** What ends a line of text here: a driver that puts a CR in front of each LF by itself is sent none. */
  readonly lineEnd: '\n' | '\r\n'
  /** Bits per second; one byte takes ten of them (8N1). */
  readonly baud: number
  onBytes: ((bytes: Buffer) => void) | undefined
  onResize: (() => void) | undefined
  /** Somebody has attached, or has gone, as the modem lines tell. Never called where there are none. */
  onPresence: ((isThere: boolean) => void) | undefined
  /** Nothing more will be typed: the terminal has gone away. */
  onEnd: (() => void) | undefined
  /** It has, whether anybody was listening then or not. */
  isGone: boolean
  /** Undefined when nobody here knows it: the terminal itself is to be asked. */
  size(): Size | undefined
  /** Send bytes without holding up the event loop; `sent` is called when the line has taken them. */
  write(text: string, sent: () => void): void
  /** Give the terminal back as it was. */
  close(): Promise<void>
}

/** What a terminal that does not say its size is taken for: a VT100. */
export const VT100_SIZE: Size = { columns: 80, rows: 24 }
