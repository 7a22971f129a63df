import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { BATCH_PATH, ENROL_PATH } from '../link/messages'
import { apiRoutes } from './api'
import type { Enrolment } from './enrolment'
import type { Fleet } from './fleet'
import type { Operator } from './operator'
import { notFound, pageRoutes } from './page-routes'
import { sensorRoutes } from './sensor-routes'
import type { Store } from './store'
import type { Upload } from './upload'

export interface AppParts {
  store: Store
  enrolment: Enrolment
  upload: Upload
  fleet: Fleet
  operator: Operator
  now: () => number
}

/** All HTTP routes of the platform. Whatever is not named open here needs the operator. */
export function buildApp(parts: AppParts): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(async (c, next) => {
    await next()
    // Names of the network end up on these pages. Should one ever get through unescaped, no script would run.
    c.header('Content-Security-Policy', CONTENT_SECURITY_POLICY)
    c.header('X-Content-Type-Options', 'nosniff')
    // The address of /enter holds the key. `no-referrer` would do as well, but then forms name no origin.
    c.header('Referrer-Policy', 'same-origin')
    c.header('Cache-Control', 'no-store')
  })
  app.use(parts.operator.guard(isOpen))
  app.route('/', sensorRoutes(parts))
  app.route('/api/v1', apiRoutes(parts))
  app.route('/', pageRoutes(parts))
  app.notFound(notFound)
  return app
}

const CONTENT_SECURITY_POLICY = [
  `default-src 'none'`,
  `style-src 'self'`,
  `img-src 'self'`,
  `frame-src 'self'`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'self'`,
].join('; ')

/** What is there for sensors, which bring their own proof, and for who is not logged in yet. */
export function isOpen(method: string, path: string): boolean {
  if (method === 'POST' && path === ENROL_PATH) return true
  if (method === 'PUT' && path.startsWith(`${BATCH_PATH}/`)) return true
  return ['/enter', '/login', '/style.css', '/icon.svg'].includes(path)
}
