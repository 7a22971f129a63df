import { ANSWER, emitDns, NO_SUCH_NAME, QUERY, TYPE_A, TYPE_AAAA, type DnsRecord, type Question } from '../emit/dns'
import { takePort, type Machine, type Party } from '../machine'
import { UdpExchange } from '../mirror'
import type { Random } from '../random'
import type { Clock, Scene } from '../timeline'
import type { Stage } from './stage'

/** Who asks, and from which of its addresses. */
export interface Asker {
  machine: Machine
  /** Ask the server's IPv6 address. */
  over6?: boolean
}

/** Look a name up at the domain controller: A and AAAA, asked together. Undefined addresses: no such name. */
export function* lookUp(
  stage: Stage,
  clock: Clock,
  random: Random,
  { machine, over6 = false }: Asker,
  name: string,
  found: { v4: Party; v6?: Party } | undefined,
): Scene {
  const server = stage.premises.domainController
  const [from, to] = over6 ? [machine.v6, server.v6] : [machine.v4, server.v4]
  for (const type of [TYPE_A, TYPE_AAAA]) {
    const id = random.between(0, 0xffff)
    const exchange = new UdpExchange(stage.mirror, clock, from, takePort(machine), to, 53)
    const questions = [{ name, type }]
    yield exchange.fromClient(emitDns({ id, flags: QUERY, questions }))
    exchange.awaitServer(random.between(80, 600))
    const answers = found ? addressRecords(name, type, found) : []
    const isOutside = found?.v4.segment === undefined
    if (isOutside && random.chance(0.3)) yield* askOutside(stage, clock, random, questions, answers)
    yield exchange.fromServer(emitDns({ id, flags: found ? ANSWER : NO_SUCH_NAME, questions, answers }))
  }
}

/** What the domain controller does not remember it asks the provider's resolver for. */
function* askOutside(stage: Stage, clock: Clock, random: Random, questions: Question[], answers: DnsRecord[]): Scene {
  const { domainController, resolver } = stage.premises
  const exchange = new UdpExchange(
    stage.mirror,
    clock,
    domainController.v4,
    takePort(domainController),
    resolver.v4,
    53,
  )
  const id = random.between(0, 0xffff)
  yield exchange.fromClient(emitDns({ id, flags: QUERY, questions }))
  exchange.awaitServer()
  const flags = answers.length > 0 ? ANSWER : NO_SUCH_NAME
  yield exchange.fromServer(emitDns({ id, flags, questions, answers }))
  clock.wait(100)
}

function addressRecords(name: string, type: number, found: { v4: Party; v6?: Party }): DnsRecord[] {
  const party = type === TYPE_A ? found.v4 : found.v6
  return party ? [{ name, type, ttlSeconds: 300, data: party.address.bytes }] : []
}
