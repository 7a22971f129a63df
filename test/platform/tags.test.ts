import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { normaliseTags, tagger } from '../../src/platform/tags'
import { fingerprinted, unfingerprinted } from '../report/a-machine'
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
  const { tags } = normaliseTags(
    [
      { name: 'all', network: '', ranges: [' * '] },
      { name: 'yard', network: 'Yard', ranges: ['*'] },
      { name: 'seven', network: '', ranges: ['10.1.1.1/30', '192.168.1.7'] },
      { name: 'six', network: '', ranges: ['2001:db8::/32'] },
    ],
    ['Yard'],
  )
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
    const text = 'cameras; Crane 1; 192.168.1.0/28\n\n  all of 2 ;Crane <2>; *\nhigh;; 192.168.1.20 10.0.0.0/8\n'
    expect((await post('/tags', { tags: text })).status).toBe(303)
    expect(await listed()).toEqual([
      'One 192.168.1.20 Crane 1 high',
      'One 192.168.1.7 Crane 1 cameras',
      'Two 192.168.1.20 Crane <2> all of 2,high',
      'Two 192.168.1.7 Crane <2> all of 2',
    ])
    expect(await listed('?network=Crane%201')).toHaveLength(2)
    expect(await listed('?network=Crane')).toEqual([])
    expect(await listed('?tag=cameras')).toEqual(['One 192.168.1.7 Crane 1 cameras'])
    expect(await listed('?tag=all%20of%202&search=.7')).toEqual(['Two 192.168.1.7 Crane <2> all of 2'])
    expect(await listed('?tag=high')).toHaveLength(2)
    expect(await listed('?tag=high&network=Crane%201')).toEqual(['One 192.168.1.20 Crane 1 high'])
    expect(await listed('?tag=nobody')).toEqual([])
    const gone = await see('/assets?tag=no%3Cbody')
    expect(gone).toContain('There is no tag no&lt;body, or not any more.')
    expect(gone).toMatch(/<option value="no&lt;body"\s+selected>/)
    expect(await see('/assets?tag=all%20of%202')).toMatch(/<option value="all of 2"\s+selected>/)
    expect((await see('/assets.csv?tag=cameras')).trim().split('\n')).toHaveLength(2)
    const page = await see('/assets')
    expect(page).toContain('all of 2, high')
    expect(page).toContain('Crane &lt;2&gt;')
    expect(page).not.toContain('<2>')
    expect(await see('/tags')).toContain(
      'cameras; Crane 1; 192.168.1.0/28\nall of 2; Crane &lt;2&gt;; *\nhigh; ; 192.168.1.20',
    )
    expect(await see('/assets.csv')).toContain('One,Crane 1,cameras,')
    expect(await see(`/sensors/${cranes[0]!.id}`)).toContain('value="Crane 1"')
    // What is told of a Network does not touch what is configured on the sensor.
    const { configuration } = (await nps.operate('GET', `/sensors/${cranes[0]!.id}`)).value
    expect(configuration).toMatchObject({ version: 1, groups: DEFAULT_ASSET_GROUPS })
  })

  test('they are dynamic, and stay over a restart', async () => {
    await nps.operate('PUT', '/tags', { tags: [{ name: 'one', network: 'Crane 1', ranges: ['*'] }] })
    expect((await listed('?address=192.168.1.7')).join()).toBe('One 192.168.1.7 Crane 1 one,Two 192.168.1.7 Crane <2> ')
    await nps.operate('PUT', `/sensors/${cranes[0]!.id}/network`, { network: '' })
    await nps.operate('PUT', `/sensors/${cranes[1]!.id}/network`, { network: 'Crane 1' })
    await nps.stop()
    await nps.start()
    expect((await listed('?address=192.168.1.7')).join()).toBe('One 192.168.1.7  ,Two 192.168.1.7 Crane 1 one')
  })

  test('a machine has those of its addresses, on its page too, which says why there are no clues', async () => {
    await nps.operate('PUT', '/tags', {
      tags: ['7', '8', '9'].map((end) => ({ name: `t${end}`, ranges: [`10.3.0.${end}`] })),
    })
    await nps.operate('PUT', `/sensors/${cranes[0]!.id}/network`, { network: 'Crane 1' })
    const told = { ...unfingerprinted('10.3.0.9'), addresses: ['10.3.0.7', '10.3.0.9'] }
    await nps.upload(newBatch({ flows: [], machines: [told] }), cranes[0]!.credential)
    const path = `/sensors/${cranes[0]!.id}/machines/10.3.0.9`
    const answer = { machine: told, network: 'Crane 1', tags: ['t7', 't9'] }
    expect((await nps.operate('GET', path)).value).toEqual(answer)
    const page = await see(path)
    for (const text of ['t7, t9', 'Crane 1', 'Clues are not told: no consent']) expect(page).toContain(text)
    expect(page).not.toContain('MADE OF')
    await nps.upload(newBatch({ flows: [], machines: [fingerprinted('10.3.0.9', 9)] }), cranes[0]!.credential)
    const clear = await see(path)
    expect([clear.includes('MADE OF'), clear.includes('Clues are not told')]).toEqual([true, false])
  })

  test('where nothing is found, the page says of what', async () => {
    expect(await see('/assets?search=no%3Cbody')).toContain('Nothing found for no&lt;body.')
    expect(await see('/assets?search=nobody&network=Crane%201')).toContain('Nothing found with these filters.')
  })

  test('what may be meant otherwise is said when it is saved (C-19)', async () => {
    const tags = [
      { name: 'wide', network: '', ranges: ['192.168.50.77/24'] },
      { name: 'late', network: 'Plant', ranges: ['*'] },
    ]
    const notes = [
      'wide: 192.168.50.77/24 is taken as 192.168.50.0/24, the network it lies in (256 addresses).',
      'late: no sensor is in the Network Plant, so the tag is on nothing until one is.',
    ]
    expect((await nps.operate('PUT', '/tags', { tags })).value).toEqual({
      tags: [{ ...tags[0], ranges: ['192.168.50.0/24'] }, tags[1]],
      notes,
    })
    await nps.operate('PUT', '/tags', { tags: [] })
    const saved = await post('/tags', { tags: 'wide;; 192.168.50.77/24\nlate; Plant; *' })
    expect(saved.status).toBe(200)
    for (const note of [...notes, 'Saved.', 'href="/assets"', 'wide; ; 192.168.50.0/24'])
      expect(saved.text).toContain(note)
    expect((await nps.operate('GET', '/tags')).value.tags).toHaveLength(2)
  })

  test('what cannot be used changes nothing', async () => {
    const before = (await nps.operate('GET', '/tags')).value
    const tag = (fields: object) => ({ name: 'x', network: '', ranges: ['*'], ...fields })
    for (const [tags, status] of [
      [[tag({ ranges: ['10.0.0.0/33'] })], 422],
      [[tag({ ranges: ['::ffff:10.0.0.1'] })], 422],
      [[tag({ ranges: [] })], 422],
      [[tag({ ranges: ['*', '10.0.0.0/8'] })], 422],
      [[tag({ name: 'x 10.0.0.0/8' })], 422],
      [[tag({ name: 'x,2001:db8::' })], 422],
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
    const typed = ['fine; ; *', '', 'x 10.0.0.0/8', '; Crane 1; *', 'y; Crane 1', `z; ${'n'.repeat(65)}; *`]
    const asked = await post('/tags', { tags: typed.join('\r\n') })
    expect(asked.status).toBe(422)
    for (const problem of ['line 4: the name is missing', 'line 6: the Network has more than 64 characters'])
      expect(asked.text).toContain(problem)
    const again = await post('/tags', { tags: [typed[0], '', typed[2], typed[4]].join('\n') })
    for (const problem of ['line 3: x 10.0.0.0/8: the name has the range', 'line 4: y: no ranges are given'])
      expect(again.text).toContain(problem)
    expect((await nps.operate('GET', '/tags')).value).toEqual(before)
    expect((await nps.operate('PUT', '/sensors/nobody/network', { network: 'x' })).status).toBe(404)
    expect((await post(`/sensors/${cranes[0]!.id}/network`, { network: 'n'.repeat(65) })).status).toBe(400)
  })
})
