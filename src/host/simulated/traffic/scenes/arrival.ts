import { emitHttp } from '../emit/http'
import { takePort } from '../machine'
import type { StaffMachine } from '../premises'
import type { Random } from '../random'
import { TcpConnection } from '../tcp-connection'
import type { Clock, Scene } from '../timeline'
import { takeLease } from './lease'
import { announceStaffMachine, askLocally, claimNetbiosName } from './local-names'
import { lookUp } from './name-lookup'
import { announceAddress, findNeighbour, joinIpv6 } from './neighbours'
import type { Stage } from './stage'

/** Somebody opens a laptop: address, neighbours, name, and the question whether the internet is there. */
export function* arrive(stage: Stage, clock: Clock, random: Random, machine: StaffMachine): Scene {
  yield* takeLease(stage, clock, random, machine)
  yield* announceAddress(stage, clock, machine)
  yield* joinIpv6(stage, clock, machine)
  yield* findNeighbour(stage, clock, machine, stage.premises.gateway.office)
  yield* findNeighbour(stage, clock, machine, stage.premises.domainController.v4)
  const { system } = machine
  if (system.speaks.includes('netbios')) yield* claimNetbiosName(stage, clock, random, machine)
  if (system.speaks.includes('llmnr')) yield* askLocally(stage, clock, random, machine, machine.name.toLowerCase())
  if (system.speaks.includes('mdns')) yield* announceStaffMachine(stage, clock, machine)
  yield* checkOnline(stage, clock, random, machine)
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
