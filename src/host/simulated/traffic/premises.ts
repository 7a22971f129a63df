import {
  EMBEDDED,
  group,
  interfaceId,
  ipv4,
  ipv6,
  LINUX,
  NETWORK_GEAR,
  vendorMac,
  WINDOWS,
  type Machine,
  type Party,
  type Segment,
  type Site,
  type Stack,
} from './machine'
import type { Random } from './random'
import { STAFF_MIX, SYSTEMS, type System } from './systems'

/** A machine somebody works with. */
export interface StaffMachine extends Machine {
  system: System
}

/**
 * A small company: an office (192.168.50.0/24, untagged), its servers and desk phones (10.20.0.0/24, VLAN 20), a
 * plant (10.30.0.0/24, VLAN 30), one router between them and the internet. With more than 150 people the office
 * grows into 192.168.0.0/16.
 */
export interface Premises {
  domain: string
  router: Machine
  /** The router's address in the segment of a machine. */
  gateway: { office: Party; servers: Party; localOffice6: Party }
  office: { segment: Segment; netmask: Buffer; prefix6: Buffer }
  plant: Segment

  switch: Machine
  accessPoint: Machine
  domainController: Machine
  printers: Machine[]
  camera: Machine
  staff: StaffMachine[]

  fileServer: Machine
  pbx: Machine
  monitor: Machine
  intranet: Machine
  deskPhones: Machine[]

  controllers: Machine[]
  operatorPanel: Machine
  engineering: Machine
  drive: Machine

  sites: Site[]
  /** The provider's name server. */
  resolver: Site
  timeServer: Site
  updates: Site
}

/** More would not fit into the office's addresses. */
export const MOST_STAFF = 20_000

export function buildPremises(staffCount: number, random: Random): Premises {
  const routerMac = vendorMac(0x4c5e0c, 0x10a001)
  const isLarge = staffCount > 150
  const office: Segment = {
    vlan: undefined,
    router: routerMac,
    broadcast: ipv4(isLarge ? '192.168.255.255' : '192.168.50.255'),
  }
  const servers: Segment = { vlan: 20, router: routerMac, broadcast: ipv4('10.20.0.255') }
  const plant: Segment = { vlan: 30, router: routerMac, broadcast: ipv4('10.30.0.255') }
  const prefixes = new Map([
    [office, Buffer.from('20010db800500000', 'hex')],
    [servers, Buffer.from('20010db800200000', 'hex')],
    [plant, Buffer.from('20010db800300000', 'hex')],
  ])

  const machine = (name: string, segment: Segment, address: string, mac: Buffer, stack: Stack): Machine => {
    const party = (of: ReturnType<typeof ipv4>): Party => ({
      address: of,
      mac,
      segment,
      stack,
      awayMicros: random.between(60, 220),
      hops: 0,
      lastId: random.between(0, 0xffff),
    })
    // Only the office speaks IPv6 to the world; its machines make up their interface part (RFC 8981).
    return {
      name,
      mac,
      segment,
      v4: party(ipv4(address)),
      local6: party(ipv6(Buffer.concat([LINK_LOCAL, interfaceId(mac)]))),
      v6: party(ipv6(Buffer.concat([prefixes.get(segment)!, random.bytes(8)]))),
      nextPort: random.between(49152, 65000),
    }
  }

  const router = machine('router-1', office, '192.168.50.1', routerMac, LINUX)

  const staff = Array.from({ length: staffCount }, (_, index): StaffMachine => {
    const system = SYSTEMS[STAFF_MIX[index % STAFF_MIX.length]!]
    const serial = random.between(0x100000, 0xfffff0)
    // Phones make up a MAC for each wireless network, with the bit for local administration set.
    const mac = system.ouis.length > 0 ? vendorMac(random.pick(system.ouis), serial) : randomMac(random)
    const number = 100 + index
    const address = isLarge ? `192.168.${51 + Math.floor(number / 250)}.${1 + (number % 250)}` : `192.168.50.${number}`
    const name = system.hostname.replace('#', suffix(system, index, random))
    return { ...machine(name, office, address, mac, system.stack), system }
  })

  return {
    domain: 'office.example',
    router,
    gateway: {
      office: router.v4,
      servers: machine('router-1', servers, '10.20.0.1', routerMac, LINUX).v4,
      localOffice6: router.local6,
    },
    office: {
      segment: office,
      netmask: Buffer.from(isLarge ? [255, 255, 0, 0] : [255, 255, 255, 0]),
      prefix6: Buffer.concat([prefixes.get(office)!, Buffer.alloc(8)]),
    },
    plant,

    switch: machine('switch-1', office, '192.168.50.2', vendorMac(0x001ef6, 0x2b4c01), NETWORK_GEAR),
    accessPoint: machine('ap-2f', office, '192.168.50.3', vendorMac(0xfcecda, 0x31c2d0), LINUX),
    domainController: machine('dc-01', office, '192.168.50.10', vendorMac(0x005056, 0x9a1010), WINDOWS),
    printers: [
      machine('printer-gf', office, '192.168.50.21', vendorMac(0x001e0b, 0x4410e2), EMBEDDED),
      machine('printer-2f', office, '192.168.50.22', vendorMac(0x008077, 0x71b3a8), EMBEDDED),
    ],
    camera: machine('camera-lobby', office, '192.168.50.30', vendorMac(0x00408c, 0xd1e20f), LINUX),
    staff,

    fileServer: machine('nas-01', servers, '10.20.0.10', vendorMac(0x001132, 0x5fa010), LINUX),
    pbx: machine('pbx-01', servers, '10.20.0.11', vendorMac(0x005056, 0x9a2011), LINUX),
    monitor: machine('monitor-01', servers, '10.20.0.12', vendorMac(0x005056, 0x9a2012), LINUX),
    intranet: machine('intranet-01', servers, '10.20.0.13', vendorMac(0x005056, 0x9a2013), LINUX),
    deskPhones: [1, 2, 3, 4].map((number) =>
      machine(`phone-${number}`, servers, `10.20.0.${40 + number}`, vendorMac(0x001565, 0x60a000 + number), LINUX),
    ),

    controllers: [1, 2].map((number) =>
      machine(`plc-${number}`, plant, `10.30.0.${9 + number}`, vendorMac(0x0080f4, 0x0c1100 + number), EMBEDDED),
    ),
    operatorPanel: machine('hmi-1', plant, '10.30.0.20', vendorMac(0x000e8c, 0xa01020), WINDOWS),
    engineering: machine('eng-1', plant, '10.30.0.21', vendorMac(0xf8b156, 0x30e021), WINDOWS),
    drive: machine('drive-1', plant, '10.30.0.30', vendorMac(0x0000bc, 0x3e1130), EMBEDDED),

    sites: SITE_NAMES.map((name, index) => site(name, index, routerMac, random)),
    resolver: site('resolver.example.net', 239, routerMac, random),
    timeServer: site('time.example.org', 240, routerMac, random),
    updates: site('updates.example.com', 241, routerMac, random),
  }
}

export const MDNS_PORT = 5353
export const MDNS = group(ipv4('224.0.0.251'), 255)
export const MDNS6 = group(ipv6(Buffer.from('ff0200000000000000000000000000fb', 'hex')), 255)
export const LLMNR_PORT = 5355
export const LLMNR = group(ipv4('224.0.0.252'), 1)
export const SSDP_PORT = 1900
export const SSDP = group(ipv4('239.255.255.250'), 2)
export const EVERYONE = group(ipv4('255.255.255.255'))
export const ALL_NODES6 = group(ipv6(Buffer.from('ff020000000000000000000000000001', 'hex')))
export const ALL_ROUTERS6 = group(ipv6(Buffer.from('ff020000000000000000000000000002', 'hex')))

const LINK_LOCAL = Buffer.from('fe80000000000000', 'hex')

const SITE_NAMES = [
  'www.example.com',
  'www.example.net',
  'www.example.org',
  'mail.example.com',
  'news.example.net',
  'cdn.example.net',
  'static.example.org',
  'video.example.com',
  'maps.example.org',
  'chat.example.com',
  'docs.example.net',
  'meet.example.org',
  'shop.example.com',
  'weather.example.net',
  'code.example.org',
  'api.example.com',
]

/** IPv4 from two of the documentation networks (RFC 5737), IPv6 from RFC 3849. */
function site(name: string, index: number, routerMac: Buffer, random: Random): Site {
  const party = (address: Party['address']): Party => ({
    address,
    mac: routerMac,
    segment: undefined,
    stack: LINUX,
    awayMicros: random.between(4_000, 40_000),
    hops: random.between(7, 15),
    lastId: random.between(0, 0xffff),
  })
  const network = index % 2 === 0 ? '198.51.100' : '203.0.113'
  const interfacePart = Buffer.from([0x20, 0x01, 0x0d, 0xb8, 0xff, index, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 + index])
  return { name, v4: party(ipv4(`${network}.${5 + index}`)), v6: party(ipv6(interfacePart)) }
}

function suffix(system: System, index: number, random: Random): string {
  if (system.kind !== 'windows') return String(index).padStart(2, '0')
  return Array.from({ length: 7 }, () => random.pick([...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'])).join('')
}

function randomMac(random: Random): Buffer {
  const mac = random.bytes(6)
  mac[0] = (mac[0]! & 0xfc) | 2
  return mac
}
