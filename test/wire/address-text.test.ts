import fc from 'fast-check'
import { Address6 } from 'ip-address'
import { addressBytes, ipv4Text, ipv6Text, macText, macTextOfNumber } from '../../src/wire/address-text'
import { hex } from './frames'

// RFC 5952 section 4
test.each([
  ['20010db8 00000000 00000000 00000001', '2001:db8::1'],
  ['20010db8 00000001 00010001 00010001', '2001:db8:0:1:1:1:1:1'],
  ['20010000 00000001 00000000 00000001', '2001:0:0:1::1'],
  ['20010db8 00000000 00010000 00000001', '2001:db8::1:0:0:1'],
  ['00000000 00000000 00000000 00000000', '::'],
  ['00000000 00000000 00000000 00000001', '::1'],
  ['fe800000 00000000 00000000 00000000', 'fe80::'],
  ['20010db8 aaaabbbb ccccdddd eeeeffff', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff'],
  ['00000000 00000000 0000ffff 0a000001', '::ffff:10.0.0.1'],
])('%s is %s', (bytes, text) => {
  expect(ipv6Text(hex(bytes), 0)).toBe(text)
  expect(addressBytes(text)).toEqual([...hex(bytes)])
})

test('an address that is written is read again', () => {
  // Zeros are what is left out.
  const byte = fc.oneof(fc.constant(0), fc.nat(255))
  const address = fc.array(byte, { minLength: 16, maxLength: 16 })
  fc.assert(fc.property(address, (bytes) => expect(addressBytes(ipv6Text(Buffer.from(bytes), 0))).toEqual(bytes)))
  fc.assert(
    fc.property(address, (bytes) => expect(addressBytes(ipv4Text(Buffer.from(bytes), 0))).toEqual(bytes.slice(0, 4))),
  )
})

test.each(['::1', '1::', '::', 'fe80::1', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', '64:ff9b::192.0.2.33', '0:0::0:0'])(
  '%s is read as the library reads it',
  (text) => {
    expect(addressBytes(text)).toEqual([...new Address6(text).toUnsignedByteArray()])
  },
)

test('whatever else is no address', () => {
  const texts = [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.1234',
    '1..2.3',
    '.1.2.3.4',
    '1.2.3.4.',
    'Others',
    ' 1.2.3.4',
  ]
  texts.push(
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    ':1::2',
    '1::2:',
    '12345::',
    'g::',
    '::1.2.3',
    'FE80::',
  )
  texts.push('1:2:3:4:5:6:7:1.2.3.4', '1::2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8::9', '::1.2.3.4:5', '::1.2.3.256', '1')
  expect(texts.filter((text) => addressBytes(text) !== undefined)).toEqual([])
})

test('a MAC address is lower case with colons', () => {
  expect(macText(hex('001B2110 00FF'), 0)).toBe('00:1b:21:10:00:ff')
})

test('and the same as a number', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (bytes) => {
      expect(macTextOfNumber(Buffer.from(bytes).readUIntBE(0, 6))).toBe(macText(bytes, 0))
    }),
  )
})
