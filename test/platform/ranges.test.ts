import { Address4 } from 'ip-address'
import fc from 'fast-check'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { normaliseGroups, normaliseMac, normaliseRange } from '../../src/platform/ranges'

test.each([
  // C-19 and R-233, the guide's own samples.
  ['10.10.10.0/12', '10.0.0.0/12', '1,048,576 addresses, 16 networks of class B size'],
  ['10.1.1.1/24', '10.1.1.0/24', '256 addresses'],
  ['2001:DB8::5/32', '2001:db8::/32', '2^96 addresses'],
  ['10.0.0.0/8', '10.0.0.0/8', undefined],
  ['192.168.1.7', '192.168.1.7', undefined],
  ['192.168.1.7/32', '192.168.1.7', undefined],
  ['fe80::/10', 'fe80::/10', undefined],
  ['0.0.0.0/0', '0.0.0.0/0', undefined],
])('%s is %s', (text, value, note) => {
  const result = normaliseRange(text)
  expect(result).toMatchObject({ value })
  if (note === undefined) expect(result).not.toHaveProperty('note')
  else expect(result).toMatchObject({ note: expect.stringContaining(note) })
})

test.each([
  '',
  'x',
  '10.0.0',
  '10.0.0.0/33',
  '10.0.0.0/',
  '010.0.0.1',
  '::/129',
  'fe80::1%eth0',
  '::ffff:1.2.3.4',
  '::ffff:102:304/120',
  '10.0.0.1-9',
  ' 10.0.0.1',
])('%j is no range', (text) => expect(normaliseRange(text)).toHaveProperty('problem'))

test('what was made normal once stays as it is and holds the same addresses', () => {
  const range = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, bits]) => `${address}/${bits}`)
  fc.assert(
    fc.property(range, (text) => {
      const result = normaliseRange(text)
      if (!('value' in result)) throw new Error(`${text}: ${result.problem}`)
      expect(normaliseRange(result.value)).toEqual({ value: result.value })
      const wanted = new Address4(text)
      const meant = new Address4(result.value)
      expect(meant.startAddress().correctForm()).toBe(wanted.startAddress().correctForm())
      expect(meant.endAddress().correctForm()).toBe(wanted.endAddress().correctForm())
    }),
  )
})

test.each(['00:0C:29:BB:FD:03', '00-0c-29-bb-fd-03', '000c.29bb.fd03'])('%s is one MAC', (text) => {
  expect(normaliseMac(text)).toEqual({ value: '00:0c:29:bb:fd:03' })
})

test.each(['00:0c:29:bb:fd', '00:0c-29:bb:fd:03', '000c29bbfd03', '00:0c:29:bb:fd:0g'])('%s is no MAC', (text) => {
  expect(normaliseMac(text)).toHaveProperty('problem')
})

test('the shipped groups are as they should be', () => {
  expect(normaliseGroups(DEFAULT_ASSET_GROUPS)).toEqual({ groups: DEFAULT_ASSET_GROUPS, notes: [], issues: [] })
})

test('a range that is listed twice is kept once, and said', () => {
  const groups = { ...DEFAULT_ASSET_GROUPS, inventoried: ['10.0.0.0/8', ' 10.1.2.3/8 ', ''] }
  expect(normaliseGroups(groups)).toMatchObject({
    groups: { inventoried: ['10.0.0.0/8'] },
    notes: [expect.stringContaining('10.1.2.3/8 is taken as'), '10.0.0.0/8 is listed twice; once is enough'],
    issues: [],
  })
})
