import type { Key } from '../form/keys'
import type { Answer } from './handshake'

/** How long to wait before an unfinished sequence counts as over. WAN terminal servers may need more. */
export interface KeyTiming {
  /** After a lone Esc. */
  escapeMs: number
  /** Inside a sequence that has more than its Esc. */
  sequenceMs: number
}

export const KEY_TIMING: KeyTiming = { escapeMs: 100, sequenceMs: 500 }

/** So much of a sequence's parameters is kept; Windows Terminal's device attributes have 36 characters. */
const LONGEST_SEQUENCE = 128
/** A longer control string than this is line noise. */
const LONGEST_STRING = 4096

type NamedKey = Exclude<Key, { name: 'char' }>['name']

/** Final bytes of `ESC [ ...` and `ESC O ...`: VT100 cursor keys in both modes, and what emulators add to them. */
const BY_FINAL: Record<string, NamedKey> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'back-tab',
}

/** `ESC [ n ~`: VT220 editing keys; PuTTY and rxvt each have their own Home and End. */
const BY_NUMBER: Record<string, NamedKey> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
}

/** Finals of `ESC [ n`: what VT220s end with, and rxvt's for the same key with Ctrl, both and Shift held. */
const EDITING_FINALS = '~^@$'

/** Bracketed paste: marks around keys, no keys themselves. */
const PASTE_MARKS = ['200', '201']

/** Finals of reports that no key sends: cursor, attributes, status, modes, windows, mouse, focus gained and lost. */
const REPORTS = 'RcnytmMIO'

/**
 * `ESC O x` of a keypad in application mode (VT100 User Guide, table 3-8; xterm's have the other signs). A repaint ends
 * that mode, so this is for what is typed before one; but for its 7, since that is what rxvt, and PuTTY with rxvt's keys,
 * send for End in any mode.
 */
const KEYPAD = 'pqrstuvwxy'
const BY_SS3: Record<string, NamedKey> = { M: 'enter', I: 'tab', w: 'end' }
const KEYPAD_SIGNS: Record<string, string> = { j: '*', k: '+', l: ',', m: '-', n: '.', o: '/', X: '=', ' ': ' ' }

/** C0 controls that are keys. Terminals disagree on 08 and 7F, so both erase. */
const BY_CONTROL: Record<number, NamedKey> = {
  0x01: 'home',
  0x03: 'interrupt',
  0x05: 'end',
  0x08: 'backspace',
  0x09: 'tab',
  0x0c: 'redraw',
  0x15: 'clear',
  0x7f: 'backspace',
}

const NUL = 0x00
const BEL = 0x07
const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const XON = 0x11
const XOFF = 0x13
const CAN = 0x18
const SUB = 0x1a
const ESC = 0x1b
/** The same as `ESC O` and `ESC [` in one byte, from a VT220 that was set to eight bits. */
const SS3 = 0x8f
const CSI = 0x9b

/**
 * Bytes from a terminal in, keys out. It keeps its state between calls, so a sequence may be split anywhere; what it
 * does not know is swallowed whole, so line noise and the answers of terminals never become typed text.
 */
export class KeyDecoder {
  /** Told of reports as they come in; it is up to the listener whether they were asked for. */
  onAnswer: (answer: Answer) => void = () => undefined
  /** Keys that came in and mean nothing here: function keys, letters beyond ASCII, line noise. */
  unknown = 0
  private utf8Rest = 0
  private state: 'ground' | 'escape' | 'csi' | 'ss3' | 'string' | 'mouse' | 'linux' = 'ground'
  private held = ''
  private length = 0
  private afterCarriageReturn = false

  constructor(private readonly timing: KeyTiming = KEY_TIMING) {}

  feed(bytes: Uint8Array): Key[] {
    const keys: Key[] = []
    for (const byte of bytes) this.take(byte, keys)
    return keys
  }

  /** How long to wait for the rest of what has begun; undefined when nothing has. */
  get patienceMs(): number | undefined {
    if (this.state === 'ground') return undefined
    return this.state === 'escape' ? this.timing.escapeMs : this.timing.sequenceMs
  }

  /** The rest did not come: a lone Esc is the Esc key, anything longer was noise. */
  giveUp(): Key[] {
    const keys: Key[] = this.state === 'escape' ? [{ name: 'escape' }] : []
    this.reset()
    return keys
  }

  /** The terminal is gone, or it is another one: what has begun will not be finished. */
  reset(): void {
    this.state = 'ground'
    this.utf8Rest = 0
    this.afterCarriageReturn = false
  }

  private take(byte: number, keys: Key[]): void {
    // Padding and flow control may stand anywhere, also inside a sequence.
    if (byte === XON || byte === XOFF || (byte === NUL && this.state !== 'ground' && this.state !== 'mouse')) return
    switch (this.state) {
      case 'ground':
        return this.ground(byte, keys)
      case 'escape':
        return this.escape(byte, keys)
      case 'csi':
        return this.csi(byte, keys)
      case 'ss3':
        return this.ss3(byte, keys)
      case 'string':
        return this.string(byte, keys)
      case 'mouse':
        // `ESC [ M` and three bytes: an X10 mouse report.
        this.length += 1
        if (this.length === 3) this.state = 'ground'
        return
      case 'linux':
        // `ESC [ [ A`: F1 to F5 of the Linux console.
        this.state = 'ground'
        this.unknown += 1
        return
    }
  }

  private ground(byte: number, keys: Key[]): void {
    const isTail = this.afterCarriageReturn && (byte === LF || byte === NUL)
    this.afterCarriageReturn = byte === CR
    // CR LF and CR NUL are one Enter: telnet sends the latter (RFC 854).
    if (isTail) return
    if (byte >= 0x80) return this.beyondAscii(byte)
    this.utf8Rest = 0
    if (byte === ESC) this.enter('escape')
    else if (byte === CR || byte === LF) keys.push({ name: 'enter' })
    else if (byte >= 0x20 && byte < 0x7f) keys.push({ name: 'char', text: String.fromCharCode(byte) })
    else {
      const name = BY_CONTROL[byte]
      if (name !== undefined) keys.push({ name })
      else if (byte !== NUL) this.unknown += 1
    }
  }

  /** Nothing here takes more than ASCII: a letter of two to four bytes is one key that means nothing. */
  private beyondAscii(byte: number): void {
    if (this.utf8Rest > 0 && byte < 0xc0) {
      this.utf8Rest -= 1
      return
    }
    if (byte === CSI) return this.enter('csi')
    if (byte === SS3) return this.enter('ss3')
    this.utf8Rest = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0
    this.unknown += 1
  }

  private escape(byte: number, keys: Key[]): void {
    const char = String.fromCharCode(byte)
    if (char === '[') return this.enter('csi')
    if (char === 'O') return this.enter('ss3')
    // Device control, operating system, privacy, application and start-of-string: all end with ST or BEL.
    if ('P]^_X'.includes(char)) return this.enter('string')
    this.state = 'ground'
    // Shift-Tab of the Linux console.
    if (byte === TAB) {
      keys.push({ name: 'back-tab' })
      return
    }
    // No sequence after all: the Esc key, and then whatever this byte is.
    keys.push({ name: 'escape' })
    this.ground(byte, keys)
  }

  private csi(byte: number, keys: Key[]): void {
    const char = String.fromCharCode(byte)
    if (this.isBroken(byte, keys)) return
    if (this.held === '' && char === '[') return this.enter('linux')
    const isShifted = char === '$' && /^\d+$/.test(this.held)
    if (byte < 0x40 && !isShifted) return this.hold(char)
    this.state = 'ground'
    if (char === 'M' && this.held === '') return this.enter('mouse')
    const answer = answerOf(this.held, char)
    if (answer !== undefined) return this.onAnswer(answer)
    if (PASTE_MARKS.includes(this.held) || REPORTS.includes(char)) return
    const [number = ''] = this.held.split(';')
    this.push(EDITING_FINALS.includes(char) ? BY_NUMBER[number] : this.byFinal(char), keys)
  }

  private ss3(byte: number, keys: Key[]): void {
    if (this.isBroken(byte, keys)) return
    const char = String.fromCharCode(byte)
    // `ESC O 5 A`, Ctrl-Up of some: like CSI, it may have parameters.
    if (/[\d;]/.test(char)) return this.hold(char)
    this.state = 'ground'
    const name = BY_SS3[char] ?? this.byFinal(char)
    const digit = KEYPAD.indexOf(char)
    const sign = digit >= 0 ? String(digit) : KEYPAD_SIGNS[char]
    if (name === undefined && sign !== undefined) keys.push({ name: 'char', text: sign })
    else this.push(name, keys)
  }

  private push(name: NamedKey | undefined, keys: Key[]): void {
    if (name === undefined) this.unknown += 1
    else keys.push({ name })
  }

  /** Modifiers do not change what an arrow means here: `1;5A` is Ctrl-Up. */
  private byFinal(char: string): NamedKey | undefined {
    return /^(1;)?\d*$/.test(this.held) ? BY_FINAL[char] : undefined
  }

  /** What is too long to mean anything is still swallowed to its end. */
  private hold(char: string): void {
    if (this.held.length < LONGEST_SEQUENCE) this.held += char
  }

  /** A control inside a sequence ends it: the terminal has begun something else. */
  private isBroken(byte: number, keys: Key[]): boolean {
    if (byte >= 0x20 && byte !== 0x7f && (byte < 0x7f || this.state === 'string')) return false
    this.state = 'ground'
    this.unknown += 1
    if (byte < 0x7f && byte !== CAN && byte !== SUB) this.ground(byte, keys)
    return true
  }

  private string(byte: number, keys: Key[]): void {
    this.length += 1
    const isTerminated = byte === BEL || (this.held === 'ESC' && byte === 0x5c)
    this.held = byte === ESC ? 'ESC' : ''
    if (isTerminated || this.length > LONGEST_STRING) this.state = 'ground'
    // Nobody answers a terminal's question with an Enter: that was the Esc key and typing after all.
    else if (byte !== ESC) this.isBroken(byte, keys)
  }

  private enter(state: KeyDecoder['state']): void {
    this.state = state
    this.held = ''
    this.length = 0
  }
}

/** A cursor report (`24;80R`) or device attributes (`?1;2c`). */
function answerOf(held: string, final: string): Answer | undefined {
  const cursor = final === 'R' ? /^(\d+);(\d+)$/.exec(held) : null
  if (cursor !== null) return { kind: 'cursor', row: Number(cursor[1]), column: Number(cursor[2]) }
  const attributes = final === 'c' ? /^\?([\d;]*)$/.exec(held) : null
  return attributes === null ? undefined : { kind: 'attributes', parameters: attributes[1] ?? '' }
}
