import fc from 'fast-check'
import { addressBytes } from '../../src/wire/address-text'
import { AddressClasses } from '../../src/flow/address-classes'
import { DEFAULT_ASSET_GROUPS, type AssetGroups } from '../../src/flow/asset-groups'

const groups: AssetGroups = {
  inventoried: ['10.0.0.0/8', '192.168.7.9', '2001:db8:1::/48', '10.9.0.0/16'],
  nonInventoried: ['10.20.20.0/24', '2001:db8:1:ff::/64', '10.9.0.0/16', '239.1.0.0/16'],
  excludedRanges: ['10.1.1.1/32', '2001:db8:1:ff::5'],
  excludedMacs: ['02-00-00-00-00-AA'],
  monitoredExternal: [
    { name: 'social-media', fqdns: ['www.example.com'], ranges: ['198.51.100.0/24', '2001:db8:f::/48'] },
    { name: 'ours', fqdns: [], ranges: ['10.3.0.0/16'] },
  ],
}

const classes = new AddressClasses(groups)

function inWords(address: string, mac = ''): string {
  const { class: kind, name, group, isInternal, isAsset } = classes.classify(address, mac)
  return [kind, name, group, isInternal && 'internal', isAsset && 'asset'].filter(Boolean).join(' ')
}

test.each([
  ['inside a range', '10.2.3.4', 'inventoried 10.2.3.4 internal asset'],
  ['a single address', '192.168.7.9', 'inventoried 192.168.7.9 internal asset'],
  ['beside a single address', '192.168.7.10', 'external External'],
  ['IPv6', '2001:db8:1:2::3', 'inventoried 2001:db8:1:2::3 internal asset'],
  ['IPv6 beside the range', '2001:db8:2::3', 'external External'],
  ['the longer prefix', '10.20.20.1', 'non-inventoried 10.20.20.1 internal'],
  ['the longer prefix, IPv6', '2001:db8:1:ff::1', 'non-inventoried 2001:db8:1:ff::1 internal'],
  ['of equal prefixes non-inventoried', '10.9.1.1', 'non-inventoried 10.9.1.1 internal'],
  ['excluded before all', '10.1.1.1', 'excluded Excluded'],
  ['excluded before all, IPv6', '2001:db8:1:ff::5', 'excluded Excluded'],
  ['monitored external by address', '198.51.100.7', 'monitored 198.51.100.7 social-media'],
  ['monitored external by address, IPv6', '2001:db8:f::1', 'monitored 2001:db8:f::1 social-media'],
  ['internal before monitored external', '10.3.0.1', 'inventoried 10.3.0.1 internal asset'],
  ['external', '203.0.113.5', 'external External'],
  ['multicast keeps its address', '224.0.0.251', 'non-inventoried 224.0.0.251'],
  ['multicast, IPv6', 'ff02::fb', 'non-inventoried ff02::fb'],
  ['limited broadcast', '255.255.255.255', 'non-inventoried 255.255.255.255'],
  ['multicast inside a range', '239.1.2.3', 'non-inventoried 239.1.2.3 internal'],
  ['no address yet', '0.0.0.0', 'external External'],
  ['no address yet, IPv6', '::', 'external External'],
])('%s: %s', (_case, address, expected) => {
  expect(inWords(address)).toBe(expected)
  expect(classes.admits(addressBytes(address)!, 0)).toBe(expected.endsWith(' asset'))
})

test('an excluded MAC hides whatever address it has, in any spelling of the MAC', () => {
  expect(inWords('10.2.3.4', '02:00:00:00:00:aa')).toBe('excluded Excluded')
  expect(inWords('10.2.3.4', '02:00:00:00:00:ab')).toBe('inventoried 10.2.3.4 internal asset')
  const admits = (mac: number): boolean => classes.admits([10, 2, 3, 4], mac)
  expect([0x0200000000aa, 0x0200000000ab].map(admits)).toEqual([false, true])
  expect([0x0200000000aa, 0x0200000000ab].map((mac) => classes.excludesMac(mac))).toEqual([true, false])
})

test('who excludes the MAC of zeroes does not exclude everybody whose MAC is not known', () => {
  const odd = new AddressClasses({ ...groups, excludedMacs: ['00:00:00:00:00:00'] })
  expect([odd.classify('10.2.3.4', '').isAsset, odd.admits([10, 2, 3, 4], 0), odd.excludesMac(0)]).toEqual([
    true,
    true,
    false,
  ])
})

test('host bits count for nothing, and the ranges as shipped are the private ones', () => {
  const shipped = new AddressClasses(DEFAULT_ASSET_GROUPS)
  const isInside = (address: string): boolean => shipped.classify(address, '').isInternal
  expect(['10.0.0.0', '172.16.0.1', '172.31.255.255', '192.168.255.1'].every(isInside)).toBe(true)
  expect(['9.255.255.255', '11.0.0.0', '172.32.0.0', '192.169.0.0'].some(isInside)).toBe(false)
  const withHostBits = new AddressClasses({ ...DEFAULT_ASSET_GROUPS, inventoried: ['10.10.10.0/12'] })
  expect(withHostBits.classify('10.0.0.1', '').class).toBe('inventoried')
  expect(withHostBits.classify('10.16.0.1', '').class).toBe('external')
})

test('what no machine can be called never becomes an asset, even when everything is inventoried', () => {
  const everything = new AddressClasses({ ...DEFAULT_ASSET_GROUPS, inventoried: ['0.0.0.0/0', '::/0'] })
  const isAsset = (address: string): boolean => everything.classify(address, '').isAsset
  expect(['224.0.0.1', '255.255.255.255', '0.0.0.0', '127.0.0.1', '::', '::1', 'ff02::1'].filter(isAsset)).toEqual([])
  expect(['8.8.8.8', '2001:db8::1', 'fe80::1'].filter(isAsset)).toHaveLength(3)
  const differs = (address: string): boolean => everything.admits(addressBytes(address)!, 0) !== isAsset(address)
  expect(
    ['224.0.0.1', '255.255.255.255', '0.0.0.0', '127.0.0.1', '::', '::1', 'ff02::1', '::2'].filter(differs),
  ).toEqual([])
})

test('ranges that cannot be read are named and match nothing', () => {
  const odd = new AddressClasses({
    ...DEFAULT_ASSET_GROUPS,
    inventoried: ['10.0.0.0/33', 'printer', '10.0.0.0/8'],
    excludedRanges: [''],
  })
  expect(odd.unreadable).toEqual(['', '10.0.0.0/33', 'printer'])
  expect(odd.classify('10.0.0.1', '').class).toBe('inventoried')
})

test('property: the longest matching prefix decides, as found by trying every range', () => {
  const address = fc.tuple(fc.constantFrom(10, 11), fc.nat(3), fc.nat(3), fc.nat(3))
  const range = fc.record({ address, length: fc.integer({ min: 0, max: 32 }) })
  const numberOf = (bytes: number[]): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  const covers = (each: { address: number[]; length: number }, of: number[]): boolean => {
    const size = 2 ** (32 - each.length)
    return Math.floor(numberOf(each.address) / size) === Math.floor(numberOf(of) / size)
  }
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), fc.array(range, { maxLength: 12 }), address, (yes, no, of) => {
      const text = (each: { address: number[]; length: number }): string => `${each.address.join('.')}/${each.length}`
      const longest = (ranges: typeof yes): number =>
        Math.max(-1, ...ranges.filter((each) => covers(each, of)).map((each) => each.length))
      const compiled = new AddressClasses({
        ...DEFAULT_ASSET_GROUPS,
        inventoried: yes.map(text),
        nonInventoried: no.map(text),
      })
      const [inventoried, non] = [longest(yes), longest(no)]
      const expected = inventoried < 0 && non < 0 ? 'external' : inventoried > non ? 'inventoried' : 'non-inventoried'
      expect(compiled.classify(of.join('.'), '').class).toBe(expected)
      expect(compiled.admits(of, 0)).toBe(expected === 'inventoried')
    }),
  )
})
