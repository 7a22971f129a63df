import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { html } from 'hono/html'
import { Command } from '../link/messages'
import { NetworkRequest, NewSensorRequest } from './api'
import { assetCsvRow, CSV_HEADING } from './asset-row'
import { Refused, type Fleet } from './fleet'
import type { Operator } from './operator'
import { assetsPage } from './pages/assets-page'
import { typedGroups } from './pages/group-fields'
import { typedInventory } from './pages/inventory-fields'
import { notice, page } from './pages/layout'
import { loginPage } from './pages/login-page'
import { machinePage } from './pages/machine-page'
import { codePage, newSensorPage, statusFragment } from './pages/new-sensor-page'
import { sensorPage } from './pages/sensor-page'
import { sensorsPage } from './pages/sensors-page'
import { ICON, STYLE } from './pages/style'
import { atLine, tagIssues, tagsPage, tagsText, typedTags } from './pages/tags-page'
import { trafficPage } from './pages/traffic-page'
import { assetQuery, trafficQuery } from './queries'
import { normaliseGroups } from './ranges'
import { COUNT_LIMIT, type Store } from './store'
import { normaliseTags, Tags } from './tags'
import { trafficRow, trafficSummaryRow } from './traffic'

/** The operator's pages: plain HTML and forms, no script. */
export function pageRoutes(parts: { fleet: Fleet; store: Store; operator: Operator; now: () => number }): Hono {
  const { fleet, store, operator, now } = parts
  const routes = new Hono()
  routes.use(bodyLimit({ maxSize: 4 * 1024 * 1024, onError: (c) => c.text('The form is too large.', 413) }))

  routes.get('/style.css', (c) => c.body(STYLE, 200, { 'Content-Type': 'text/css' }))
  routes.get('/icon.svg', (c) => c.body(ICON, 200, { 'Content-Type': 'image/svg+xml' }))

  routes.get('/enter', (c) => {
    if (!operator.isKey(c.req.query('key') ?? '')) return c.html(loginPage(true), 401)
    operator.begin(c)
    return c.redirect('/', 303)
  })
  routes.get('/login', (c) => c.html(loginPage(false)))
  routes.post('/login', async (c) => {
    const { key } = await c.req.parseBody()
    if (typeof key !== 'string' || !operator.isKey(key.trim())) return c.html(loginPage(true), 401)
    operator.begin(c)
    return c.redirect('/', 303)
  })
  routes.post('/logout', (c) => {
    operator.end(c)
    return c.redirect('/login', 303)
  })

  routes.get('/', async (c) => c.html(sensorsPage(await fleet.sensors(), await fleet.assetTotals(), now())))

  routes.get('/sensors/new', (c) => c.html(newSensorPage([])))
  routes.post('/sensors/new', async (c) => {
    const { name, location, startSensing } = await c.req.parseBody()
    const wanted = NewSensorRequest.safeParse({ name, location, startSensing: startSensing === 'yes' })
    if (!wanted.success) {
      return c.html(newSensorPage(['The sensor needs a name; name and location have at most 128 characters.']), 400)
    }
    const shown = await fleet.addSensor(wanted.data)
    return c.html(codePage(await fleet.sensor(shown.sensorId), shown), 201)
  })

  routes.get('/sensors/:id', async (c) => c.html(sensorPage(await sensorOptions(c.req.param('id')))))
  routes.get('/sensors/:id/status', async (c) => c.html(statusFragment(await fleet.sensor(c.req.param('id')))))
  routes.post('/sensors/:id/codes', async (c) => {
    const id = c.req.param('id')
    const shown = await fleet.newCode(id)
    return c.html(codePage(await fleet.sensor(id), shown), 201)
  })
  routes.post('/sensors/:id/commands', async (c) => {
    const { command } = await c.req.parseBody()
    const wanted = Command.safeParse(command)
    if (!wanted.success) throw new Refused(400, 'there is no such command')
    await fleet.command(c.req.param('id'), wanted.data)
    return c.redirect(`/sensors/${c.req.param('id')}`, 303)
  })
  routes.post('/sensors/:id/network', async (c) => {
    const wanted = NetworkRequest.safeParse(await c.req.parseBody())
    if (!wanted.success) throw new Refused(400, 'the name of a Network has at most 64 characters, and no ;')
    await fleet.setNetwork(c.req.param('id'), wanted.data.network)
    return c.redirect(`/sensors/${c.req.param('id')}`, 303)
  })
  routes.post('/sensors/:id/purge', async (c) => {
    await fleet.purgeIgnored(c.req.param('id'))
    return c.redirect(`/sensors/${c.req.param('id')}`, 303)
  })
  routes.post('/sensors/:id/delete', async (c) => {
    await fleet.remove(c.req.param('id'))
    return c.redirect('/', 303)
  })
  routes.post('/sensors/:id/configuration', async (c) => {
    const id = c.req.param('id')
    const options = await sensorOptions(id)
    const fields = await c.req.parseBody()
    const typed = { groups: typedGroups(fields), inventory: typedInventory(fields) }
    const { groups, notes, issues } = normaliseGroups(typed.groups)
    if (issues.length > 0) {
      return c.html(sensorPage({ ...options, typed, problems: issues.map((issue) => issue.message) }), 422)
    }
    // C-19: what was meant is shown and asked about. Saving again what the form then holds is the answer.
    if (notes.length > 0) {
      const asked = ['Not saved yet. Please look at these and save again:', ...notes]
      return c.html(sensorPage({ ...options, typed: { ...typed, groups }, notes: asked }))
    }
    await fleet.configure(id, { ...typed, groups })
    return c.redirect(`/sensors/${id}`, 303)
  })

  routes.get('/traffic', async (c) => {
    const query = c.req.query()
    const wanted = trafficQuery(query)
    const sensors = await store.sensors()
    if ('problems' in wanted) {
      const none = { rows: [], summary: [], total: 0, page: { offset: 0, limit: 1 } }
      return c.html(trafficPage({ ...none, query, problems: wanted.problems, sensors }), 400)
    }
    const { rows, total } = await store.traffic(wanted.filter, wanted.page)
    const summary = (await store.trafficSummary(wanted.filter)).map(trafficSummaryRow)
    const listing = { rows: rows.map(trafficRow), total, page: wanted.page, query, problems: [], sensors }
    return c.html(trafficPage({ ...listing, summary }))
  })

  routes.get('/assets', async (c) => {
    const query = c.req.query()
    const wanted = assetQuery(query)
    const choices = { query, sensors: await store.sensors(), tags: await store.tags() }
    if ('problems' in wanted) {
      const none = { rows: [], total: 0, page: { offset: 0, limit: 1 } }
      return c.html(assetsPage({ ...none, ...choices, problems: wanted.problems }), 400)
    }
    const { rows, total } = await store.assets(wanted.filter, wanted.page)
    return c.html(assetsPage({ rows, total, ...choices, page: wanted.page, problems: [] }))
  })

  routes.get('/tags', async (c) => {
    return c.html(tagsPage({ text: tagsText(await store.tags()), networks: await fleet.networks() }))
  })
  routes.post('/tags', async (c) => {
    const fields = await c.req.parseBody()
    const text = typeof fields.tags === 'string' ? fields.tags : ''
    const networks = await fleet.networks()
    const wanted = Tags.safeParse(typedTags(text))
    const issues = wanted.success ? normaliseTags(wanted.data, networks).issues : tagIssues(wanted.error)
    if (!wanted.success || issues.length > 0)
      return c.html(tagsPage({ text, networks, problems: issues.map((issue) => atLine(text, issue)) }), 422)
    const { tags, notes } = await fleet.setTags(wanted.data)
    // They are in force, since nothing about them is wrong; but perhaps something else was meant (C-19).
    if (notes.length > 0) return c.html(tagsPage({ text: tagsText(tags), networks, notes }))
    return c.redirect('/assets', 303)
  })

  routes.get('/assets.csv', async (c) => {
    const wanted = assetQuery(c.req.query())
    if ('problems' in wanted) throw new Refused(400, wanted.problems.join('; '))
    const { rows } = await store.assets(wanted.filter, { offset: 0, limit: COUNT_LIMIT })
    const text = [CSV_HEADING, ...rows.map(assetCsvRow)].join('')
    return c.body(text, 200, { 'Content-Type': 'text/csv; charset=utf-8' })
  })

  routes.get('/sensors/:id/machines/:who', async (c) => {
    const sensor = await fleet.sensor(c.req.param('id'))
    const { machine, tags } = await fleet.machine(sensor.id, c.req.param('who'))
    const consent = (await fleet.configuration(sensor.id)).inventory?.fingerprints
    return c.html(machinePage(machine, { sensor, tags, isConsented: consent === true }))
  })

  routes.onError((error, c) => {
    if (!(error instanceof Refused)) throw error
    return c.html(failurePage(error.message), error.status)
  })

  async function sensorOptions(id: string) {
    const sensor = await fleet.sensor(id)
    const [configuration, commands] = [await fleet.configuration(id), await store.commands(id, 10)]
    return { sensor, configuration, commands, merged: await fleet.mergedByIgnored(id) }
  }
  return routes
}

/** What went wrong, on a page of its own. */
export function failurePage(message: string) {
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`
  return page(
    { title: 'Not done', tab: '/' },
    html`${notice('bad', [sentence])}
      <p><a href="/">Sensors</a></p>`,
  )
}

/** There is no such page, or no such part of the API. */
export function notFound(c: Context) {
  if (c.req.path.startsWith('/api/')) return c.json({ error: 'there is nothing at this address' }, 404)
  return c.html(failurePage('there is no such page'), 404)
}
