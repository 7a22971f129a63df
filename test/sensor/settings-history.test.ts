import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../until'
import { PROXY, STATIC, WholeSensor } from './whole-sensor'

let whole: WholeSensor

beforeEach(async () => {
  whole = await WholeSensor.start()
})

afterEach(() => whole.remove())

const { password, ...withoutPassword } = PROXY
const list = () => whole.ask('history.list', {})
const file = (): string => join(whole.places.state, 'history.json')
/** What each entry would change, as `label: now > then`. */
const changes = async (): Promise<string[][]> =>
  (await list()).map((entry) => entry.changes.map(({ label, now, then }) => `${label}: ${now} > ${then}`))

test('what was in force before is listed with what restoring it would change, and nothing else is', async () => {
  expect(await list()).toEqual([])
  await whole.ask('network.apply', STATIC)
  expect(await changes()).toEqual([
    [
      'DHCP/Static: Static IP > DHCP',
      'IP address: 192.168.50.77 > ',
      'Netmask: 255.255.255.0 > ',
      'Gateway: 192.168.50.1 > ',
      'DNS1: 192.168.50.1 > ',
    ],
  ])
  // Saved again unchanged, and refused: neither is a change.
  await whole.ask('network.apply', STATIC)
  await whole.refusal('network.apply', { ...STATIC, gateway: '10.0.0.1' })
  expect(await list()).toHaveLength(1)
  await whole.ask('network.apply', { ...STATIC, address: '192.168.50.78' })
  expect(await changes()).toContainEqual(['IP address: 192.168.50.78 > 192.168.50.77'])
  // As at the start again: the entry for that is without a difference and left out.
  await whole.ask('network.apply', { ...STATIC, mode: 'dhcp' })
  expect((await list()).map((entry) => entry.changes[0]?.then)).toEqual(['Static IP', 'Static IP'])
})

test('restoring puts it in force by the way of new values, and what it replaced can be restored in turn', async () => {
  await whole.ask('network.apply', STATIC)
  const [before] = await list()
  await whole.ask('history.restore', { id: before!.id })
  expect((await whole.status()).network).toMatchObject({ mode: 'dhcp', address: '192.168.50.20' })
  const [after] = await list()
  await whole.ask('history.restore', { id: after!.id })
  expect((await whole.status()).network).toMatchObject({ mode: 'static', address: '192.168.50.77' })
})

test('settings that cannot be reached any more are refused like new ones, and all is as it was', async () => {
  await whole.ask('network.apply', STATIC)
  await whole.ask('network.apply', { ...STATIC, mode: 'dhcp' })
  const [entry] = await list()
  // The gateway of then has left the network meanwhile.
  const kept = await readFile(file(), 'utf8')
  await whole.stop()
  await writeFile(file(), kept.replaceAll('192.168.50.77', '203.0.113.5').replaceAll('192.168.50.1"', '203.0.113.1"'))
  await whole.start()
  const before = await whole.files()
  expect(await whole.refusal('history.restore', { id: entry!.id })).toEqual(['25 gateway', '26 dns1'])
  expect((await whole.status()).network).toMatchObject({ mode: 'dhcp', address: '192.168.50.20' })
  const { 'state/errors.json': _, ...after } = await whole.files()
  expect(after).toEqual(before)
  expect(await whole.ask('errors', { limit: 1 })).toMatchObject([{ number: 25, during: 'Restore recent settings' }])
})

test('an id that is not there is refused', async () => {
  expect(await whole.refusal('history.restore', { id: 'nonsense' })).toEqual(['10 id'])
})

test('a proxy comes back with its password when that is in force still, and is refused otherwise', async () => {
  await whole.ask('proxy.apply', PROXY)
  await whole.ask('proxy.apply', { ...withoutPassword, port: 8080 })
  expect(await changes()).toEqual([
    ['Proxy Port: 8080 > 3128'],
    [
      'Proxy: on > off',
      'Proxy IP Address: proxy.example.com > ',
      'Proxy Port: 8080 > ',
      'Authentication: BasicAuth > ',
      'Proxy User: joe > ',
    ],
  ])
  await whole.ask('history.restore', { id: (await list())[0]!.id })
  expect(await whole.ask('proxy.show', {})).toMatchObject({ port: 3128, passwordIsSet: true })
  expect(whole.settings.proxy.password).toBe(password)

  await whole.ask('proxy.apply', { ...PROXY, host: 'other.example.com', password: 'another' })
  const before = await whole.ask('proxy.show', {})
  const outcome = await whole.control.ask('history.restore', { id: (await list())[0]!.id })
  expect(outcome).toMatchObject({
    ok: false,
    issues: [{ field: 'password', number: 21, message: expect.stringContaining('Proxy Configuration') }],
  })
  expect(await whole.ask('proxy.show', {})).toEqual(before)
  expect(whole.settings.proxy.password).toBe('another')
})

test('no password is in it, and it is for its owner alone', async () => {
  await whole.ask('proxy.apply', PROXY)
  await whole.ask('proxy.apply', { ...PROXY, host: 'other.example.com', password: 'another' })
  expect((await stat(file())).mode & 0o777).toBe(0o600)
  const text = await readFile(file(), 'utf8')
  expect(text).toContain(PROXY.host)
  for (const secret of [password, 'another', 'password']) expect(text).not.toContain(secret)
})

test('an edit by hand is a change too, also one made while the sensor was off', async () => {
  await whole.ask('network.apply', STATIC)
  const ini = join(whole.places.settings, 'network.ini')
  const edit = async (from: string, to: string): Promise<void> =>
    writeFile(ini, (await readFile(ini, 'utf8')).replace(from, to))
  await edit('192.168.50.77', '192.168.50.78')
  await until(async () => (await changes()).some(([first]) => first === 'IP address: 192.168.50.78 > 192.168.50.77'))
  await whole.stop()
  await edit('192.168.50.78', '192.168.50.79')
  await whole.start()
  expect(await changes()).toContainEqual(['IP address: 192.168.50.79 > 192.168.50.78'])
})

test('the last ten of both families are kept, each state once', async () => {
  for (let n = 10; n < 25; n++) await whole.ask('proxy.apply', { ...PROXY, auth: 'none', port: n })
  const ports = (await list()).map(({ changes: [first] }) => first?.then)
  expect(ports).toEqual(['23', '22', '21', '20', '19', '18', '17', '16', '15', '14'])
  await whole.ask('proxy.apply', { ...PROXY, auth: 'none', port: 20 })
  await whole.ask('proxy.apply', { ...PROXY, auth: 'none', port: 24 })
  expect((await list()).map(({ changes: [first] }) => first?.then)).toEqual([
    '20',
    '23',
    '22',
    '21',
    '19',
    '18',
    '17',
    '16',
    '15',
  ])
})

test('a damaged file is begun anew and settings are as they were', async () => {
  await whole.ask('network.apply', STATIC)
  await whole.stop()
  await writeFile(file(), '{"newestFirst":7}')
  await whole.start()
  expect(await list()).toEqual([])
  expect(whole.log.join('\n')).toContain('history.json is damaged')
  expect((await whole.status()).network.address).toBe(STATIC.address)
})
