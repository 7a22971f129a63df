import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { BATCH_PATH, ENROL_PATH } from '../link/messages'
import { apiRoutes } from './api'
import type { Enrolment } from './enrolment'
import type { Fleet } from './fleet'
import type { Operator } from './operator'
import { sensorRoutes } from './sensor-routes'
import type { Store } from './store'
import type { Upload } from './upload'

export interface AppParts {
  store: Store
  enrolment: Enrolment
  upload: Upload
  fleet: Fleet
  operator: Operator
}

/** All HTTP routes of the platform. Whatever is not named open here needs the operator. */
export function buildApp(parts: AppParts): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(async (c, next) => {
    await next()
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('Cache-Control', 'no-store')
  })
  app.use(parts.operator.guard(isOpen))
  app.route('/', sensorRoutes(parts))
  app.route('/api/v1', apiRoutes(parts))
  return app
}

/** What is there for sensors, which bring their own proof, and for who is not logged in yet. */
export function isOpen(method: string, path: string): boolean {
  if (method === 'POST' && path === ENROL_PATH) return true
  if (method === 'PUT' && path.startsWith(`${BATCH_PATH}/`)) return true
  return ['/enter', '/login', '/style.css', '/icon.svg'].includes(path)
}
