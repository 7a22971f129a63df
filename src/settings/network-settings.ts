/** How the management port gets its address. Addresses are dotted decimal; empty means not set. */
export interface NetworkSettings {
  mode: 'dhcp' | 'static'
  address: string
  netmask: string
  gateway: string
  dns1: string
  /** Optional. */
  dns2: string
}

/** As shipped: DHCP. */
export const DEFAULT_NETWORK: NetworkSettings = {
  mode: 'dhcp',
  address: '',
  netmask: '',
  gateway: '',
  dns1: '',
  dns2: '',
}
