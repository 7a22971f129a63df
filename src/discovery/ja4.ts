import { createHash } from 'node:crypto'
import { randomSeed } from '../flow/keyed-hash'
import { Cursor } from './cursor'

// JA4, a short text for how a client says hello: t13d1516h2_8daaf6152771_e5627efa2ab1. The definition is FoxIO's, free for
// all (BSD 3-Clause): transport, version, whether a name is asked for, counts, first protocol; then hashes of the sorted
// cipher suites, and of the sorted extensions with the signature algorithms. Values that are only there to be ignored
// (GREASE, RFC 8701) count for nothing.

/** The handshake message (RFC 8446 section 4). */
export const CLIENT_HELLO = 1

const EXTENSION_SERVER_NAME = 0
const EXTENSION_SIGNATURES = 13
const EXTENSION_PROTOCOLS = 16
const EXTENSION_VERSIONS = 43

const OLDEST_VERSION = 0x0300
const VERSION_CODES: Record<number, string> = { 0x0304: '13', 0x0303: '12', 0x0302: '11', 0x0301: '10', 0x0300: 's3' }

/** What of a hello JA4 is made of, in the order it came. */
interface Hello {
  version: number
  suites: number[]
  extensions: number[]
  signatures: number[]
  /** The first that is offered; empty for none. */
  protocol: string
}

/** Texts remembered: the same few programs say most hellos, and to make one takes ten times as long as to read a hello. */
const MOST_TEXTS = 1024
const texts = new Map<number, string>()

/** Of a client's hello, from the handshake message's own header on; undefined if it is cut or none. */
export function ja4(bytes: Buffer): string | undefined {
  const hello = readHello(bytes)
  if (hello === undefined) return undefined
  const number = numberOf(hello)
  let text = texts.get(number)
  if (text === undefined) {
    text = textOf(hello)
    if (texts.size >= MOST_TEXTS) texts.clear()
    texts.set(number, text)
  }
  return text
}

function readHello(bytes: Buffer): Hello | undefined {
  if (bytes.length < 4 || bytes[0] !== CLIENT_HELLO) return undefined
  const end = 4 + bytes.readUIntBE(1, 3)
  if (end > bytes.length) return undefined
  const cursor = new Cursor(bytes, 4, end)
  const hello: Hello = { version: cursor.u16(), suites: [], extensions: [], signatures: [], protocol: '' }
  cursor.skip(32)
  cursor.skip(cursor.u8())
  const suites = cursor.u16()
  hello.suites = meant(bytes, cursor.at, cursor.skip(suites).at)
  cursor.skip(cursor.u8())
  // Where there are no extensions, there may not even be their length.
  if (!cursor.failed && cursor.left > 0 && cursor.u16() !== cursor.left) return undefined
  while (cursor.left >= 4) {
    const type = cursor.u16()
    const length = cursor.u16()
    const from = cursor.at
    const to = cursor.skip(length).at
    if (isGrease(type)) continue
    hello.extensions.push(type)
    if (type === EXTENSION_SIGNATURES) hello.signatures = numbers(bytes, from + 2, to)
    else if (type === EXTENSION_PROTOCOLS && to - from > 3) {
      hello.protocol = bytes.toString('latin1', from + 3, Math.min(to, from + 3 + bytes[from + 2]!))
    } else if (type === EXTENSION_VERSIONS) {
      hello.version = Math.max(...meant(bytes, from + 1, to), OLDEST_VERSION)
    }
  }
  return cursor.failed ? undefined : hello
}

function numbers(bytes: Buffer, from: number, to: number): number[] {
  const found: number[] = []
  for (let at = from; at + 2 <= to; at += 2) found.push((bytes[at]! << 8) | bytes[at + 1]!)
  return found
}

/** Without those that are there to be ignored. */
function meant(bytes: Buffer, from: number, to: number): number[] {
  return numbers(bytes, from, to).filter((value) => !isGrease(value))
}

function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff)
}

// Nobody outside knows them: who could make a hello with the number of another would have all who say that one told wrongly.
const SECRET = randomSeed()
const OTHER_SECRET = randomSeed()

/** 53 bits, the same for hellos that differ in nothing but the order of their suites and extensions. */
function numberOf({ version, suites, extensions, signatures, protocol }: Hello): number {
  let [one, other] = [0, 0]
  const take = (value: number): void => {
    one = (one + mixed(value ^ SECRET)) | 0
    other = (other + mixed(value ^ OTHER_SECRET)) | 0
  }
  for (const suite of suites) take(SUITE + suite)
  for (const type of extensions) take(EXTENSION + type)
  let inOrder = mixed((VERSION + version) ^ SECRET)
  for (const value of signatures) inOrder = mixed((inOrder + value) ^ SECRET)
  take(inOrder)
  for (let at = 0; at < protocol.length; at++) inOrder = mixed((inOrder + protocol.charCodeAt(at)) ^ SECRET)
  take(inOrder)
  return (one >>> 0) * 2 ** 21 + (other >>> 11)
}

/** What a number is of, above its 16 bits. */
const SUITE = 1 << 16
const EXTENSION = 2 << 16
const VERSION = 3 << 16

/** The last step of MurmurHash3: each bit of the result depends on each of these. */
function mixed(value: number): number {
  let mix = value ^ (value >>> 16)
  mix = Math.imul(mix, 0x85ebca6b)
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35)
  return mix ^ (mix >>> 16)
}

function textOf({ version, suites, extensions, signatures, protocol }: Hello): string {
  const name = extensions.includes(EXTENSION_SERVER_NAME) ? 'd' : 'i'
  const counts = [suites, extensions].map(({ length }) => String(Math.min(length, 99)).padStart(2, '0'))
  const hashed = extensions.filter((type) => type !== EXTENSION_SERVER_NAME && type !== EXTENSION_PROTOCOLS)
  const signatureText = signatures.length > 0 ? `_${signatures.map(hexOf).join(',')}` : ''
  return [
    `t${VERSION_CODES[version] ?? '00'}${name}${counts.join('')}${ends(protocol)}`,
    digest(sorted(suites)),
    digest(hashed.length === 0 ? '' : sorted(hashed) + signatureText),
  ].join('_')
}

/** First and last character of the first protocol offered: `h2`, `h1` for http/1.1, `00` for none. */
function ends(protocol: string): string {
  if (protocol === '') return '00'
  const [first, last] = [protocol.at(0)!, protocol.at(-1)!]
  const isPlain = /^[a-z0-9]{2}$/i.test(first + last)
  return isPlain
    ? first + last
    : hexOf(protocol.charCodeAt(0)).at(-2)! + hexOf(protocol.charCodeAt(protocol.length - 1)).at(-1)!
}

function hexOf(value: number): string {
  return value.toString(16).padStart(4, '0')
}

function sorted(values: number[]): string {
  return values.map(hexOf).sort().join(',')
}

function digest(text: string): string {
  return text === '' ? '000000000000' : createHash('sha256').update(text).digest('hex').slice(0, 12)
}
