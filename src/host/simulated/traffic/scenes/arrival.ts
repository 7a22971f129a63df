import { emitArp } from '../emit/arp'
import { DHCP_ACK, emitDhcpReply, emitDhcpRequest, OFFER, type DhcpClient, type DhcpLease } from '../emit/dhcp'
import {
  emitDns,
  emitName,
  emitService,
  emitTexts,
  MDNS_ANSWER,
  TYPE_A,
  TYPE_AAAA,
  TYPE_PTR,
  TYPE_SRV,
  TYPE_TXT,
} from '../emit/dns'
import { emitHttp } from '../emit/http'
import { PROTOCOL_ICMPV6 } from '../emit/ip'
import {
  emitNeighbourSolicitation,
  emitRouterAdvertisement,
  emitRouterSolicitation,
  ND_HOP_LIMIT,
  sealIcmpv6,
  solicitedNodeGroup,
} from '../emit/neighbour-discovery'
import { emitNetbiosRegistration, NETBIOS_FILE_SERVER, NETBIOS_WORKSTATION } from '../emit/netbios'
import { group, ipv4, ipv6, LINUX, takePort, type Machine, type Party } from '../machine'
import { UdpExchange } from '../mirror'
import {
  ALL_NODES6,
  ALL_ROUTERS6,
  EVERYONE,
  LLMNR,
  LLMNR_PORT,
  MDNS,
  MDNS6,
  MDNS_PORT,
  type StaffMachine,
} from '../premises'
import type { Random } from '../random'
import { TcpConnection } from '../tcp-connection'
import type { Clock, Scene } from '../timeline'
import { lookUp } from './name-lookup'
import type { Stage } from './stage'

const BROADCAST_MAC = Buffer.alloc(6, 0xff)
const NO_MAC = Buffer.alloc(6)

/** Somebody opens a laptop: address, neighbours, name, and the question whether the internet is there. */
export function* arrive(stage: Stage, clock: Clock, random: Random, machine: StaffMachine): Scene {
  yield* takeLease(stage, clock, random, machine)
  yield* announceAddress(stage, clock, machine)
  yield* joinIpv6(stage, clock, machine)
  yield* findGateway(stage, clock, machine)
  const { system } = machine
  if (system.speaks.includes('netbios')) yield* claimNetbiosName(stage, clock, random, machine)
  if (system.speaks.includes('llmnr')) yield* askLocally(stage, clock, random, machine, machine.name.toLowerCase())
  if (system.speaks.includes('mdns')) yield* announceName(stage, clock, machine)
  yield* checkOnline(stage, clock, random, machine)
}

/** The four messages of RFC 2131 section 3.1. */
function* takeLease(stage: Stage, clock: Clock, random: Random, machine: StaffMachine): Scene {
  const { mirror, premises } = stage
  const { system } = machine
  const server = premises.domainController.v4
  const transaction = random.between(1, 0x7fffffff)
  const client: DhcpClient = {
    mac: machine.mac,
    hostname: machine.name,
    vendorClass: system.vendorClass,
    parameterRequestList: system.parameterRequestList,
    fullName: system.kind === 'windows' ? `${machine.name}.${premises.domain}` : '',
  }
  const lease: DhcpLease = {
    address: machine.v4.address.bytes,
    server: server.address.bytes,
    netmask: premises.office.netmask,
    router: premises.gateway.office.address.bytes,
    dns: server.address.bytes,
    domain: premises.domain,
    seconds: 28_800,
  }
  const nobody: Party = { ...machine.v4, address: ipv4('0.0.0.0'), stack: { ...LINUX, ttl: system.stack.ttl } }
  const asks = new UdpExchange(mirror, clock, nobody, 68, EVERYONE, 67)
  const answers = new UdpExchange(mirror, clock, server, 67, machine.v4, 68)
  yield asks.fromClient(emitDhcpRequest(transaction, client))
  clock.wait(1_500)
  yield answers.fromClient(emitDhcpReply(OFFER, transaction, client, lease))
  clock.wait(2_000)
  yield asks.fromClient(emitDhcpRequest(transaction, client, lease))
  clock.wait(1_200)
  yield answers.fromClient(emitDhcpReply(DHCP_ACK, transaction, client, lease))
}

/** Address conflict detection (RFC 5227): probes, then announcements. */
function* announceAddress(stage: Stage, clock: Clock, machine: Machine): Scene {
  const address = machine.v4.address.bytes
  for (const senderAddress of [Buffer.alloc(4), Buffer.alloc(4), address, address]) {
    clock.wait(180_000)
    const packet = { senderMac: machine.mac, senderAddress, targetMac: NO_MAC, targetAddress: address }
    yield stage.mirror.arp(
      clock,
      machine.segment,
      machine.mac,
      BROADCAST_MAC,
      emitArp({ operation: 'request', ...packet }),
    )
  }
}

function* findGateway(stage: Stage, clock: Clock, machine: Machine): Scene {
  yield* findNeighbour(stage, clock, machine, stage.premises.gateway.office)
  yield* findNeighbour(stage, clock, machine, stage.premises.domainController.v4)
}

/** Ask for the MAC of a neighbour and be told. */
export function* findNeighbour(stage: Stage, clock: Clock, machine: Machine, neighbour: Party): Scene {
  const asker = { mac: machine.mac, address: machine.v4.address.bytes }
  const asked = { mac: neighbour.mac, address: neighbour.address.bytes }
  const request = emitArp({
    operation: 'request',
    senderMac: asker.mac,
    senderAddress: asker.address,
    targetMac: NO_MAC,
    targetAddress: asked.address,
  })
  const reply = emitArp({
    operation: 'reply',
    senderMac: asked.mac,
    senderAddress: asked.address,
    targetMac: asker.mac,
    targetAddress: asker.address,
  })
  yield stage.mirror.arp(clock, machine.segment, asker.mac, BROADCAST_MAC, request)
  clock.wait(2 * neighbour.awayMicros)
  yield stage.mirror.arp(clock, machine.segment, asked.mac, asker.mac, reply)
}

/** Duplicate address detection for both addresses, and the router's prefix (RFC 4861, RFC 4862). */
function* joinIpv6(stage: Stage, clock: Clock, machine: Machine): Scene {
  const { mirror, premises } = stage
  const unspecified: Party = { ...machine.local6, address: ipv6(Buffer.alloc(16)) }
  const say = (from: Party, to: Party, message: Buffer) =>
    mirror.ip(clock, from, to, PROTOCOL_ICMPV6, sealIcmpv6(message, from.address.bytes, to.address.bytes), ND_HOP_LIMIT)
  const probe = (target: Buffer) => {
    const to = group(ipv6(solicitedNodeGroup(target)))
    return say(unspecified, to, emitNeighbourSolicitation(target))
  }
  yield probe(machine.local6.address.bytes)
  clock.wait(1_000_000)
  yield say(machine.local6, ALL_ROUTERS6, emitRouterSolicitation(machine.mac))
  clock.wait(30_000)
  const router = {
    mac: premises.router.mac,
    prefix: premises.office.prefix6,
    dns: premises.domainController.v6.address.bytes,
  }
  yield say(premises.gateway.localOffice6, ALL_NODES6, emitRouterAdvertisement(router))
  clock.wait(60_000)
  yield probe(machine.v6.address.bytes)
}

function* claimNetbiosName(stage: Stage, clock: Clock, random: Random, machine: Machine): Scene {
  const everyone = group(machine.segment.broadcast)
  const exchange = new UdpExchange(stage.mirror, clock, machine.v4, 137, everyone, 137)
  for (const kind of [NETBIOS_WORKSTATION, NETBIOS_FILE_SERVER]) {
    const id = random.between(0, 0xffff)
    for (let times = 0; times < 3; times++) {
      yield exchange.fromClient(emitNetbiosRegistration(id, machine.name, kind, machine.v4.address.bytes))
      clock.wait(250_000)
    }
  }
}

/** LLMNR (RFC 4795): nobody answers, which for one's own name is the wanted outcome. */
function* askLocally(stage: Stage, clock: Clock, random: Random, machine: Machine, name: string): Scene {
  const exchange = new UdpExchange(stage.mirror, clock, machine.v4, takePort(machine), LLMNR, LLMNR_PORT)
  const question = emitDns({ id: random.between(0, 0xffff), flags: 0, questions: [{ name, type: TYPE_A }] })
  yield exchange.fromClient(question)
  clock.wait(410_000)
  yield exchange.fromClient(question)
}

/** mDNS announcements (RFC 6762 section 8.3) over both IP versions, with what kind of device it is. */
function* announceName(stage: Stage, clock: Clock, machine: StaffMachine): Scene {
  const host = `${machine.name}.local`
  const service = SERVICES[machine.system.kind]
  const instance = `${machine.name}.${service.type}`
  const message = emitDns({
    id: 0,
    flags: MDNS_ANSWER,
    questions: [],
    answers: [
      { name: host, type: TYPE_A, ttlSeconds: 120, data: machine.v4.address.bytes, isUnique: true },
      { name: host, type: TYPE_AAAA, ttlSeconds: 120, data: machine.local6.address.bytes, isUnique: true },
      { name: service.type, type: TYPE_PTR, ttlSeconds: 4500, data: emitName(instance) },
      { name: instance, type: TYPE_SRV, ttlSeconds: 120, data: emitService(service.port, host), isUnique: true },
      { name: instance, type: TYPE_TXT, ttlSeconds: 4500, data: emitTexts(service.texts), isUnique: true },
    ],
  })
  const over4 = new UdpExchange(stage.mirror, clock, machine.v4, MDNS_PORT, MDNS, MDNS_PORT)
  const over6 = new UdpExchange(stage.mirror, clock, machine.local6, MDNS_PORT, MDNS6, MDNS_PORT)
  for (let times = 0; times < 2; times++) {
    yield over4.fromClient(message)
    clock.wait(300)
    yield over6.fromClient(message)
    clock.wait(1_000_000)
  }
}

/** What each kind of machine offers its neighbours (RFC 6763 section 7). */
const SERVICES: Record<StaffMachine['system']['kind'], { type: string; port: number; texts: string[] }> = {
  windows: { type: '_workstation._tcp.local', port: 9, texts: [] },
  mac: { type: '_device-info._tcp.local', port: 0, texts: ['model=MacBookPro18,1', 'osxvers=23'] },
  linux: { type: '_workstation._tcp.local', port: 9, texts: [] },
  iphone: { type: '_rdlink._tcp.local', port: 49_152, texts: ['rpBA=5B:0E:6A:00:11:22', 'rpVr=560.1'] },
  android: { type: '_androidtvremote2._tcp.local', port: 6466, texts: ['bt=00:00:00:00:00:00'] },
}

/** Each system fetches one small page over plain HTTP to see whether a login page is in the way. */
function* checkOnline(stage: Stage, clock: Clock, random: Random, machine: StaffMachine): Scene {
  const { mirror, premises } = stage
  const { onlineCheck, userAgent } = machine.system
  const site = premises.updates
  clock.wait(300_000)
  yield* lookUp(stage, clock, random, { machine }, onlineCheck.host, site)
  clock.wait(2_000)
  const connection = new TcpConnection(mirror, clock, random, machine.v4, takePort(machine), site.v4, 80)
  yield* connection.open()
  yield* connection.fromClient(
    emitHttp(`GET ${onlineCheck.path} HTTP/1.1`, {
      Host: onlineCheck.host,
      'User-Agent': userAgent,
      Accept: '*/*',
      Connection: 'close',
    }),
  )
  const body = Buffer.from(onlineCheck.answer)
  const status = body.length > 0 ? 'HTTP/1.1 200 OK' : 'HTTP/1.1 204 No Content'
  const length: Record<string, string> = body.length > 0 ? { 'Content-Length': String(body.length) } : {}
  yield* connection.fromServer(
    emitHttp(status, { Server: 'nginx', 'Content-Type': 'text/plain', ...length, Connection: 'close' }, body),
  )
  yield* connection.close()
}
