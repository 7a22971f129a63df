import type { AddressBook } from '../flow/address-book'
import { addressBytes, ipv6Text } from '../wire/address-text'
import { i32 } from '../wire/big-endian'
import type { Packet } from '../wire/packet'

/** What a table of addresses is keyed by: the number of an IPv4 address, the 16 bytes of an IPv6 address as a string. */
export type AddressKey = number | string

/** Of the address at `at` in a packet's bytes. */
export function keyAt(bytes: Buffer, at: number, ipVersion: number): AddressKey {
  return ipVersion === 4 ? i32(bytes, at) : bytes.toString('latin1', at, at + 16)
}

/** Of the address that a packet comes from. */
export function keyOfSender({ bytes, sourceAt, ipVersion }: Packet): AddressKey {
  return keyAt(bytes, sourceAt, ipVersion)
}

const words = new Int32Array(4)
const bytes = Buffer.alloc(16)
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** Of the address with this number in the book; it need not be made text for it. */
export function keyInBook(book: AddressBook, number: number): AddressKey {
  if (book.copy(number, words, 0) === 4) return words[0]!
  for (let word = 0; word < 4; word++) view.setInt32(4 * word, words[word]!)
  return bytes.toString('latin1')
}

/** The number of this address in the book, which it is put into if it is not there; OTHERS where there is no room. */
export function numberInBook(book: AddressBook, key: AddressKey): number {
  if (typeof key === 'number') return book.ipv4(key)
  bytes.write(key, 'latin1')
  for (let word = 0; word < 4; word++) words[word] = view.getInt32(4 * word)
  return book.ipv6(words, 0)
}

/** Canonical text of an address. */
export function textOfKey(key: AddressKey): string {
  if (typeof key === 'string') return ipv6Text(Buffer.from(key, 'latin1'), 0)
  return `${key >>> 24}.${(key >>> 16) & 0xff}.${(key >>> 8) & 0xff}.${key & 0xff}`
}

const ofIpv4 = [0, 0, 0, 0]
const ofIpv6 = [...new Uint8Array(16)]

/** The 4 or 16 bytes of an address; good until it is asked for those of another one. */
export function bytesOfKey(key: AddressKey): readonly number[] {
  if (typeof key === 'number') {
    for (let at = 0; at < 4; at++) ofIpv4[at] = (key >>> (24 - 8 * at)) & 0xff
    return ofIpv4
  }
  for (let at = 0; at < 16; at++) ofIpv6[at] = key.charCodeAt(at)
  return ofIpv6
}

let lastText = ''
let lastKey: AddressKey | undefined

/** Of an address in text, as `address-text` writes it; undefined for what is no address. */
export function keyOfText(text: string): AddressKey | undefined {
  // A machine says several things at once.
  if (text !== lastText) {
    lastText = text
    lastKey = readText(text)
  }
  return lastKey
}

function readText(text: string): AddressKey | undefined {
  const bytes = addressBytes(text)
  if (bytes === undefined) return undefined
  return bytes.length === 4 ? bytes.reduce((key, byte) => (key << 8) | byte, 0) : String.fromCharCode(...bytes)
}

/** Is it the address of one machine: no group, no broadcast, not `this host`, and no loopback? */
export function isOneMachine(key: AddressKey): boolean {
  if (typeof key === 'string') {
    if (key.charCodeAt(0) === 0xff) return false
    return !/^\0{15}[\0\x01]$/.test(key)
  }
  const first = key >>> 24
  return first !== 0 && first < 224
}

/** Of the private ranges (RFC 1918), of a link (RFC 3927, RFC 4291 section 2.5.6), of a site (RFC 4193), loopback. */
export function isPrivate(key: AddressKey): boolean {
  if (typeof key === 'string') {
    return isLinkLocal(key) || (key.charCodeAt(0) & 0xfe) === 0xfc
  }
  const first = key >>> 24
  const second = (key >>> 16) & 0xff
  if (first === 10 || first === 127) return true
  if (first === 192) return second === 168
  return first === 172 ? second >> 4 === 1 : isLinkLocal(key)
}

/** Good on one link only, every link having the same ones (RFC 3927, RFC 4291 section 2.5.6). */
export function isLinkLocal(key: AddressKey): boolean {
  if (typeof key === 'string') return (((key.charCodeAt(0) << 8) | key.charCodeAt(1)) & 0xffc0) === 0xfe80
  return key >>> 16 === 0xa9fe
}
