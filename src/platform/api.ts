import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { Command, Configuration } from '../link/messages'
import { Refused, type Fleet } from './fleet'
import { assetQuery, trafficQuery } from './queries'
import type { Store } from './store'
import { NetworkName, Tags } from './tags'
import { trafficRow, trafficSummaryRow } from './traffic'

/** What a new sensor is called and where it stands; R-148: not sensing at once unless asked for. */
export const NewSensorRequest = z.object({
  name: z.string().trim().min(1).max(128),
  location: z.string().trim().max(128).default(''),
  startSensing: z.boolean().default(false),
})

const ConfigurationRequest = Configuration.pick({ groups: true, inventory: true })
/** The Network that a sensor is in. */
export const NetworkRequest = z.object({ network: NetworkName })
const TagsRequest = z.object({ tags: Tags })
const CommandRequest = z.object({ command: Command })

/** The operator's JSON API, everything under /api/v1. Failures answer `{ error, issues? }`. */
export function apiRoutes(parts: { fleet: Fleet; store: Store }): Hono {
  const { fleet, store } = parts
  const routes = new Hono()
  // 10,000 ranges of 64 characters, as link/messages.ts allows, and room to spare.
  routes.use(bodyLimit({ maxSize: 4 * 1024 * 1024, onError: (c) => c.json({ error: 'the body is too large' }, 413) }))

  routes.post('/codes', async (c) => c.json(await fleet.addSensor(await read(c, NewSensorRequest)), 201))

  routes.get('/sensors', async (c) => c.json({ sensors: await fleet.sensors(), ...(await fleet.assetTotals()) }))
  routes.get('/sensors/:id', async (c) => {
    const id = c.req.param('id')
    const sensor = await fleet.sensor(id)
    return c.json({ sensor, configuration: await fleet.configuration(id), commands: await store.commands(id, 20) })
  })
  routes.delete('/sensors/:id', async (c) => {
    await fleet.remove(c.req.param('id'))
    return c.json({})
  })
  routes.post('/sensors/:id/codes', async (c) => c.json(await fleet.newCode(c.req.param('id')), 201))
  routes.put('/sensors/:id/configuration', async (c) => {
    return c.json(await fleet.configure(c.req.param('id'), await read(c, ConfigurationRequest)))
  })
  routes.put('/sensors/:id/network', async (c) => {
    await fleet.setNetwork(c.req.param('id'), (await read(c, NetworkRequest)).network)
    return c.json({})
  })
  routes.get('/tags', async (c) => c.json({ tags: await store.tags() }))
  routes.put('/tags', async (c) => c.json(await fleet.setTags((await read(c, TagsRequest)).tags)))
  routes.post('/sensors/:id/purge', async (c) => c.json({ purged: await fleet.purgeIgnored(c.req.param('id')) }))
  routes.post('/sensors/:id/commands', async (c) => {
    const { command } = await read(c, CommandRequest)
    return c.json({ id: await fleet.command(c.req.param('id'), command) }, 202)
  })

  routes.get('/flows', async (c) => {
    const query = trafficQuery(c.req.query())
    if ('problems' in query) throw new Refused(400, query.problems.join('; '))
    const { rows, total } = await store.traffic(query.filter, query.page)
    return c.json({ flows: rows.map(trafficRow), total, ...query.page })
  })
  routes.get('/flows/summary', async (c) => {
    const query = trafficQuery(c.req.query())
    if ('problems' in query) throw new Refused(400, query.problems.join('; '))
    return c.json({ summary: (await store.trafficSummary(query.filter)).map(trafficSummaryRow) })
  })
  routes.get('/assets', async (c) => {
    const query = assetQuery(c.req.query())
    if ('problems' in query) throw new Refused(400, query.problems.join('; '))
    const { rows, total } = await store.assets(query.filter, query.page)
    return c.json({ assets: rows, total, ...query.page })
  })

  routes.get('/sensors/:id/machines/:who', async (c) => {
    return c.json(await fleet.machine(c.req.param('id'), c.req.param('who')))
  })

  routes.onError((error, c) => {
    if (!(error instanceof Refused)) throw error
    return c.json({ error: error.message, ...(error.issues.length > 0 ? { issues: error.issues } : {}) }, error.status)
  })
  return routes
}

/** The body of a request, checked. */
async function read<Schema extends z.ZodType>(c: Context, schema: Schema): Promise<z.infer<Schema>> {
  const body: unknown = await c.req.json().catch(() => undefined)
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Refused(400, `the body is not understood: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? ''}`)
}
