import { ipv6Text, macText } from '../../src/wire/address-text'
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
})

test('a MAC address is lower case with colons', () => {
  expect(macText(hex('001B2110 00FF'), 0)).toBe('00:1b:21:10:00:ff')
})
