import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { normaliseTags, tagger } from '../../src/platform/tags'
import { newBatch, TestPlatform, type TestSensor } from './client'

test.each([
  ['Yard', '192.168.1.7', ['all', 'yard', 'seven']],
  ['Yard', '192.168.1.8', ['all', 'yard']],
  ['Yard', '192.168.2.7', ['all', 'yard']],
  ['', '192.168.1.7', ['all', 'seven']],
  ['', '192.168.1.16', ['all']],
  ['', '2001:db8::ffff', ['all', 'six']],
  ['', '2001:db9::', ['all']],
  ['', '::c0a8:107', ['all']],
  ['Yard', '00:1b:21:00:00:01', ['all', 'yard']],
])('in the Network "%s" %s has %j', (network, address, names) => {
  const { tags } = normaliseTags([
    { name: 'all', network: '', ranges: [] },
    { name: 'yard', network: 'Yard', ranges: [] },
    { name: 'seven', network: '', ranges: ['10.1.1.1/30', '192.168.1.7'] },
    { name: 'six', network: '', ranges: ['2001:db8::/32'] },
  ])
  expect(tagger(tags)(network, address)).toEqual(names)
})

describe('on the platform', () => {
  let nps: TestPlatform
  let cookie: string
  let cranes: TestSensor[]
  beforeAll(async () => {
    nps = await new TestPlatform().start()
    const { pathname, search } = new URL(nps.platform.enterUrl)
    const entered = await nps.ask('GET', pathname + search)
    cookie = String(entered.headers['set-cookie']).split(';')[0]!
    cranes = [await nps.newSensor('One'), await nps.newSensor('Two')]
    for (const [at, { credential }] of cranes.entries()) {
      const assets = ['192.168.1.7', '192.168.1.20'].map((address) => ({
        address,
        mac: '',
        firstMs: 1,
        lastMs: 9 - at,
      }))
      expect((await nps.upload(newBatch({ flows: [], assets }), credential)).status).toBe(201)
    }
  })
  afterAll(() => nps.end())

  const post = (path: string, fields: Record<string, string>) => {
    const body = new URLSearchParams(fields).toString()
    const headers = { cookie, origin: nps.platform.url, 'content-type': 'application/x-www-form-urlencoded' }
    return nps.ask('POST', path, { body, headers })
  }
  const see = async (path: string) => (await nps.ask('GET', path, { headers: { cookie } })).text
  const listed = async (query = '') =>
    (await nps.operate('GET', `/assets${query}`)).value.assets.map(
      ({ sensorName, address, network, tags }: Record<string, unknown>) =>
        `${sensorName} ${address} ${network} ${(tags as string[]).join()}`,
    )

  test('the same address in two Networks is two assets, each with the tags of its own (R-200, R-201)', async () => {
    expect((await nps.operate('PUT', `/sensors/${cranes[0]!.id}/network`, { network: ' Crane 1 ' })).status).toBe(200)
    expect((await post(`/sensors/${cranes[1]!.id}/network`, { network: 'Crane <2>' })).status).toBe(303)
    const text = 'cameras; Crane 1; 192.168.1.9/28\n\n  all of 2 ;Crane <2>\nhigh;; 192.168.1.20 10.0.0.0/8\n'
    expect((await post('/tags', { tags: text })).status).toBe(303)
    expect(await listed()).toEqual([
      'One 192.168.1.20 Crane 1 high',
      'One 192.168.1.7 Crane 1 cameras',
      'Two 192.168.1.20 Crane <2> all of 2,high',
      'Two 192.168.1.7 Crane <2> all of 2',
    ])
    expect(await listed('?network=Crane%201')).toHaveLength(2)
    expect(await listed('?network=Crane')).toEqual([])
    const page = await see('/assets')
    expect(page).toContain('all of 2, high')
    expect(page).toContain('Crane &lt;2&gt;')
    expect(page).not.toContain('<2>')
    expect(await see('/tags')).toContain(
      'cameras; Crane 1; 192.168.1.0/28\nall of 2; Crane &lt;2&gt;; \nhigh; ; 192.168.1.20',
    )
    expect(await see('/assets.csv')).toContain('One,Crane 1,cameras,')
    expect(await see(`/sensors/${cranes[0]!.id}`)).toContain('value="Crane 1"')
    // What is told of a Network does not touch what is configured on the sensor.
    const { configuration } = (await nps.operate('GET', `/sensors/${cranes[0]!.id}`)).value
    expect(configuration).toMatchObject({ version: 1, groups: DEFAULT_ASSET_GROUPS })
  })

  test('they are dynamic, and stay over a restart', async () => {
    await nps.operate('PUT', '/tags', { tags: [{ name: 'one', network: 'Crane 1' }] })
    expect((await listed('?address=192.168.1.7')).join()).toBe('One 192.168.1.7 Crane 1 one,Two 192.168.1.7 Crane <2> ')
    await nps.operate('PUT', `/sensors/${cranes[0]!.id}/network`, { network: '' })
    await nps.operate('PUT', `/sensors/${cranes[1]!.id}/network`, { network: 'Crane 1' })
    await nps.stop()
    await nps.start()
    expect((await listed('?address=192.168.1.7')).join()).toBe('One 192.168.1.7  ,Two 192.168.1.7 Crane 1 one')
  })

  test('what cannot be used changes nothing', async () => {
    const before = (await nps.operate('GET', '/tags')).value
    const tag = (fields: object) => ({ name: 'x', network: '', ranges: [], ...fields })
    for (const [tags, status] of [
      [[tag({ ranges: ['10.0.0.0/33'] })], 422],
      [[tag({}), tag({ network: 'other' })], 422],
      [[tag({ name: ' ' })], 400],
      [[tag({ network: 'n'.repeat(65) })], 400],
      [[tag({ name: 'a;b' })], 400],
      [[tag({ network: 'a\nb' })], 400],
      [Array.from({ length: 201 }, (_none, at) => tag({ name: `${at}` })), 400],
    ] as const)
      expect((await nps.operate('PUT', '/tags', { tags })).status).toBe(status)
    const refused = await post('/tags', { tags: 'x; ; 10.0.0.0/33 <b>' })
    expect([refused.status, refused.text.includes('&lt;b&gt;'), refused.text.includes('<b>')]).toEqual([
      422,
      true,
      false,
    ])
    expect((await post('/tags', { tags: '; Crane 1' })).status).toBe(422)
    expect((await nps.operate('GET', '/tags')).value).toEqual(before)
    expect((await nps.operate('PUT', '/sensors/nobody/network', { network: 'x' })).status).toBe(404)
    expect((await post(`/sensors/${cranes[0]!.id}/network`, { network: 'n'.repeat(65) })).status).toBe(400)
  })
})
