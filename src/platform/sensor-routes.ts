import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { BATCH_PATH, BATCH_TYPE, ENROL_PATH, type Refusal } from '../link/messages'
import type { Enrolment } from './enrolment'
import { sensorOf } from './sensor-credential'
import type { Store } from './store'
import { MOST_PACKED_BYTES, type Upload } from './upload'

type Env = { Bindings: HttpBindings; Variables: { sensorId: string } }

/** The two things a sensor asks over plain HTTPS; the third, its session, is a WebSocket. */
export function sensorRoutes(parts: { store: Store; enrolment: Enrolment; upload: Upload }): Hono<Env> {
  const { store, enrolment, upload } = parts
  const routes = new Hono<Env>()
  const tooLarge = { refused: 'refused', reason: 'the body is too large' } satisfies Refusal

  routes.post(ENROL_PATH, bodyLimit({ maxSize: 32 * 1024, onError: (c) => c.json(tooLarge, 413) }), async (c) => {
    const body: unknown = await c.req.json().catch(() => undefined)
    const outcome = await enrolment.enrol(body, c.env.incoming.socket.remoteAddress ?? '')
    return c.json(outcome.body, outcome.status)
  })

  routes.put(
    `${BATCH_PATH}/:id`,
    // Before the body is read: strangers do not get to send us megabytes.
    async (c, next) => {
      const credential = await sensorOf(c.env.incoming, store)
      if ('status' in credential) {
        return c.json({ refused: 'refused', reason: credential.reason } satisfies Refusal, credential.status)
      }
      if (credential.sensor.registration !== 'Registered') {
        return c.json({ refused: 'refused', reason: 'the sensor is deregistered' } satisfies Refusal, 403)
      }
      c.set('sensorId', credential.sensor.id)
      if (!upload.enter()) {
        c.header('Retry-After', '10')
        return c.json({ refused: 'refused', reason: 'too many sensors upload at once' } satisfies Refusal, 503)
      }
      try {
        await next()
      } finally {
        upload.leave()
      }
    },
    bodyLimit({ maxSize: MOST_PACKED_BYTES, onError: (c) => c.json(tooLarge, 413) }),
    async (c) => {
      const body = Buffer.from(await c.req.arrayBuffer())
      const isJson = c.req.header('Content-Type') !== BATCH_TYPE
      const outcome = await upload.take(c.get('sensorId'), c.req.param('id'), body, isJson)
      if ('reason' in outcome) {
        return c.json({ refused: 'refused', reason: outcome.reason.slice(0, 500) } satisfies Refusal, outcome.status)
      }
      return c.json({}, outcome.status)
    },
  )
  return routes
}
