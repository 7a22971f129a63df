import { createHash } from 'node:crypto'
import { randomSeed } from '../flow/keyed-hash'
import { u16 } from '../wire/big-endian'

// JA4, a short text for how a client says hello: t13d1516h2_8daaf6152771_e5627efa2ab1. The definition is FoxIO's, free for
// all (BSD 3-Clause): transport, version, whether a name is asked for, counts, first protocol; then hashes of the sorted
// cipher suites, and of the sorted extensions with the signature algorithms. Values that are only there to be ignored
// (GREASE, RFC 8701) count for nothing.

/** The handshake message (RFC 8446 section 4). */
export const CLIENT_HELLO = 1

const HEADER_LENGTH = 4
const RANDOM_LENGTH = 32

const EXTENSION_SERVER_NAME = 0
const EXTENSION_SIGNATURES = 13
const EXTENSION_PROTOCOLS = 16
const EXTENSION_VERSIONS = 43

const OLDEST_VERSION = 0x0300
const VERSION_CODES: Record<number, string> = { 0x0304: '13', 0x0303: '12', 0x0302: '11', 0x0301: '10', 0x0300: 's3' }

const NO_BYTES = Buffer.alloc(0)

/**
 * Where in a client's hello the parts are that JA4 is made of. One is used for all: most hellos are known ones, for which
 * nothing need be taken out of the bytes.
 */
class HelloView {
  bytes: Buffer = NO_BYTES
  /** The newest that it offers, ahead of what it says for old servers. */
  version = 0
  suitesAt = 0
  suitesEnd = 0
  extensionsAt = 0
  extensionsEnd = 0
  signaturesAt = 0
  signaturesEnd = 0
  /** The first protocol that is offered. */
  protocolAt = 0
  protocolEnd = 0

  /** From the handshake message's own header on; false if it is cut or none. */
  set(bytes: Buffer): boolean {
    if (bytes.length < HEADER_LENGTH || bytes[0] !== CLIENT_HELLO) return false
    const end = HEADER_LENGTH + ((bytes[1]! << 16) | u16(bytes, 2))
    const sessionAt = HEADER_LENGTH + 2 + RANDOM_LENGTH
    if (end > bytes.length || sessionAt >= end) return false
    this.bytes = bytes
    this.version = u16(bytes, HEADER_LENGTH)
    const lengthAt = sessionAt + 1 + bytes[sessionAt]!
    if (lengthAt + 2 > end) return false
    this.suitesAt = lengthAt + 2
    this.suitesEnd = this.suitesAt + u16(bytes, lengthAt)
    if (this.suitesEnd >= end) return false
    const bodyAt = this.suitesEnd + 1 + bytes[this.suitesEnd]!
    // Where there are no extensions, there may not even be their length.
    if (bodyAt !== end && (bodyAt + 2 > end || u16(bytes, bodyAt) !== end - bodyAt - 2)) return false
    this.extensionsAt = Math.min(bodyAt + 2, end)
    this.extensionsEnd = end
    return this.findInExtensions()
  }

  private findInExtensions(): boolean {
    const { bytes, extensionsEnd } = this
    this.signaturesAt = this.signaturesEnd = this.protocolAt = this.protocolEnd = 0
    for (let at = this.extensionsAt; at + 4 <= extensionsEnd;) {
      const type = u16(bytes, at)
      const from = at + 4
      at = from + u16(bytes, at + 2)
      if (at > extensionsEnd) return false
      if (type === EXTENSION_SIGNATURES) {
        this.signaturesAt = from + 2
        this.signaturesEnd = at
      } else if (type === EXTENSION_PROTOCOLS && at - from > 3) {
        this.protocolAt = from + 3
        this.protocolEnd = Math.min(at, from + 3 + bytes[from + 2]!)
      } else if (type === EXTENSION_VERSIONS) this.version = newest(bytes, from + 1, at)
    }
    return true
  }
}

const view = new HelloView()

function newest(bytes: Buffer, from: number, to: number): number {
  let version = OLDEST_VERSION
  for (let at = from; at + 2 <= to; at += 2) {
    const offered = u16(bytes, at)
    if (offered > version && !isGrease(offered)) version = offered
  }
  return version
}

/** Texts remembered: the same few programs say most hellos, and to make one takes ten times as long as to read a hello. */
const MOST_TEXTS = 1024
const texts = new Map<number, string>()

/** Of a client's hello, from the handshake message's own header on; undefined if it is cut or none. */
export function ja4(bytes: Buffer): string | undefined {
  const text = view.set(bytes) ? textOnce(view) : undefined
  // Nothing of what a stranger sent is held on to.
  view.bytes = NO_BYTES
  return text
}

function textOnce(hello: HelloView): string {
  const number = numberOf(hello)
  let text = texts.get(number)
  if (text === undefined) {
    text = textOf(hello)
    if (texts.size >= MOST_TEXTS) texts.clear()
    texts.set(number, text)
  }
  return text
}

function numbers(bytes: Buffer, from: number, to: number): number[] {
  const found: number[] = []
  for (let at = from; at + 2 <= to; at += 2) found.push(u16(bytes, at))
  return found
}

/** Without those that are there to be ignored. */
function meant(bytes: Buffer, from: number, to: number): number[] {
  return numbers(bytes, from, to).filter((value) => !isGrease(value))
}

function typesOf({ bytes, extensionsAt, extensionsEnd }: HelloView): number[] {
  const types: number[] = []
  for (let at = extensionsAt; at + 4 <= extensionsEnd; at += 4 + u16(bytes, at + 2)) types.push(u16(bytes, at))
  return types.filter((type) => !isGrease(type))
}

function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff)
}

// Nobody outside knows them: who could make a hello with the number of another would have all who say that one told wrongly.
const SECRET = randomSeed()
const OTHER_SECRET = randomSeed()

/** 53 bits, the same for hellos that differ in nothing but the order of their suites and extensions. */
function numberOf(hello: HelloView): number {
  const { bytes, version, signaturesAt, signaturesEnd, protocolAt, protocolEnd } = hello
  let inOrder = mixed((VERSION + version) ^ SECRET)
  for (let at = signaturesAt; at + 2 <= signaturesEnd; at += 2) inOrder = mixed((inOrder + u16(bytes, at)) ^ SECRET)
  const signatures = inOrder
  for (let at = protocolAt; at < protocolEnd; at++) inOrder = mixed((inOrder + bytes[at]!) ^ SECRET)
  const one = sumOf(hello, signatures, inOrder, SECRET)
  const other = sumOf(hello, signatures, inOrder, OTHER_SECRET)
  return (one >>> 0) * 2 ** 21 + (other >>> 11)
}

/** Of the suites and extensions, which have no order here, and of what is made of the parts that have one. */
function sumOf(hello: HelloView, signatures: number, protocol: number, secret: number): number {
  const { bytes, suitesAt, suitesEnd, extensionsAt, extensionsEnd } = hello
  let sum = mixed(signatures ^ secret) + mixed(protocol ^ secret)
  for (let at = suitesAt; at + 2 <= suitesEnd; at += 2) {
    const suite = u16(bytes, at)
    if (!isGrease(suite)) sum = (sum + mixed((SUITE + suite) ^ secret)) | 0
  }
  for (let at = extensionsAt; at + 4 <= extensionsEnd; at += 4 + u16(bytes, at + 2)) {
    const type = u16(bytes, at)
    if (!isGrease(type)) sum = (sum + mixed((EXTENSION + type) ^ secret)) | 0
  }
  return sum | 0
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

function textOf(hello: HelloView): string {
  const { bytes, version } = hello
  const suites = meant(bytes, hello.suitesAt, hello.suitesEnd)
  const extensions = typesOf(hello)
  const signatures = numbers(bytes, hello.signaturesAt, hello.signaturesEnd)
  const protocol = bytes.toString('latin1', hello.protocolAt, hello.protocolEnd)
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
