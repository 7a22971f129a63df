import fc from 'fast-check'
import { AddressTexts } from '../../src/flow/address-texts'
import { ipv4Text, ipv6Text, macText } from '../../src/wire/address-text'
import { u48 } from '../../src/wire/big-endian'

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((it) => Buffer.from(it))

/** One for all runs, so that the later ones find what the earlier ones left. */
const texts = new AddressTexts()

test('a text that was remembered is the text that would be made', () => {
  fc.assert(
    fc.property(bytesOf(4), bytesOf(16), bytesOf(6), (v4, v6, mac) => {
      for (let time = 1; time <= 2; time++) {
        expect(texts.ipv4(v4, 0)).toBe(ipv4Text(v4, 0))
        expect(texts.ipv6(v6, 0)).toBe(ipv6Text(v6, 0))
        expect(texts.mac(u48(mac, 0))).toBe(macText(mac, 0))
      }
    }),
  )
})

test('more addresses than are remembered come out right, too', () => {
  const bytes = Buffer.alloc(4)
  const wrong: number[] = []
  for (let host = 0; host < 70_000; host++) {
    bytes.writeUInt32BE(0x0a000000 + host, 0)
    if (texts.ipv4(bytes, 0) !== `10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`) wrong.push(host)
  }
  expect(wrong).toEqual([])
})
