import { ethernet, hex, INNER, INNER_SEEN, seen, uint16 } from './frames'

// DSAP (1), SSAP (1), control (1); with both AA then OUI (3), type (2)

function ieee8023(payload: Buffer): Buffer {
  return ethernet(uint16(payload.length).toString('hex'), payload)
}

test('SNAP of Ethernet and of bridges carries an EtherType', () => {
  expect(seen(ieee8023(hex('aaaa03 000000 0800', INNER)))).toBe(INNER_SEEN)
  expect(seen(ieee8023(hex('aaaa03 0000f8 0800', INNER)))).toBe(INNER_SEEN)
})

test('SNAP of 802.1 carries a whole frame, with and without check sequence', () => {
  expect(seen(ieee8023(hex('aaaa03 0080c2 0007', ethernet('0800', INNER))))).toBe(INNER_SEEN)
  expect(seen(ieee8023(hex('aaaa03 0080c2 0001', ethernet('0800', INNER), 'deadbeef')))).toBe(INNER_SEEN)
})

test('spanning tree, CDP and frames that are not unnumbered information are not IP', () => {
  expect(seen(ieee8023(hex('424203', Buffer.alloc(35))))).toBe('not IP')
  expect(seen(ieee8023(hex('aaaa03 00000c 2000', Buffer.alloc(30))))).toBe('not IP')
  expect(seen(ieee8023(hex('0606af', INNER)))).toBe('not IP')
})
