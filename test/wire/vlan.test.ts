import { VlanView } from '../../src/wire/vlan'
import { ethernet, hex, INNER, INNER_SEEN, seen, SOURCE_MAC } from './frames'

// 802.1Q: priority (3 bits), DEI (1), VLAN ID (12), then the next EtherType

test.each(['8100', '88a8', '9100', '9200'])('a tag announced by %s is passed over', (type) => {
  expect(seen(ethernet(type, hex('0064 0800', INNER)))).toBe(INNER_SEEN)
})

test('tags nest in any number and order', () => {
  expect(seen(ethernet('88a8', hex('0064 8100 00c8 0800', INNER)))).toBe(INNER_SEEN)
  expect(seen(ethernet('8100', hex('0064 88a8 00c8 9100 0001 0800', INNER)))).toBe(INNER_SEEN)
})

test('an 802.3 length may stand behind a tag', () => {
  expect(seen(ethernet('8100', hex('0064 0023 060603', INNER)))).toBe(INNER_SEEN)
})

test('the VLAN ID is the low twelve bits', () => {
  const view = new VlanView()
  expect(view.set(hex('ef ff 0800'), 0, 4)).toBe(true)
  expect(view.vlanId).toBe(0xfff)
  expect(view.set(hex('ef ff 0800'), 0, 3)).toBe(false)
})

test('MAC in MAC holds a frame', () => {
  expect(seen(ethernet('88a8', hex('0064 88e7 00000001', ethernet('0800', INNER))))).toBe(INNER_SEEN)
})

test('E-tag, VN-tag and the tag of redundant rings are passed over', () => {
  expect(seen(ethernet('893f', hex('0000 0001 0000 0800', INNER)))).toBe(INNER_SEEN)
  expect(seen(ethernet('8926', hex('00000001 0800', INNER)))).toBe(INNER_SEEN)
  expect(seen(ethernet('892f', hex('0030 0001 0800', INNER)))).toBe(INNER_SEEN)
})

test('MACsec that only signs is read, that encrypts is not', () => {
  const icv = 'cc'.repeat(16)
  expect(seen(ethernet('88e5', hex('20 00 00000001', SOURCE_MAC, '0001', '0800', INNER, icv)))).toBe(INNER_SEEN)
  expect(seen(ethernet('88e5', hex('00 00 00000001', '0800', INNER, icv)))).toBe(INNER_SEEN)
  expect(seen(ethernet('88e5', hex('2c 00 00000001', SOURCE_MAC, '0001', '0800', INNER, icv)))).toBe('not IP')
})
