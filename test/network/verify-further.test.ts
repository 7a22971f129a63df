import { Address6 } from 'ip-address'
import fc from 'fast-check'
import { normaliseNetwork, verifyNetwork } from '../../src/network/verify-network'
import { DEFAULT_NETWORK, type NetworkSettings } from '../../src/settings/network-settings'

const GOOD: NetworkSettings = {
  ...DEFAULT_NETWORK,
  ipv6: 'static',
  ipv6Address: '2001:db8::10',
  ipv6Prefix: '64',
  ipv6Gateway: '2001:db8::1',
  ipv6Dns: '2001:db8:1::53',
}

function found(changes: Partial<NetworkSettings>): string[] {
  return verifyNetwork({ ...GOOD, ...changes }).map(({ field, number }) => `${field} ${number}`)
}

test.each<[string, Partial<NetworkSettings>, string[]]>([
  ['as it should be', {}, []],
  ['no gateway: the router announces itself', { ipv6Gateway: '' }, []],
  ['no DNS', { ipv6Dns: '' }, []],
  ['a link-local gateway', { ipv6Gateway: 'fe80::1' }, []],
  ['one host and a link-local gateway', { ipv6Prefix: '128', ipv6Gateway: 'fe80::1' }, []],
  ['the prefix with its slash', { ipv6Prefix: ' /64 ' }, []],
  ['no address', { ipv6Address: '' }, ['ipv6Address 13']],
  ['no IPv6 address', { ipv6Address: '10.0.0.1' }, ['ipv6Address 13']],
  ['with a zone', { ipv6Address: '2001:db8::10%eth0' }, ['ipv6Address 13']],
  ['with a prefix', { ipv6Address: '2001:db8::10/64' }, ['ipv6Address 13']],
  ['nobody', { ipv6Address: '::' }, ['ipv6Address 13']],
  ['multicast', { ipv6Address: 'ff02::1' }, ['ipv6Address 13']],
  ['link-local', { ipv6Address: 'fe80::10' }, ['ipv6Address 13']],
  ['IPv4 in IPv6', { ipv6Address: '::ffff:10.0.0.1' }, ['ipv6Address 13']],
  ['the network itself', { ipv6Address: '2001:db8::' }, ['ipv6Address 13']],
  ['the lower of two, RFC 6164', { ipv6Address: '2001:db8::', ipv6Prefix: '127' }, []],
  ['loopback', { ipv6Address: '::1' }, ['ipv6Address 17']],
  ['loopback IPv4 in IPv6', { ipv6Gateway: '::ffff:127.0.0.1' }, ['ipv6Gateway 17']],
  ['no prefix', { ipv6Prefix: '' }, ['ipv6Prefix 18']],
  ['prefix 0', { ipv6Prefix: '0' }, ['ipv6Prefix 18']],
  ['prefix 129', { ipv6Prefix: '129' }, ['ipv6Prefix 18']],
  ['prefix of words', { ipv6Prefix: 'ffff::' }, ['ipv6Prefix 18']],
  ['gateway malformed', { ipv6Gateway: 'router' }, ['ipv6Gateway 14']],
  ['gateway outside', { ipv6Gateway: '2001:db8:1::1' }, ['ipv6Gateway 18']],
  ['gateway is the address', { ipv6Gateway: '2001:DB8:0::10' }, ['ipv6Gateway 18']],
  ['DNS malformed', { ipv6Dns: '10.0.0.1' }, ['ipv6Dns 15']],
  ['DNS is the address', { ipv6Dns: '2001:db8::10' }, ['ipv6Dns 18']],
  [
    'all of it wrong at once',
    { ipv6Address: 'x', ipv6Prefix: 'x', ipv6Gateway: 'x', ipv6Dns: '::1' },
    ['ipv6Address 13', 'ipv6Gateway 14', 'ipv6Dns 17', 'ipv6Prefix 18'],
  ],
  ['nothing is checked that is not used', { ipv6: 'auto', ipv6Address: 'x', ipv6Prefix: 'x' }, []],
  ['an unknown way', { ipv6: 'maybe' as 'auto' }, ['ipv6 18']],
  ['VLAN 1', { vlan: '1' }, []],
  ['VLAN 4094', { vlan: ' 4094' }, []],
  ['VLAN 0', { vlan: '0' }, ['vlan 18']],
  ['VLAN 4095', { vlan: '4095' }, ['vlan 18']],
  ['VLAN of words', { vlan: 'lab' }, ['vlan 18']],
  ['jumbo frames', { mtu: '9000' }, []],
  ['MTU too small', { mtu: '575', ipv6: 'off' }, ['mtu 18']],
  ['MTU of IPv4 alone', { mtu: '576', ipv6: 'off' }, []],
  ['MTU too small for IPv6', { mtu: '1279' }, ['mtu 18']],
  ['MTU too large', { mtu: '9217' }, ['mtu 18']],
  ['hostname', { hostname: 'Sensor-3.plant.example.' }, []],
  ['hostname with a blank', { hostname: 'sensor 3' }, ['hostname 18']],
  ['hostname localhost', { hostname: 'LOCALHOST' }, ['hostname 18']],
  ['hostname too long', { hostname: `${'a'.repeat(60)}.example` }, ['hostname 18']],
  ['time servers', { ntp: 'pool.ntp.org 10.0.0.1, 2001:db8::123' }, []],
  ['too many time servers', { ntp: 'a b c d e' }, ['ntp 18']],
  ['time server on the loopback', { ntp: '127.0.0.1' }, ['ntp 17']],
  ['time server of no machine', { ntp: 'ntp.example 224.0.1.1' }, ['ntp 18']],
  ['time server that would be a line of its own', { ntp: 'ntp.example\nserver evil' }, []],
])('%s', (_name, changes, issues) => {
  expect(found(changes)).toEqual(issues)
})

test('values are kept in one form', () => {
  const kept = normaliseNetwork(
    {
      ...GOOD,
      ipv6Address: ' 2001:0DB8::0010',
      ipv6Prefix: '/064',
      vlan: '0050',
      hostname: 'Rack-3.',
      ntp: 'A.example.\n10.0.0.01',
    },
    DEFAULT_NETWORK,
  )
  expect(kept).toMatchObject({
    ipv6Address: '2001:db8::10',
    ipv6Prefix: '64',
    vlan: '50',
    hostname: 'rack-3',
    ntp: 'a.example 10.0.0.1',
  })
  expect(normaliseNetwork({ ...DEFAULT_NETWORK, ipv6: 'off' }, GOOD)).toMatchObject({
    ipv6: 'off',
    ipv6Address: '2001:db8::10',
  })
})

/** A network and two different machines in it. */
const network = fc
  .record({
    prefix: fc.integer({ min: 8, max: 126 }),
    bits: fc.bigInt(0n, 2n ** 125n - 1n),
    a: fc.bigInt(0n, 2n ** 120n),
    b: fc.bigInt(0n, 2n ** 120n),
  })
  .map(({ prefix, bits, a, b }) => {
    const size = 2n ** BigInt(128 - prefix)
    // 2000::/3 is what is given out to machines (RFC 4291 section 2.4).
    const base = (((1n << 125n) | bits) / size) * size
    const first = 1n + (a % (size - 1n))
    const second = 1n + ((first + (b % (size - 2n))) % (size - 1n))
    return { prefix, base, size, address: base + first, gateway: base + second }
  })
const text = (value: bigint): string => Address6.fromBigInt(value).correctForm()

test('any two machines of any IPv6 network go together, and a gateway of another is 18', () => {
  fc.assert(
    fc.property(network, fc.bigInt(0n, 2n ** 125n - 1n), ({ prefix, base, size, address, gateway }, bits) => {
      fc.pre(address !== gateway)
      const wanted = { ipv6Address: text(address), ipv6Prefix: String(prefix), ipv6Gateway: text(gateway), ipv6Dns: '' }
      expect(found(wanted)).toEqual([])
      expect(new Address6(wanted.ipv6Gateway).isInSubnet(new Address6(`${wanted.ipv6Address}/${prefix}`))).toBe(true)
      const elsewhere = (1n << 125n) | bits
      fc.pre(elsewhere < base || elsewhere >= base + size)
      expect(found({ ...wanted, ipv6Gateway: text(elsewhere) })).toEqual(['ipv6Gateway 18'])
      if (prefix < 127) expect(found({ ...wanted, ipv6Address: text(base) })).toContain('ipv6Address 13')
    }),
    { numRuns: 1000, verbose: 1 },
  )
})

test('whatever is typed, verify answers and never throws; what it lets through is kept and good again', () => {
  const typed = fc.oneof(
    fc.string(),
    fc.ipV4(),
    fc.ipV6(),
    fc.domain(),
    fc.nat(5000).map(String),
    fc.constantFrom('', '64', '::1', 'fe80::1%eth0', '1.2.3.4/5', 'a\nb'),
  )
  const values = fc.record({
    ipv6: fc.constantFrom('off', 'auto', 'dhcp', 'static'),
    ipv6Address: typed,
    ipv6Prefix: typed,
    ipv6Gateway: typed,
    ipv6Dns: typed,
    vlan: typed,
    mtu: typed,
    hostname: typed,
    ntp: typed,
  })
  fc.assert(
    fc.property(values, (further) => {
      const wanted: NetworkSettings = { ...DEFAULT_NETWORK, ...further }
      const issues = verifyNetwork(wanted)
      if (issues.length > 0) return
      const kept = normaliseNetwork(wanted, DEFAULT_NETWORK)
      expect(verifyNetwork(kept)).toEqual([])
      expect(normaliseNetwork(kept, DEFAULT_NETWORK)).toEqual(kept)
      // What goes into files of others is one line.
      for (const value of Object.values(kept)) expect(value).toMatch(/^[!-~ ]*$/)
    }),
    { numRuns: 1000, verbose: 1 },
  )
})
