import { managementDevice, type NetworkSettings } from '../settings/network-settings'
import { prefixOfNetmask } from '../settings/netmasks'

/** What Ethernet has by itself (RFC 894). Written out, so that an MTU of before does not stay. */
export const ETHERNET_MTU = '1500'

const HEAD = '# Written by nps from network.ini; see nps-settings(5). What is changed here is lost.\n'

/**
 * The files of systemd-networkd (systemd.network(5), systemd.netdev(5)) for these verified settings, by their name
 * without a place in the order. On a VLAN the port itself carries nothing but the VLAN.
 */
export function generateNetworkd(port: string, settings: NetworkSettings): Map<string, string> {
  const device = managementDevice(port, settings)
  const files = new Map<string, string>()
  if (device !== port) {
    const { vlan } = settings
    files.set(
      `nps-${device}.netdev`,
      HEAD + section('NetDev', { Name: device, Kind: 'vlan' }) + section('VLAN', { Id: vlan }),
    )
    const bare = { VLAN: device, DHCP: 'no', LinkLocalAddressing: 'no', IPv6AcceptRA: 'no' }
    files.set(
      `nps-${port}.network`,
      HEAD + section('Match', { Name: port }) + link(settings) + section('Network', bare),
    )
  }
  files.set(`nps-${device}.network`, HEAD + section('Match', { Name: device }) + link(settings) + addressed(settings))
  return files
}

/**
 * The file that keeps systemd-networkd off this port and the VLANs that we name after it, also where a file of others
 * is for whatever port there is.
 */
export function generateHandsOff(port: string): Map<string, string> {
  const off = section('Match', { Name: `${port} ${port}.*` }) + section('Link', { Unmanaged: 'yes' })
  return new Map([[`nps-${port}.network`, HEAD + off]])
}

type Value = string | readonly string[] | undefined

/** Keys without a value are left out; several values are several lines. */
function section(name: string, values: Record<string, Value>): string {
  const lines = Object.entries(values).flatMap(([key, value]) =>
    (value === undefined ? [] : [value].flat()).filter((each) => each !== '').map((each) => `${key}=${each}`),
  )
  return lines.length === 0 ? '' : `\n[${name}]\n${lines.join('\n')}\n`
}

function link({ mtu }: NetworkSettings): string {
  return section('Link', { MTUBytes: mtu || ETHERNET_MTU })
}

function addressed(settings: NetworkSettings): string {
  const { mode, ipv6, hostname, ntp } = settings
  const isStatic = mode === 'static'
  const isStatic6 = ipv6 === 'static'
  const hasRouter6 = isStatic6 && settings.ipv6Gateway !== ''
  const clients = [...(isStatic ? [] : ['ipv4']), ...(ipv6 === 'dhcp' ? ['ipv6'] : [])]
  const ownTime = ntp === '' ? undefined : 'no'
  return [
    section('Network', {
      DHCP: clients.length === 2 ? 'yes' : (clients[0] ?? 'no'),
      LinkLocalAddressing: 'ipv6',
      IPv6AcceptRA: ipv6 === 'off' || hasRouter6 ? 'no' : 'yes',
      Address: [
        ...(isStatic ? [`${settings.address}/${prefixOfNetmask(settings.netmask)}`] : []),
        ...(isStatic6 ? [`${settings.ipv6Address}/${settings.ipv6Prefix}`] : []),
      ],
      Gateway: [...(isStatic ? [settings.gateway] : []), ...(isStatic6 ? [settings.ipv6Gateway] : [])],
      DNS: fixedDns(settings),
      NTP: ntp.split(' '),
    }),
    isStatic
      ? ''
      : section('DHCPv4', {
          // The MAC is what a network's administrator sees and reserves an address for.
          ClientIdentifier: 'mac',
          Hostname: hostname,
          UseHostname: 'no',
          UseMTU: 'no',
          UseNTP: ownTime,
        }),
    ipv6 === 'auto' || isStatic6
      ? section('IPv6AcceptRA', {
          ...(isStatic6 ? { DHCPv6Client: 'no', UseAutonomousPrefix: 'no', UseDNS: 'no' } : {}),
          UseMTU: 'no',
        })
      : '',
    // A router may send its network on to DHCPv6 for the rest (RFC 4861 section 4.2).
    ipv6 === 'auto' ? section('DHCPv6', { UseHostname: 'no', UseNTP: ownTime }) : '',
    ipv6 === 'dhcp'
      ? section('IPv6AcceptRA', { DHCPv6Client: 'always', UseAutonomousPrefix: 'no', UseMTU: 'no' }) +
        section('DHCPv6', { Hostname: hostname, UseHostname: 'no', UseNTP: ownTime, WithoutRA: 'solicit' })
      : '',
  ].join('')
}

/** The DNS servers that the settings name themselves. */
export function fixedDns({ mode, dns1, dns2, ipv6, ipv6Dns }: NetworkSettings): string[] {
  return [...(mode === 'static' ? [dns1, dns2] : []), ...(ipv6 === 'static' ? [ipv6Dns] : [])].filter(
    (server) => server !== '',
  )
}
