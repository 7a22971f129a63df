import { Address4 } from 'ip-address'
import fc from 'fast-check'
import { normaliseNetwork, verifyNetwork } from '../../src/network/verify-network'
import { NETMASK_RING } from '../../src/settings/netmasks'
import { DEFAULT_NETWORK, type NetworkSettings } from '../../src/settings/network-settings'

const GOOD: NetworkSettings = {
  ...DEFAULT_NETWORK,
  mode: 'static',
  address: '10.1.2.3',
  netmask: '255.255.255.0',
  gateway: '10.1.2.1',
  dns1: '10.1.2.53',
  dns2: '192.0.2.53',
}

/** `field number` of each issue, in their order. */
const found = (changes: Partial<NetworkSettings>): string[] =>
  verifyNetwork({ ...GOOD, ...changes }).map(({ field, number }) => `${field} ${number}`)

test('good settings have no issue, with and without DNS2', () => {
  expect(found({})).toEqual([])
  expect(found({ dns2: '' })).toEqual([])
})

test('with DHCP nothing else matters', () => {
  expect(found({ mode: 'dhcp', address: 'x', netmask: 'y', gateway: '', dns1: '127.0.0.1' })).toEqual([])
})

test.each<[string, Partial<NetworkSettings>, string[]]>([
  ['no address', { address: '' }, ['address 13']],
  ['white space only', { address: '  ' }, ['address 13']],
  ['a name', { address: 'sensor' }, ['address 13']],
  ['an octet over 255', { address: '10.1.2.256' }, ['address 13']],
  ['three octets', { address: '10.1.2' }, ['address 13']],
  ['a prefix', { address: '10.1.2.3/24' }, ['address 13']],
  ['an IPv6 address', { address: 'fd00::3' }, ['address 13']],
  ['a hexadecimal octet', { address: '10.1.2.0x3' }, ['address 13']],
  ['four digits', { address: '10.1.2.0003' }, ['address 13']],
  ['0/8', { address: '0.1.2.3' }, ['address 13']],
  ['all zeros', { address: '0.0.0.0' }, ['address 13']],
  ['multicast', { address: '224.0.0.1' }, ['address 13']],
  ['the end of multicast', { address: '239.255.255.255' }, ['address 13']],
  ['240/4', { address: '240.0.0.1' }, ['address 13']],
  ['broadcast', { address: '255.255.255.255' }, ['address 13']],
  ['broadcast of its network', { address: '10.1.2.255' }, ['address 13']],
  ['its network', { address: '10.1.2.0' }, ['address 13']],
  [
    'broadcast of a smaller network',
    { address: '10.1.2.7', netmask: '255.255.255.248', gateway: '10.1.2.1' },
    ['address 13'],
  ],
  ['the last octet 255 inside a larger network', { address: '10.1.2.255', netmask: '255.255.0.0' }, []],
  ['no gateway', { gateway: '' }, ['gateway 14']],
  ['gateway malformed', { gateway: '10.1.2' }, ['gateway 14']],
  ['gateway multicast', { gateway: '224.0.0.1' }, ['gateway 14']],
  ['gateway is the broadcast of the network', { gateway: '10.1.2.255' }, ['gateway 14']],
  ['gateway is the network', { gateway: '10.1.2.0' }, ['gateway 14']],
  ['gateway outside the network', { gateway: '10.1.3.1' }, ['gateway 18']],
  ['gateway is the address', { gateway: GOOD.address }, ['gateway 18']],
  ['gateway is the address, written otherwise', { gateway: '010.001.002.003' }, ['gateway 18']],
  ['no netmask', { netmask: '' }, ['netmask 18']],
  ['netmask malformed', { netmask: '255.255.255' }, ['netmask 18']],
  ['netmask with a gap', { netmask: '255.0.255.0' }, ['netmask 18']],
  ['netmask upside down', { netmask: '0.0.0.255' }, ['netmask 18']],
  ['/0', { netmask: '0.0.0.0' }, ['netmask 18']],
  ['/31', { netmask: '255.255.255.254' }, ['netmask 18']],
  ['/32', { netmask: '255.255.255.255' }, ['netmask 18']],
  ['no DNS1', { dns1: '' }, ['dns1 15']],
  ['DNS1 malformed', { dns1: 'dns' }, ['dns1 15']],
  ['DNS1 reserved', { dns1: '250.0.0.1' }, ['dns1 15']],
  ['DNS1 is the broadcast of the network', { dns1: '10.1.2.255' }, ['dns1 15']],
  ['DNS1 is the address', { dns1: GOOD.address }, ['dns1 18']],
  ['DNS1 is the gateway, as in every home', { dns1: GOOD.gateway }, []],
  ['DNS2 malformed', { dns2: '1.1.1' }, ['dns2 16']],
  ['DNS2 multicast', { dns2: '224.0.0.251' }, ['dns2 16']],
  ['DNS2 is the address', { dns2: GOOD.address }, ['dns2 18']],
  ['the same DNS twice', { dns2: GOOD.dns1 }, ['dns2 29']],
  ['the same DNS twice, written otherwise', { dns2: '010.001.002.053' }, ['dns2 29']],
  ['loopback address', { address: '127.0.0.1' }, ['address 17']],
  ['loopback, all of 127/8', { address: '127.255.255.254' }, ['address 17']],
  ['loopback, zero-padded', { gateway: '127.000.000.001' }, ['gateway 17']],
  ['loopback DNS1', { dns1: '127.0.0.53' }, ['dns1 17']],
  ['loopback DNS2', { dns2: '127.0.0.53' }, ['dns2 17']],
  ['IPv6 loopback', { dns1: '::1' }, ['dns1 17']],
  ['IPv6 loopback at length', { dns1: '0:0:0:0:0:0:0:1' }, ['dns1 17']],
  ['IPv4 loopback in IPv6', { dns1: '::ffff:127.0.0.1' }, ['dns1 17']],
])('%s', (_name, changes, issues) => {
  expect(found(changes)).toEqual(issues)
})

test('every issue comes at once, the one that wins first', () => {
  expect(found({ dns2: 'x', dns1: 'y', netmask: '255.0.255.0', gateway: '127.0.0.1', address: '' })).toEqual([
    'address 13',
    'gateway 17',
    'netmask 18',
    'dns1 15',
    'dns2 16',
  ])
  expect(found({ address: '', netmask: '', gateway: '', dns1: '', dns2: '' })).toEqual([
    'address 13',
    'gateway 14',
    'netmask 18',
    'dns1 15',
  ])
})

test('messages are whole sentences', () => {
  for (const { message } of verifyNetwork({
    ...DEFAULT_NETWORK,
    mode: 'static',
    address: '',
    netmask: '',
    gateway: 'x',
    dns1: '0.1.1.1',
    dns2: '::1',
  })) {
    expect(message).toMatch(/^[A-Z0-9:x].*[^.]\.$/)
    expect(message).not.toContain('{')
  }
})

test('values are kept in one form: trimmed, decimal (R-071)', () => {
  const wanted = {
    ...GOOD,
    address: ' 010.001.002.003',
    gateway: '10.1.2.01 ',
    netmask: '255.255.255.000',
    dns1: '194.055.176.002',
  }
  expect(verifyNetwork(wanted)).toEqual([])
  expect(normaliseNetwork(wanted, DEFAULT_NETWORK)).toEqual({ ...GOOD, dns1: '194.55.176.2' })
})

test('going to DHCP keeps the static values for the way back', () => {
  expect(normaliseNetwork({ ...DEFAULT_NETWORK, mode: 'dhcp' }, GOOD)).toEqual({ ...GOOD, mode: 'dhcp' })
})

/** A network of R-104 and two different machines in it, as numbers. */
const network = fc
  .record({ prefix: fc.integer({ min: 1, max: 30 }), bits: fc.nat(2 ** 32 - 1), a: fc.nat(), b: fc.nat() })
  .map(({ prefix, bits, a, b }) => {
    const size = 2 ** (32 - prefix)
    const base = Math.floor(bits / size) * size
    const hosts = size - 2
    const first = a % hosts
    return {
      prefix,
      base,
      size,
      address: base + 1 + first,
      gateway: base + 1 + ((first + 1 + (b % (hosts - 1))) % hosts),
    }
  })
const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
const padded = (text: string): string =>
  text
    .split('.')
    .map((octet) => octet.padStart(3, '0'))
    .join('.')
const canBeAMachine = (value: number): boolean => {
  const top = Math.floor(value / 2 ** 24)
  return top !== 0 && top !== 127 && top < 224
}
const mask = (prefix: number): string => dotted(2 ** 32 - 2 ** (32 - prefix))
const settings = (address: number, prefix: number, gateway: number): NetworkSettings => ({
  ...GOOD,
  address: dotted(address),
  netmask: mask(prefix),
  gateway: dotted(gateway),
  dns1: '192.0.2.1',
  dns2: '',
})

test('any two machines of any network of R-104 go together, zero-padded or not', () => {
  fc.assert(
    fc.property(network, ({ prefix, address, gateway }) => {
      fc.pre(canBeAMachine(address) && canBeAMachine(gateway))
      const wanted = settings(address, prefix, gateway)
      // The one DNS server of these settings may happen to be this appliance, or no machine of this network.
      const own = new Address4(`${wanted.address}/${prefix}`)
      const taken = [own, own.startAddress(), own.endAddress()].map((each) => each.correctForm())
      fc.pre(!taken.includes(wanted.dns1))
      expect(verifyNetwork(wanted)).toEqual([])
      expect(verifyNetwork({ ...wanted, address: padded(wanted.address), gateway: padded(wanted.gateway) })).toEqual([])
      expect(normaliseNetwork({ ...wanted, address: padded(wanted.address) }, DEFAULT_NETWORK)).toEqual(wanted)
    }),
    { numRuns: 1000, verbose: 1 },
  )
})

test('a gateway anywhere outside the network is 18', () => {
  fc.assert(
    fc.property(network, fc.nat(2 ** 32 - 1), ({ prefix, base, size, address }, elsewhere) => {
      fc.pre(canBeAMachine(address) && canBeAMachine(elsewhere))
      fc.pre(elsewhere < base || elsewhere >= base + size)
      expect(
        verifyNetwork(settings(address, prefix, elsewhere)).map(({ field, number }) => [field, number]),
      ).toContainEqual(['gateway', 18])
    }),
    { numRuns: 1000, verbose: 1 },
  )
})

test('the first and the last address of a network are 13 for the appliance and 14 for the gateway', () => {
  fc.assert(
    fc.property(network, fc.boolean(), ({ prefix, base, size, address, gateway }, isLast) => {
      const edge = isLast ? base + size - 1 : base
      fc.pre([edge, address, gateway].every(canBeAMachine))
      const numbers = (wanted: NetworkSettings): unknown[] =>
        verifyNetwork(wanted).map(({ field, number }) => [field, number])
      expect(numbers(settings(edge, prefix, gateway))).toContainEqual(['address', 13])
      expect(numbers(settings(address, prefix, edge))).toContainEqual(['gateway', 14])
    }),
    { numRuns: 1000, verbose: 1 },
  )
})

test('every netmask but the 30 of R-104 is 18', () => {
  const good = new Set(NETMASK_RING.map((entry) => entry.mask))
  fc.assert(
    fc.property(
      fc.oneof(
        fc.nat(2 ** 32 - 1),
        fc.integer({ min: 0, max: 32 }).map((prefix) => 2 ** 32 - 2 ** (32 - prefix)),
      ),
      (value) => {
        const netmask = dotted(value)
        const isRefused = found({ netmask }).includes('netmask 18')
        expect(isRefused).toBe(!good.has(netmask))
      },
    ),
    { numRuns: 1000, verbose: 1 },
  )
})

test('whatever is typed, verify answers and never throws; what it lets through is kept and good again', () => {
  const typed = fc.oneof(
    fc.string(),
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom('', '255.255.255.0', '10.0.0.1', '::1', '10.0.0.999'),
  )
  fc.assert(
    fc.property(typed, typed, typed, typed, typed, (address, netmask, gateway, dns1, dns2) => {
      const wanted: NetworkSettings = { ...DEFAULT_NETWORK, mode: 'static', address, netmask, gateway, dns1, dns2 }
      if (verifyNetwork(wanted).length > 0) return
      const kept = normaliseNetwork(wanted, DEFAULT_NETWORK)
      expect(verifyNetwork(kept)).toEqual([])
      expect(normaliseNetwork(kept, DEFAULT_NETWORK)).toEqual(kept)
    }),
    { numRuns: 1000, verbose: 1 },
  )
})
