import { APPLE_TLS, CHROMIUM, FIREFOX, type TlsClient } from './tls-clients'
import { ANDROID, APPLE, LINUX, WINDOWS, type Stack } from './machine'

/** What people work with: all that one operating system gives away of itself on the wire. */
export interface System {
  kind: 'windows' | 'mac' | 'linux' | 'iphone' | 'android'
  stack: Stack
  /** Vendors of such machines, as the IEEE registered them. */
  ouis: readonly number[]
  /** `#` stands for a few letters and digits of the machine's own. */
  hostname: string
  vendorClass: string
  parameterRequestList: number[]
  userAgent: string
  tls: TlsClient
  speaks: readonly ('llmnr' | 'netbios' | 'mdns' | 'smb' | 'ssdp')[]
  /** The address it asks for when it wants to know whether it is online. */
  onlineCheck: { path: string; answer: string; host: string }
}

export const SYSTEMS: Record<System['kind'], System> = {
  windows: {
    kind: 'windows',
    stack: WINDOWS,
    ouis: [0x001422, 0xf8b156, 0x3c5282, 0x54e1ad],
    hostname: 'LAPTOP-#',
    vendorClass: 'MSFT 5.0',
    parameterRequestList: [1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252],
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    tls: CHROMIUM,
    speaks: ['llmnr', 'netbios', 'mdns', 'smb', 'ssdp'],
    onlineCheck: { path: '/connecttest.txt', answer: 'Connect Test', host: 'connecttest.example.com' },
  },
  mac: {
    kind: 'mac',
    stack: APPLE,
    ouis: [0xa45e60, 0xf01898, 0x3c22fb],
    hostname: 'macbook-#',
    vendorClass: '',
    parameterRequestList: [1, 121, 3, 6, 15, 108, 114, 119, 252, 95, 44, 46],
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15',
    tls: APPLE_TLS,
    speaks: ['mdns', 'smb'],
    onlineCheck: { path: '/hotspot-detect.html', answer: 'Success', host: 'captive.example.net' },
  },
  linux: {
    kind: 'linux',
    stack: LINUX,
    ouis: [0x001b21, 0x54e1ad],
    hostname: 'ws-#',
    vendorClass: '',
    parameterRequestList: [1, 2, 6, 12, 15, 26, 28, 121, 3, 33, 40, 41, 42, 119, 249, 252, 17],
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    tls: FIREFOX,
    speaks: ['mdns'],
    onlineCheck: { path: '/check_network_status.txt', answer: 'NetworkManager is online', host: 'online.example.org' },
  },
  iphone: {
    kind: 'iphone',
    stack: APPLE,
    ouis: [],
    hostname: 'iPhone-#',
    vendorClass: '',
    parameterRequestList: [1, 121, 3, 6, 15, 108, 114, 119, 252],
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1',
    tls: APPLE_TLS,
    speaks: ['mdns'],
    onlineCheck: { path: '/hotspot-detect.html', answer: 'Success', host: 'captive.example.net' },
  },
  android: {
    kind: 'android',
    stack: ANDROID,
    ouis: [],
    hostname: 'android-#',
    vendorClass: 'android-dhcp-14',
    parameterRequestList: [1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114, 108],
    userAgent:
      'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
    tls: CHROMIUM,
    speaks: ['mdns'],
    onlineCheck: { path: '/generate_204', answer: '', host: 'connectivity.example.org' },
  },
}

/** One machine in so many is of this kind. */
export const STAFF_MIX: readonly System['kind'][] = [
  'windows',
  'windows',
  'mac',
  'windows',
  'android',
  'windows',
  'linux',
  'iphone',
  'windows',
  'mac',
]
