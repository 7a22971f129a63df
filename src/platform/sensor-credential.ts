import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { SensorRecord, Store } from './store'

/** Who a connection's certificate says it is, or why it is not let in. */
export type Credential = { sensor: SensorRecord } | { status: 401 | 403; reason: string }

/**
 * The sensor at the other end of a TLS connection: its certificate is of our authority (TLS has verified that), is
 * the sensor's current one, and its sensor is still with us. Asked anew for each request, so that deregistration
 * acts at once, also on connections that are open.
 */
export async function sensorOf(request: IncomingMessage, store: Store): Promise<Credential> {
  const socket = request.socket
  if (!(socket instanceof TLSSocket) || !socket.authorized) {
    return { status: 401, reason: 'this needs the certificate of a registered sensor' }
  }
  const certificate = await store.certificate(socket.getPeerCertificate().fingerprint256)
  const sensor = certificate && (await store.sensor(certificate.sensorId))
  if (certificate === undefined || sensor === undefined) return { status: 403, reason: 'the sensor is not known here' }
  if (!certificate.isCurrent) return { status: 403, reason: 'the sensor has a newer certificate' }
  return { sensor }
}
