import fc from 'fast-check'
import { bytesOfKey, keyAt, keyOfText } from '../../src/asset/address-key'
import { ipv4Text, ipv6Text } from '../../src/wire/address-text'

const PREFIXES = ['', '0000000000000000', '00000000000000000000ffff', 'fe800000', '20010db8']

test('an address has one key, read from a packet or from its text, and the key its bytes', () => {
  const bytes = fc
    .tuple(fc.constantFrom(...PREFIXES), fc.uint8Array({ minLength: 16, maxLength: 16 }))
    .map(([prefix, rest]) => Buffer.concat([Buffer.from(prefix, 'hex'), rest]).subarray(0, 16))
  fc.assert(
    fc.property(bytes, (address) => {
      expect(keyOfText(ipv6Text(address, 0))).toBe(keyAt(address, 0, 6))
      expect(keyOfText(ipv4Text(address, 0))).toBe(keyAt(address, 0, 4))
      expect(bytesOfKey(keyAt(address, 0, 6))).toEqual([...address])
      expect(bytesOfKey(keyAt(address, 0, 4))).toEqual([...address.subarray(0, 4)])
    }),
  )
})

test.each(['::ffff:1.2.3', '::ffff:1.2.3.256', '1.2.3', '1:2:3::4:5:6:7:8:9', 'Others', ''])(
  'no address: %j',
  (text) => {
    expect(keyOfText(text)).toBeUndefined()
  },
)
