import { NETMASK_RING, prefixOfNetmask } from '../../src/settings/netmasks'

test('the ring of R-104, going down: /24 to /1, then /30 to /25', () => {
  expect(NETMASK_RING.map(({ prefix }) => prefix)).toEqual([
    ...[24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
    ...[30, 29, 28, 27, 26, 25],
  ])
})

test('the masks as the guide prints them, /4 put right (C-01)', () => {
  expect(NETMASK_RING.map(({ mask }) => mask)).toEqual([
    ...['255.255.255.0', '255.255.254.0', '255.255.252.0', '255.255.248.0', '255.255.240.0', '255.255.224.0'],
    ...['255.255.192.0', '255.255.128.0', '255.255.0.0', '255.254.0.0', '255.252.0.0', '255.248.0.0', '255.240.0.0'],
    ...['255.224.0.0', '255.192.0.0', '255.128.0.0', '255.0.0.0', '254.0.0.0', '252.0.0.0', '248.0.0.0', '240.0.0.0'],
    ...['224.0.0.0', '192.0.0.0', '128.0.0.0'],
    ...[
      '255.255.255.252',
      '255.255.255.248',
      '255.255.255.240',
      '255.255.255.224',
      '255.255.255.192',
      '255.255.255.128',
    ],
  ])
  expect(new Set(NETMASK_RING.map(({ mask }) => mask)).size).toBe(30)
})

test('a mask knows its prefix; /0, /31, /32 and gaps are none', () => {
  expect(prefixOfNetmask('240.0.0.0')).toBe(4)
  for (const mask of ['0.0.0.0', '255.255.255.254', '255.255.255.255', '255.0.255.0', '']) {
    expect(prefixOfNetmask(mask)).toBeUndefined()
  }
})
