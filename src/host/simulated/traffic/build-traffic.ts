import type { Frame } from './frame'
import { Mirror, type ExpectedFlow } from './mirror'
import { buildPremises, MOST_STAFF } from './premises'
import { Random } from './random'
import { offerServices, sayWhereCablesGo, searchDevices } from './scenes/announcements'
import { arrive } from './scenes/arrival'
import { browse } from './scenes/browsing'
import { runErrands } from './scenes/errands'
import { fetchPolicies, useFiles } from './scenes/file-sharing'
import { administer, keepTime, log, ping, watchDevices } from './scenes/housekeeping'
import { poll, survey } from './scenes/plant'
import { runPrinter } from './scenes/printing'
import { telephone } from './scenes/telephony'
import type { Stage } from './scenes/stage'
import { Clock, inTimeOrder, type Scene } from './timeline'

/** A Monday morning, 08:55 UTC. */
const START_MICROS = Date.UTC(2025, 2, 3, 8, 55) * 1000

export interface TrafficSettings {
  /** The same seed gives the same bytes, on every machine. */
  seed: number
  /** How long something new begins; what has begun then comes to its end. */
  minutes: number
  /** Machines people work with, 1 to 20,000. The rest of the company stays as it is. */
  hosts?: number
}

/** Made traffic: its frames, once, and what a perfect sensor would report of them. */
export interface Traffic {
  /** In time order. They are made while they are read, so a capture may be larger than memory. */
  frames: Iterable<Frame>
  /** Complete once all frames were taken. */
  expectedFlows(): ExpectedFlow[]
}

export const DEFAULT_HOSTS = 24

/** Build what the mirror port of a small office with a plant would show. Throws RangeError for impossible settings. */
export function buildTraffic({ seed, minutes, hosts = DEFAULT_HOSTS }: TrafficSettings): Traffic {
  if (!(minutes > 0)) throw new RangeError('The traffic must last longer than 0 minutes.')
  if (!(Number.isInteger(hosts) && hosts >= 1 && hosts <= MOST_STAFF)) {
    throw new RangeError(`The number of machines must be 1 to ${MOST_STAFF}.`)
  }
  const random = new Random(seed)
  const mirror = new Mirror()
  const stage: Stage = {
    mirror,
    premises: buildPremises(hosts, random.fork('premises')),
    startMicros: START_MICROS,
    endMicros: START_MICROS + minutes * 60e6,
  }
  return { frames: inTimeOrder(scenes(stage, random)), expectedFlows: () => mirror.expectedFlows }
}

/** A scene waiting for its clock and its own random numbers. */
type Play = (clock: Clock, random: Random) => Scene

/** Everybody's part. */
function scenes(stage: Stage, random: Random): Scene[] {
  const all: Scene[] = []
  const add = (label: string, atSeconds: number, play: Play): void => {
    all.push(play(new Clock(stage.startMicros + Math.round(atSeconds * 1e6)), random.fork(label)))
  }
  addOffice(stage, random, add)
  addServers(stage, add)
  addPlant(stage, add)
  return all
}

type Add = (label: string, atSeconds: number, play: Play) => void

function addOffice(stage: Stage, random: Random, add: Add): void {
  const { premises, startMicros, endMicros } = stage
  const seconds = (endMicros - startMicros) / 1e6
  premises.staff.forEach((machine, index) => {
    const { kind, speaks } = machine.system
    // Most are there within a minute, so that a short look shows a lively network.
    const own = random.fork(`day ${index}`)
    const atSeconds = own.next() * (own.chance(0.7) ? Math.min(60, seconds / 3) : seconds * 0.7)
    const settledSeconds = atSeconds + 8
    add(`browse ${index}`, atSeconds, function* (clock, stream) {
      yield* arrive(stage, clock, stream, machine)
      if (kind === 'windows') yield* fetchPolicies(stage, clock, stream, machine)
      yield* browse(stage, clock, stream, machine)
    })
    add(`errands ${index}`, settledSeconds, (clock, stream) => runErrands(stage, clock, stream, machine))
    const server = kind === 'windows' ? premises.domainController.v4 : premises.timeServer.v4
    add(`time ${index}`, settledSeconds, (clock, stream) => keepTime(stage, clock, stream, machine, server))
    if (speaks.includes('smb')) {
      add(`files ${index}`, settledSeconds, (clock, stream) => useFiles(stage, clock, stream, machine))
    }
    if (speaks.includes('ssdp') && own.chance(0.3)) {
      add(`ssdp ${index}`, settledSeconds, (clock, stream) => searchDevices(stage, clock, stream, machine))
    }
  })
  premises.printers.forEach((printer, index) =>
    add(`printer ${index}`, 2 + index, (clock, stream) => runPrinter(stage, clock, stream, printer)),
  )
  add('lldp', 1, (clock) => sayWhereCablesGo(stage, clock))
  add('services', 3, (clock) => offerServices(stage, clock))
}

function addServers(stage: Stage, add: Add): void {
  const { premises } = stage
  const [one, two, three, four] = premises.deskPhones
  add('call 1', 4, (clock, random) => telephone(stage, clock, random, one!, two!))
  add('call 2', 90, (clock, random) => telephone(stage, clock, random, three!, four!))
  add('snmp', 7, (clock, random) => watchDevices(stage, clock, random))
  add('ping', 1, (clock, random) => ping(stage, clock, random))
  add('ssh', 33, (clock, random) => administer(stage, clock, random, premises.monitor, premises.intranet))
  add('router log', 5, (clock, random) => log(stage, clock, random, premises.router, ROUTER_LOG))
  add('switch log', 6, (clock, random) => log(stage, clock, random, premises.switch, SWITCH_LOG))
  for (const machine of [premises.domainController, premises.fileServer, premises.pbx]) {
    add(`time ${machine.name}`, 12, (clock, random) => keepTime(stage, clock, random, machine, premises.timeServer.v4))
  }
}

function addPlant(stage: Stage, add: Add): void {
  const { premises } = stage
  premises.controllers.forEach((controller, index) =>
    add(`poll ${index}`, 0.5 + index * 0.3, (clock, random) => poll(stage, clock, random, controller, index === 0)),
  )
  add('survey', 20, (clock, random) => survey(stage, clock, random))
}

const ROUTER_LOG = [
  'dhcp-relay: forwarded request for office',
  'firewall: drop in:wan out:(none) proto TCP 198.51.100.77:40122->203.0.113.1:23',
  'system: configuration saved',
]

const SWITCH_LOG = [
  '%LINK-3-UPDOWN: Interface GigabitEthernet0/7, changed state to up',
  '%LINK-3-UPDOWN: Interface GigabitEthernet0/7, changed state to down',
  '%SYS-5-CONFIG_I: Configured from console',
]
