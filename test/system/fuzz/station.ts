import type { Size } from '../../../src/form/view'

/** A console and the terminal in front of it, as whoever sits there knows them. */
export interface Station {
  /** What is to be seen now: screens, or the paper of plain mode. */
  readonly face: 'screens' | 'plain'
  /** Rows and cursor; the transcript in plain mode. */
  readonly screenful: { rows: readonly string[]; cursor: { row: number; column: number } }
  readonly transcript: string
  readonly size: Size
  /** How many bytes the console has sent. It grows while something still comes. */
  readonly sent: number
  /** Something of it is on its way. */
  readonly isBusy: boolean
  type(bytes: Buffer): void
  resize(size: Size): void
  /** The terminal answers truly, and at once, from now on. */
  beHonest(): void
  /** The terminal goes away; resolves when somebody sits in front of a console again. */
  hangUp(): Promise<void>
  /** The modem lines tell that the visitor has gone, and that one has come. */
  swapVisitor(): void
  /** False when whoever sat there had left, and somebody sits there again now. Rejects when the console has crashed. */
  isServed(): Promise<boolean>
  /** What the console, or the program it is part of, takes up. */
  readonly memoryBytes: number
  /** Resolves when what was typed has got to the console and is taken, and what it has said by now is seen. */
  gotThrough(): Promise<void>
  /** So long nothing must come for the console to have nothing more to say, */
  readonly quietMs: number
  /** which is certain where it runs in this process, and likely where it does not. */
  readonly isExact: boolean
  close(): Promise<void>
}
