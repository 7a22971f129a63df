import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import Database from 'libsql'
import { until } from '../until'
import { newBatch, TestPlatform } from './client'

let nps: TestPlatform
beforeEach(async () => {
  nps = await new TestPlatform().start()
})
afterEach(() => nps.end())

const modeOf = (name: string) => (statSync(join(nps.folder, name)).mode & 0o777).toString(8)
const serverCertificate = () => new X509Certificate(readFileSync(join(nps.folder, 'server.pem')))

test('everything is there after a restart', async () => {
  const sensor = await nps.newSensor()
  const batch = newBatch({ assets: [{ address: '10.1.1.1', mac: '', firstMs: 1, lastMs: 2 }] })
  await nps.upload(batch, sensor.credential)
  await nps.operate('POST', `/sensors/${sensor.id}/commands`, { command: 'start' })
  const groups = {
    inventoried: ['10.0.0.0/8'],
    nonInventoried: [],
    excludedRanges: [],
    excludedMacs: [],
    monitoredExternal: [],
  }
  await nps.operate('PUT', `/sensors/${sensor.id}/configuration`, { groups })
  const everything = async () => {
    const paths = [`/sensors/${sensor.id}`, '/flows', '/assets']
    return (await Promise.all(paths.map((path) => nps.operate('GET', path)))).map((reply) => reply.value)
  }
  const before = await everything()
  const { operatorKey, caFile } = nps.platform
  const files = () =>
    ['ca.pem', 'ca-key.pem', 'server.pem', 'codes.key'].map((name) => readFileSync(join(nps.folder, name), 'utf8'))
  const filesBefore = files()

  await nps.stop()
  await nps.start()
  expect(await everything()).toEqual(before)
  expect(files()).toEqual(filesBefore)
  expect(nps.platform).toMatchObject({ operatorKey, caFile })
  // The sensor's certificate still opens the door, its batch is still known, its command still waits.
  expect((await nps.upload(batch, sensor.credential)).status).toBe(200)
  const session = await nps.session(sensor.credential)
  session.hello(1)
  await until(() => session.of('command').length === 1)
  expect(session.of('configuration')).toMatchObject([{ configuration: { version: 2, groups } }])
})

test('keys and data are for their owner alone', () => {
  for (const name of readdirSync(nps.folder)) {
    const isPublic = name === 'ca.pem' || name === 'server.pem'
    expect({ name, mode: modeOf(name) }).toEqual({ name, mode: isPublic ? '644' : '600' })
  }
  expect(readdirSync(nps.folder)).toEqual(
    expect.arrayContaining(['ca-key.pem', 'server-key.pem', 'operator.key', 'codes.key', 'platform.db']),
  )
})

test('the server certificate is made anew when the names change, and keeps them', async () => {
  const first = serverCertificate()
  expect(first.checkIP('127.0.0.1')).toBe('127.0.0.1')
  await nps.stop()
  await nps.start({ names: ['NPS.example', '2001:DB8::1'] })
  const second = serverCertificate()
  expect(second.fingerprint256).not.toBe(first.fingerprint256)
  expect(second.checkHost('nps.example')).toBe('nps.example')
  expect(second.checkIP('2001:db8::1')).toBe('2001:db8::1')
  await nps.stop()
  await nps.start({ names: ['nps.example', '2001:db8:0::1'] })
  expect(serverCertificate().fingerprint256).toBe(second.fingerprint256)
  expect((await nps.operate('GET', '/sensors')).status).toBe(200)
})

test('the server certificate is made anew before it ends, by the same authority', async () => {
  const first = serverCertificate()
  const authority = readFileSync(nps.platform.caFile, 'utf8')
  await nps.stop()
  const lastMonth = Date.parse(first.validTo) - 29 * 86_400_000
  await nps.start({ now: () => lastMonth })
  expect(Date.parse(serverCertificate().validTo)).toBeGreaterThan(Date.parse(first.validTo))
  expect(readFileSync(nps.platform.caFile, 'utf8')).toBe(authority)
})

test('a damaged server certificate is made anew', async () => {
  await nps.stop()
  writeFileSync(join(nps.folder, 'server.pem'), 'nonsense')
  await nps.start()
  expect((await nps.operate('GET', '/sensors')).status).toBe(200)
})

test("an authority without its key is not replaced behind the sensors' back", async () => {
  await nps.stop()
  rmSync(join(nps.folder, 'ca-key.pem'))
  await expect(nps.start()).rejects.toThrow('ca-key.pem is gone')
})

test('a database of a later release is not touched', async () => {
  await nps.stop()
  const db = new Database(join(nps.folder, 'platform.db'))
  db.exec('PRAGMA user_version = 999')
  db.close()
  await expect(nps.start()).rejects.toThrow('later release')
})

test('a port that is taken is said, and leaves nothing open', async () => {
  const port = Number(new URL(nps.platform.url).port)
  const second = new TestPlatform()
  try {
    await expect(second.start({ port })).rejects.toThrow('EADDRINUSE')
  } finally {
    await second.end()
  }
})
