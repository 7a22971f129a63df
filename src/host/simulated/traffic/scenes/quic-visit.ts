import { emitQuicInitial, emitQuicShort } from '../emit/quic'
import { emitClientHello, emitServerHello } from '../emit/tls'
import { takePort } from '../machine'
import { UdpExchange } from '../mirror'
import type { Scene } from '../timeline'
import { CHROMIUM } from '../tls-clients'
import { answerBytes, type Visit } from './browsing'

/** Initial source connection id, idle timeout and stream limits: enough for a server (RFC 9000 section 18.2). */
const TRANSPORT_PARAMETERS = Buffer.from('010480007530' + '0404809896800504800600000802406409024064' + '0f00', 'hex')
const FULL_DATAGRAM_BYTES = 1250

/** A page over HTTP/3: QUIC on UDP port 443. */
export function* visitOverQuic({ stage, clock, random, machine, from, to, serverName }: Visit): Scene {
  const exchange = new UdpExchange(stage.mirror, clock, from, takePort(machine), to, 443)
  const originalId = random.bytes(8)
  const serverId = random.bytes(8)
  const none = Buffer.alloc(0)
  const clientHello = emitClientHello(CHROMIUM, {
    serverName,
    alpn: ['h3'],
    entropy: random.bytes(97),
    quicParameters: TRANSPORT_PARAMETERS,
  })
  const serverHello = emitServerHello('1.3', 0x1301, random.bytes(96), none)
  yield exchange.fromClient(
    emitQuicInitial({
      side: 'client',
      originalId,
      destinationId: originalId,
      sourceId: none,
      handshake: clientHello,
    }),
  )
  exchange.awaitServer(1_000)
  yield exchange.fromServer(
    emitQuicInitial({ side: 'server', originalId, destinationId: none, sourceId: serverId, handshake: serverHello }),
  )
  for (let requests = random.between(1, 3); requests > 0; requests--) {
    clock.wait(random.between(2_000, 500_000))
    yield exchange.fromClient(emitQuicShort(serverId, random.noise(random.between(40, 400))))
    exchange.awaitServer(random.between(1_000, 30_000))
    const datagrams = Math.ceil(answerBytes(random) / FULL_DATAGRAM_BYTES)
    for (let sent = 1; sent <= datagrams; sent++) {
      yield exchange.fromServer(emitQuicShort(none, random.noise(sent < datagrams ? FULL_DATAGRAM_BYTES : 200)))
      clock.wait(15)
      // Every tenth datagram or so is acknowledged (RFC 9000 section 13.2).
      if (sent % 10 === 0) yield exchange.fromClient(emitQuicShort(serverId, random.noise(32)))
    }
  }
}
