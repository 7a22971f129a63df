import { emitHttp } from '../emit/http'
import {
  emitApplicationData,
  emitChangeCipherSpec,
  emitClientHello,
  emitEncryptedHandshake,
  emitHandshakeRecord,
  emitServerHello,
} from '../emit/tls'
import { takePort, type Machine, type Party, type Site } from '../machine'
import type { StaffMachine } from '../premises'
import type { Random } from '../random'
import { TcpConnection } from '../tcp-connection'
import type { Clock, Scene } from '../timeline'
import { SCHANNEL, type TlsClient } from '../tls-clients'
import { lookUp } from './name-lookup'
import { visitOverQuic } from './quic-visit'
import type { Stage } from './stage'

/** A day at the browser: look at something, read for a while, look at the next thing. */
export function* browse(stage: Stage, clock: Clock, random: Random, machine: StaffMachine): Scene {
  const known = new Set<Site>()
  for (;;) {
    clock.waitSeconds(2 + 26 * random.next() ** 2)
    if (clock.atMicros > stage.endMicros) return
    const site = random.pick(stage.premises.sites)
    const over6 = random.chance(0.2)
    if (!known.has(site)) {
      yield* lookUp(stage, clock, random, { machine, over6 }, site.name, site)
      clock.wait(random.between(300, 3_000))
      known.add(site)
    }
    const [from, to] = over6 ? [machine.v6, site.v6] : [machine.v4, site.v4]
    const visit: Visit = { stage, clock, random, machine, from, to, serverName: site.name }
    const kind = random.next()
    if (kind < 0.12) yield* visitPlainly(visit)
    else if (kind < 0.3) yield* visitOverQuic(visit)
    else yield* visitSecurely({ ...visit, tls: machine.system.tls })
  }
}

export interface Visit {
  stage: Stage
  clock: Clock
  random: Random
  machine: Machine & Partial<StaffMachine>
  from: Party
  to: Party
  serverName: string
}

/** A page over plain HTTP. */
function* visitPlainly({ stage, clock, random, machine, from, to, serverName }: Visit): Scene {
  const connection = new TcpConnection(stage.mirror, clock, random, from, takePort(machine), to, 80)
  yield* connection.open()
  const body = pageOf(random.between(400, 9_000))
  yield* connection.fromClient(
    emitHttp(`GET /pages/${random.between(1, 999)}.html HTTP/1.1`, {
      Host: serverName,
      'User-Agent': machine.system?.userAgent ?? 'curl/8.5.0',
      Accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
      'Accept-Language': 'en',
      Connection: 'keep-alive',
    }),
  )
  clock.wait(random.between(500, 20_000))
  yield* connection.fromServer(
    emitHttp(
      'HTTP/1.1 200 OK',
      { Server: 'Apache/2.4.62 (Debian)', 'Content-Type': 'text/html', 'Content-Length': String(body.length) },
      body,
    ),
  )
  yield* connection.rest(random.between(100_000, 3_000_000))
  yield* connection.close()
}

/** A page over TLS: a handshake of 1.3 or a resumed one of 1.2, requests and answers nobody can read. */
export function* visitSecurely(visit: Visit & { tls: TlsClient; port?: number }): Scene {
  const { stage, clock, random, machine, from, to, serverName, tls, port = 443 } = visit
  const connection = new TcpConnection(stage.mirror, clock, random, from, takePort(machine), to, port)
  yield* connection.open()
  const entropy = random.bytes(97)
  const alpn = tls === SCHANNEL ? ['http/1.1'] : ['h2', 'http/1.1']
  yield* connection.fromClient(emitHandshakeRecord(emitClientHello(tls, { serverName, alpn, entropy })))
  clock.wait(random.between(300, 4_000))
  const sessionId = entropy.subarray(32, 64)
  if (tls === SCHANNEL) {
    const hello = emitHandshakeRecord(emitServerHello('1.2', 0xc030, random.bytes(96), sessionId))
    yield* connection.fromServer(
      Buffer.concat([hello, emitChangeCipherSpec(), emitEncryptedHandshake(random.noise(40))]),
    )
    yield* connection.fromClient(Buffer.concat([emitChangeCipherSpec(), emitEncryptedHandshake(random.noise(40))]))
  } else {
    const hello = emitHandshakeRecord(emitServerHello('1.3', 0x1301, random.bytes(96), sessionId))
    const certificate = emitApplicationData(random.noise(random.between(2_200, 4_000)))
    yield* connection.fromServer(Buffer.concat([hello, emitChangeCipherSpec(), certificate]))
    yield* connection.fromClient(Buffer.concat([emitChangeCipherSpec(), emitApplicationData(random.noise(53))]))
  }
  for (let requests = random.between(1, 4); requests > 0; requests--) {
    yield* connection.fromClient(emitApplicationData(random.noise(random.between(80, 700))))
    clock.wait(random.between(1_000, 60_000))
    yield* connection.fromServer(emitApplicationData(random.noise(answerBytes(random))))
    yield* connection.rest(random.between(20_000, 900_000))
  }
  if (random.chance(0.3)) yield* connection.abort()
  else yield* connection.close()
}

/** Most answers are small and a few are large, as everywhere. */
export function answerBytes(random: Random): number {
  return Math.min(90_000, Math.round(300 / (1 - random.next()) ** 0.9))
}

function pageOf(bytes: number): Buffer {
  const line = '<p>Nothing here is about anybody.</p>\n'
  return Buffer.from(`<!doctype html>\n<title>Example</title>\n${line.repeat(Math.ceil(bytes / line.length))}`)
}
