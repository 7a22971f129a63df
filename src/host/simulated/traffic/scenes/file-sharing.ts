import {
  emitMechanisms,
  emitNtlmAccepted,
  emitNtlmAuthenticate,
  emitNtlmChallenge,
  emitNtlmNegotiate,
  type NtlmSystem,
} from '../emit/ntlmssp'
import { SMB_PIECE_BYTES, SmbSession } from '../emit/smb2'
import { takePort, type Machine } from '../machine'
import type { StaffMachine } from '../premises'
import type { Random } from '../random'
import { TcpConnection } from '../tcp-connection'
import type { Clock, Scene } from '../timeline'
import { lookUp } from './name-lookup'
import type { Stage } from './stage'

const SMB_PORT = 445

/** Windows 10 22H2, Windows Server 2022, and what Samba says of itself. */
const WORKSTATION_BUILD = 19045
const SERVER_BUILD = 20348
const SAMBA_BUILD = 0

/** Now and then somebody opens or saves a document on the file server. */
export function* useFiles(stage: Stage, clock: Clock, random: Random, machine: StaffMachine): Scene {
  const { fileServer, domain } = stage.premises
  for (;;) {
    clock.waitSeconds(random.between(20, 400))
    if (clock.atMicros > stage.endMicros) return
    yield* lookUp(stage, clock, random, { machine }, `${fileServer.name}.${domain}`, { v4: fileServer.v4 })
    clock.wait(500)
    yield* shareSession(stage, clock, random, machine, fileServer, 'projects')
  }
}

/** A machine of the domain fetches its policies when it starts. */
export function fetchPolicies(stage: Stage, clock: Clock, random: Random, machine: StaffMachine): Scene {
  return shareSession(stage, clock, random, machine, stage.premises.domainController, 'sysvol')
}

/** Negotiate, log in with NTLM, connect to the share, read or write one file, leave. */
function* shareSession(
  stage: Stage,
  clock: Clock,
  random: Random,
  machine: StaffMachine,
  server: Machine,
  share: string,
): Scene {
  const { domain } = stage.premises
  const session = new SmbSession(random.bytes(96))
  const isDomainController = server === stage.premises.domainController
  const us: NtlmSystem = { computer: machine.name, domain: 'OFFICE', dnsDomain: domain, build: WORKSTATION_BUILD }
  const them: NtlmSystem = {
    ...us,
    computer: server.name.toUpperCase(),
    build: isDomainController ? SERVER_BUILD : SAMBA_BUILD,
  }
  const user = `user${machine.v4.address.bytes[3]}`
  const connection = new TcpConnection(stage.mirror, clock, random, machine.v4, takePort(machine), server.v4, SMB_PORT)

  yield* connection.open()
  yield* connection.fromClient(session.negotiateRequest())
  yield* connection.fromServer(session.negotiateResponse(emitMechanisms()))
  yield* connection.fromClient(session.setupRequest(emitNtlmNegotiate(us)))
  yield* connection.fromServer(session.setupResponse(emitNtlmChallenge(them, random.bytes(8)), false))
  yield* connection.fromClient(session.setupRequest(emitNtlmAuthenticate(us, them, user, random.bytes(64))))
  clock.wait(random.between(1_000, 9_000))
  yield* connection.fromServer(session.setupResponse(emitNtlmAccepted(), true))
  yield* connection.fromClient(session.treeRequest(`\\\\${server.name}.${domain}\\${share}`))
  yield* connection.fromServer(session.treeResponse())

  const fileBytes = Math.min(120_000, Math.round(2_000 / (1 - random.next()) ** 1.1))
  const writes = !isDomainController && random.chance(0.35)
  yield* connection.fromClient(session.openRequest(`${share}-${random.between(1, 99)}.dat`))
  yield* connection.fromServer(session.openResponse(writes ? 0 : fileBytes))
  for (let at = 0; at < fileBytes; at += SMB_PIECE_BYTES) {
    clock.wait(random.between(200, 4_000))
    const piece = random.noise(Math.min(SMB_PIECE_BYTES, fileBytes - at))
    yield* connection.fromClient(writes ? session.writeRequest(at, piece) : session.readRequest(at, piece.length))
    clock.wait(random.between(100, 2_000))
    yield* connection.fromServer(writes ? session.writeResponse(piece.length) : session.readResponse(piece))
  }
  yield* connection.fromClient(session.closeRequest())
  yield* connection.fromServer(session.closeResponse())
  yield* connection.rest(random.between(2_000_000, 12_000_000))
  yield* connection.fromClient(session.logoffRequest())
  yield* connection.fromServer(session.logoffResponse())
  yield* connection.close()
}
