import fc from 'fast-check'
import { expectGolden } from '../form/golden'
import { generateIproute2 } from '../../src/network/generate-iproute2'
import { generateHandsOff, generateNetworkd } from '../../src/network/generate-networkd'
import { normaliseNetwork, verifyNetwork } from '../../src/network/verify-network'
import { DEFAULT_NETWORK, type NetworkSettings } from '../../src/settings/network-settings'

const STATIC: Partial<NetworkSettings> = {
  mode: 'static',
  address: '10.1.0.20',
  netmask: '255.255.252.0',
  gateway: '10.1.0.1',
  dns1: '10.1.0.2',
  dns2: '10.1.0.3',
}
const STATIC6: Partial<NetworkSettings> = {
  ipv6: 'static',
  ipv6Address: '2001:db8::20',
  ipv6Prefix: '64',
  ipv6Gateway: '2001:db8::1',
  ipv6Dns: '2001:db8::53',
}

const KINDS: Record<string, Partial<NetworkSettings>> = {
  dhcp: {},
  'dhcp-named': { hostname: 'sensor-3', ntp: 'ntp.example.com 10.0.0.1', mtu: '1400' },
  'dhcp-vlan': { vlan: '50' },
  static: STATIC,
  'static-vlan': { ...STATIC, vlan: '50', mtu: '9000' },
  'both-static': { ...STATIC, ...STATIC6 },
  'both-static-router-announced': { ...STATIC, ...STATIC6, ipv6Gateway: '' },
  'ipv6-auto': { ...STATIC, ipv6: 'auto' },
  'both-dhcp': { ipv6: 'dhcp' },
}

test.each(Object.entries(KINDS))('files for %s', (name, changes) => {
  const settings = { ...DEFAULT_NETWORK, ...changes }
  expect(verifyNetwork(settings)).toEqual([])
  expectGolden(`network/${name}.networkd.txt`, asText(generateNetworkd('eth0', settings)))
  // The script is the same for all but its last lines; one of them is enough to read.
  const files = generateIproute2('eth0', settings)
  if (name !== 'dhcp') files.delete('dhcp-event')
  expectGolden(`network/${name}.iproute2.txt`, asText(files))
})

test('the file that keeps systemd-networkd off a port', () => {
  expectGolden('network/hands-off.networkd.txt', asText(generateHandsOff('eth0')))
})

test('no value ends a line or begins a section', () => {
  const typed = fc.oneof(fc.string(), fc.ipV6(), fc.domain(), fc.constantFrom('a\n[Match]\nName=*', 'x; reboot', ''))
  fc.assert(
    fc.property(fc.record({ hostname: typed, ntp: typed, ipv6Address: typed, ipv6Dns: typed }), (changes) => {
      const wanted = { ...DEFAULT_NETWORK, ...STATIC, ...STATIC6, ipv6Gateway: '', ...changes }
      if (verifyNetwork(wanted).length > 0) return
      const settings = normaliseNetwork(wanted, DEFAULT_NETWORK)
      for (const text of generateNetworkd('eth0', settings).values()) {
        for (const line of text.split('\n')) expect(line).toMatch(/^(#.*|\[[A-Za-z0-9]+\]|[A-Za-z0-9]+=[!-~ ]+|)$/)
        expect(text.match(/^\[Match\]$/gm)).toHaveLength(1)
      }
      for (const line of (generateIproute2('eth0', settings).get('address.batch') ?? '').split('\n')) {
        expect(line).toMatch(/^((address|route) replace [0-9a-z.:/+ ]+)?$/)
      }
    }),
    { numRuns: 500, verbose: 1 },
  )
})

function asText(files: ReadonlyMap<string, string>): string {
  return [...files].map(([name, text]) => `== ${name}\n${text}`).join('')
}
