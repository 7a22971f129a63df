/** How the management port gets its IPv4 address. Addresses are dotted decimal; empty means not set. */
export interface Ipv4Settings {
  mode: 'dhcp' | 'static'
  address: string
  netmask: string
  gateway: string
  dns1: string
  /** Optional. */
  dns2: string
}

/** What stands behind the guide's form (R-088, G-10, G-11). Texts as people write them; empty means not set. */
export interface FurtherSettings {
  /** IPv6 beside IPv4: none but link-local, by router advertisement (RFC 4862), by DHCPv6 (RFC 8415), or static. */
  ipv6: 'off' | 'auto' | 'dhcp' | 'static'
  ipv6Address: string
  /** Length, 1 to 128. */
  ipv6Prefix: string
  /** Empty: the router that announces itself. */
  ipv6Gateway: string
  ipv6Dns: string
  /** VLAN ID (IEEE 802.1Q) of the management port's network; empty for untagged. */
  vlan: string
  /** Largest packet in bytes; empty for what the port has by itself. */
  mtu: string
  hostname: string
  /** Time servers with blanks between; empty for those of the machine and of DHCP (G-09). */
  ntp: string
}

/** All of the management port's. */
export type NetworkSettings = Ipv4Settings & FurtherSettings

/** As a face asks for them: what is not mentioned stays as it is. */
export type NetworkWanted = Ipv4Settings & Partial<FurtherSettings>

export const DEFAULT_FURTHER: FurtherSettings = {
  ipv6: 'off',
  ipv6Address: '',
  ipv6Prefix: '',
  ipv6Gateway: '',
  ipv6Dns: '',
  vlan: '',
  mtu: '',
  hostname: '',
  ntp: '',
}

/** As shipped: DHCP. */
export const DEFAULT_NETWORK: NetworkSettings = {
  mode: 'dhcp',
  address: '',
  netmask: '',
  gateway: '',
  dns1: '',
  dns2: '',
  ...DEFAULT_FURTHER,
}

/** The device that carries the address: the port, or its VLAN. */
export function managementDevice(port: string, { vlan }: Pick<NetworkSettings, 'vlan'>): string {
  return vlan === '' ? port : `${port}.${vlan}`
}
