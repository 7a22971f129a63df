import { emitHttp } from '../emit/http'
import { takePort, type Machine } from '../machine'
import type { StaffMachine } from '../premises'
import type { Random } from '../random'
import { TcpConnection } from '../tcp-connection'
import type { Clock, Scene } from '../timeline'
import { SCHANNEL } from '../tls-clients'
import { visitSecurely } from './browsing'
import { askEverybody } from './local-names'
import { lookUp } from './name-lookup'
import { findNeighbour, findNeighbour6 } from './neighbours'
import type { Stage } from './stage'

/** What a machine does by itself: remember its neighbours, look for updates, ask for a service that is not there. */
export function* runErrands(stage: Stage, clock: Clock, random: Random, machine: StaffMachine): Scene {
  const { premises } = stage
  for (;;) {
    clock.waitSeconds(random.between(45, 150))
    if (clock.atMicros > stage.endMicros) return
    yield* findNeighbour(stage, clock, machine, premises.gateway.office)
    yield* findNeighbour6(stage, clock, machine, premises.gateway.localOffice6)
    clock.waitSeconds(1)
    if (random.chance(0.25)) {
      yield* lookUp(stage, clock, random, { machine }, `wpad.${premises.domain}`, undefined)
      yield* askEverybody(stage, clock, random, machine, 'wpad')
    }
    const isWindows = machine.system.kind === 'windows'
    if (isWindows && random.chance(0.3)) yield* fetchUpdate(stage, clock, random, machine)
    if (random.chance(0.3)) yield* readIntranet(stage, clock, random, machine)
    if (random.chance(0.05)) yield* knock(stage, clock, random, machine, premises.intranet, 8080)
  }
}

/** A service of Windows itself: TLS 1.2. */
function* fetchUpdate(stage: Stage, clock: Clock, random: Random, machine: StaffMachine): Scene {
  const { updates } = stage.premises
  yield* lookUp(stage, clock, random, { machine }, updates.name, updates)
  const visit = { stage, clock, random, machine, from: machine.v4, to: updates.v4, serverName: updates.name }
  yield* visitSecurely({ ...visit, tls: SCHANNEL })
}

function* readIntranet(stage: Stage, clock: Clock, random: Random, machine: StaffMachine): Scene {
  const { intranet, domain } = stage.premises
  const name = `intranet.${domain}`
  yield* lookUp(stage, clock, random, { machine }, name, { v4: intranet.v4 })
  const connection = new TcpConnection(stage.mirror, clock, random, machine.v4, takePort(machine), intranet.v4, 80)
  yield* connection.open()
  yield* connection.fromClient(
    emitHttp('GET /lunch HTTP/1.1', { Host: name, 'User-Agent': machine.system.userAgent, Connection: 'close' }),
  )
  clock.wait(random.between(900, 12_000))
  const body = Buffer.from('<!doctype html>\n<title>Lunch</title>\n<p>Soup.</p>\n')
  yield* connection.fromServer(
    emitHttp(
      'HTTP/1.1 200 OK',
      {
        Server: 'nginx/1.22.1',
        'Content-Type': 'text/html',
        'Content-Length': String(body.length),
        Connection: 'close',
      },
      body,
    ),
  )
  yield* connection.close()
}

/** Nobody listens there. */
function* knock(stage: Stage, clock: Clock, random: Random, machine: Machine, at: Machine, port: number): Scene {
  const connection = new TcpConnection(stage.mirror, clock, random, machine.v4, takePort(machine), at.v4, port)
  yield* connection.refused()
}
