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
  type DnsRecord,
} from '../emit/dns'
import { emitNetbiosQuery, emitNetbiosRegistration, NETBIOS_FILE_SERVER, NETBIOS_WORKSTATION } from '../emit/netbios'
import { group, takePort, type Machine } from '../machine'
import { UdpExchange } from '../mirror'
import { LLMNR, LLMNR_PORT, MDNS, MDNS6, MDNS_PORT, type StaffMachine } from '../premises'
import type { Random } from '../random'
import type { Clock, Scene } from '../timeline'
import type { Stage } from './stage'

/** Something a machine offers its neighbours (RFC 6763 section 4.1). */
export interface Service {
  /** Such as `_ipp._tcp.local`. */
  type: string
  port: number
  texts: string[]
}

/** mDNS announcements (RFC 6762 section 8.3) over both IP versions: the name, and what kind of device it is. */
export function* announceServices(stage: Stage, clock: Clock, machine: Machine, services: Service[]): Scene {
  const host = `${machine.name}.local`
  const message = emitDns({
    id: 0,
    flags: MDNS_ANSWER,
    questions: [],
    answers: [
      { name: host, type: TYPE_A, ttlSeconds: 120, data: machine.v4.address.bytes, isUnique: true },
      { name: host, type: TYPE_AAAA, ttlSeconds: 120, data: machine.local6.address.bytes, isUnique: true },
      ...services.flatMap((service) => serviceRecords(machine.name, host, service)),
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

export function announceStaffMachine(stage: Stage, clock: Clock, machine: StaffMachine): Scene {
  return announceServices(stage, clock, machine, [STAFF_SERVICES[machine.system.kind]])
}

function serviceRecords(name: string, host: string, service: Service): DnsRecord[] {
  const instance = `${name}.${service.type}`
  return [
    { name: service.type, type: TYPE_PTR, ttlSeconds: 4500, data: emitName(instance) },
    { name: instance, type: TYPE_SRV, ttlSeconds: 120, data: emitService(service.port, host), isUnique: true },
    { name: instance, type: TYPE_TXT, ttlSeconds: 4500, data: emitTexts(service.texts), isUnique: true },
  ]
}

/** A Windows machine claims its name in the old way too. */
export function* claimNetbiosName(stage: Stage, clock: Clock, random: Random, machine: Machine): Scene {
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

/** DNS does not know the name, so Windows asks everybody around. Nobody answers: the name is nobody's. */
export function* askEverybody(stage: Stage, clock: Clock, random: Random, machine: StaffMachine, name: string): Scene {
  const { speaks } = machine.system
  if (speaks.includes('llmnr')) yield* askLocally(stage, clock, random, machine, name)
  if (!speaks.includes('netbios')) return
  const everyone = group(machine.segment.broadcast)
  const exchange = new UdpExchange(stage.mirror, clock, machine.v4, 137, everyone, 137)
  const id = random.between(0, 0xffff)
  for (let times = 0; times < 3; times++) {
    yield exchange.fromClient(emitNetbiosQuery(id, name, NETBIOS_WORKSTATION))
    clock.wait(750_000)
  }
}

/** LLMNR (RFC 4795): nobody answers, which for one's own name is the wanted outcome. */
export function* askLocally(stage: Stage, clock: Clock, random: Random, machine: Machine, name: string): Scene {
  const exchange = new UdpExchange(stage.mirror, clock, machine.v4, takePort(machine), LLMNR, LLMNR_PORT)
  const question = emitDns({ id: random.between(0, 0xffff), flags: 0, questions: [{ name, type: TYPE_A }] })
  yield exchange.fromClient(question)
  clock.wait(410_000)
  yield exchange.fromClient(question)
}

/** What each kind of machine offers its neighbours (RFC 6763 section 7). */
const STAFF_SERVICES: Record<StaffMachine['system']['kind'], Service> = {
  windows: { type: '_workstation._tcp.local', port: 9, texts: [] },
  mac: { type: '_device-info._tcp.local', port: 0, texts: ['model=MacBookPro18,1', 'osxvers=23'] },
  linux: { type: '_workstation._tcp.local', port: 9, texts: [] },
  iphone: { type: '_rdlink._tcp.local', port: 49_152, texts: ['rpBA=5B:0E:6A:00:11:22', 'rpVr=560.1'] },
  android: { type: '_androidtvremote2._tcp.local', port: 6466, texts: ['bt=00:00:00:00:00:00'] },
}
