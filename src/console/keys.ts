import type { Key } from '../form/keys'

/** How long to wait before an unfinished sequence counts as over. WAN terminal servers may need more. */
export interface KeyTiming {
  /** After a lone Esc. */
  escapeMs: number
  /** Inside a sequence that has more than its Esc. */
  sequenceMs: number
}

export const KEY_TIMING: KeyTiming = { escapeMs: 100, sequenceMs: 500 }

/** Longer parameter or control strings than these are line noise. */
const LONGEST_SEQUENCE = 32
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

/** `ESC O x` of a keypad in application mode (VT100 User Guide, table 3-8). */
const KEYPAD = 'pqrstuvwxy'
const KEYPAD_SIGNS: Record<string, string> = { l: ',', m: '-', n: '.' }

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
const LF = 0x0a
const CR = 0x0d
const CAN = 0x18
const SUB = 0x1a
const ESC = 0x1b

/**
 * Bytes from a terminal in, keys out. It keeps its state between calls, so a sequence may be split anywhere; what it
 * does not know is swallowed whole, so line noise and the answers of terminals never become typed text.
 */
export class KeyDecoder {
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
    this.state = 'ground'
    return keys
  }

  private take(byte: number, keys: Key[]): void {
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
        return
    }
  }

  private ground(byte: number, keys: Key[]): void {
    const isTail = this.afterCarriageReturn && (byte === LF || byte === NUL)
    this.afterCarriageReturn = byte === CR
    // CR LF and CR NUL are one Enter: telnet sends the latter (RFC 854).
    if (isTail) return
    if (byte === ESC) this.enter('escape')
    else if (byte === CR || byte === LF) keys.push({ name: 'enter' })
    else if (byte >= 0x20 && byte < 0x7f) keys.push({ name: 'char', text: String.fromCharCode(byte) })
    else {
      const name = BY_CONTROL[byte]
      if (name !== undefined) keys.push({ name })
    }
  }

  private escape(byte: number, keys: Key[]): void {
    const char = String.fromCharCode(byte)
    if (char === '[') return this.enter('csi')
    if (char === 'O') return this.enter('ss3')
    // Device control, operating system, privacy, application and start-of-string: all end with ST or BEL.
    if ('P]^_X'.includes(char)) return this.enter('string')
    // No sequence after all: the Esc key, and then whatever this byte is.
    keys.push({ name: 'escape' })
    this.state = 'ground'
    this.ground(byte, keys)
  }

  private csi(byte: number, keys: Key[]): void {
    const char = String.fromCharCode(byte)
    if (this.isBroken(byte, keys)) return
    if (this.held === '' && char === '[') return this.enter('linux')
    if (byte < 0x40) {
      this.held += char
      if (this.held.length > LONGEST_SEQUENCE) this.state = 'ground'
      return
    }
    this.state = 'ground'
    if (char === 'M' && this.held === '') return this.enter('mouse')
    // Modifiers do not change what an arrow means here: `1;5A` is Ctrl-Up.
    const [first = '', ...rest] = this.held.split(';')
    if (!/^\d*$/.test(first)) return
    const name = char === '~' ? BY_NUMBER[first] : rest.length === 0 || first === '1' ? BY_FINAL[char] : undefined
    if (name !== undefined) keys.push({ name })
  }

  private ss3(byte: number, keys: Key[]): void {
    if (this.isBroken(byte, keys)) return
    const char = String.fromCharCode(byte)
    this.state = 'ground'
    const name = BY_FINAL[char]
    const digit = KEYPAD.indexOf(char)
    const sign = KEYPAD_SIGNS[char]
    if (name !== undefined) keys.push({ name })
    else if (char === 'M') keys.push({ name: 'enter' })
    else if (digit >= 0) keys.push({ name: 'char', text: String(digit) })
    else if (sign !== undefined) keys.push({ name: 'char', text: sign })
  }

  /** A control inside a sequence ends it: the terminal has begun something else. */
  private isBroken(byte: number, keys: Key[]): boolean {
    if (byte >= 0x20 && byte !== 0x7f && (byte < 0x7f || this.state === 'string')) return false
    this.state = 'ground'
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
