import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { EnrolAnswer, Refusal } from '../../src/link/messages'
import { x509 } from '../../src/platform/x509'
import { enrolRequest, newKeyAndRequest, TestPlatform } from './client'

let nps: TestPlatform
beforeEach(async () => {
  nps = await new TestPlatform().start()
})
afterEach(() => nps.end())

/** A code of the right form that the platform does not know; the chance to hit one it made is 1 in 10^14. */
const UNKNOWN_CODE = '12345678912345'

test('a code is exchanged for a certificate of the platform, for the sensor and its own key', async () => {
  const { code, sensorId } = await nps.newCode('Hall 4')
  expect(code).toMatch(/^\d{14}$/)
  const { csr, key } = await newKeyAndRequest()
  const { status, value } = await nps.enrol(enrolRequest(code, csr))
  expect(status).toBe(201)
  const answer = EnrolAnswer.parse(value)
  expect(answer).toMatchObject({ sensorId, name: 'Hall 4', startSensing: true })
  const certificate = new X509Certificate(answer.certificate)
  const authority = new X509Certificate(readFileSync(nps.platform.caFile))
  expect(certificate.verify(authority.publicKey)).toBe(true)
  expect(certificate.subject).toBe(`CN=${sensorId}`)
  expect(certificate.ca).toBe(false)
  expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now())
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true)
  const { value: list } = await nps.operate('GET', '/sensors')
  expect(list.sensors).toMatchObject([{ id: sensorId, registration: 'Registered', serial: 'S-1' }])
})

test('the code itself is nowhere on disk', async () => {
  const { code } = await nps.newCode()
  await nps.stop()
  const db = new Database(join(nps.folder, 'platform.db'))
  const rows = db.prepare('SELECT * FROM codes').all() as { hash: string }[]
  db.close()
  expect(rows).toHaveLength(1)
  expect(rows[0]?.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(readFileSync(join(nps.folder, 'platform.db')).includes(code)).toBe(false)
})

test('a used code is refused as a code', async () => {
  const { code } = await nps.newCode()
  expect((await nps.enrol(enrolRequest(code, (await newKeyAndRequest()).csr))).status).toBe(201)
  const second = await nps.enrol(enrolRequest(code, (await newKeyAndRequest()).csr))
  expect(second.status).toBe(403)
  expect(Refusal.parse(second.value)).toMatchObject({ refused: 'code', reason: expect.stringContaining('used') })
})

test.each(['', '1234', '123456789123456', '1234567891234x', UNKNOWN_CODE])(
  'code %j is refused as a code',
  async (code) => {
    const { csr } = await newKeyAndRequest()
    const { status, value } = await nps.enrol(enrolRequest(code, csr))
    expect(status).toBe(403)
    expect(Refusal.parse(value).refused).toBe('code')
  },
)

test('an expired code is refused as a code, and a new one for the same sensor works', async () => {
  await nps.stop()
  await nps.start({ codeLifetimeMs: 0 })
  const { code, sensorId } = await nps.newCode()
  const { csr } = await newKeyAndRequest()
  const { status, value } = await nps.enrol(enrolRequest(code, csr))
  expect(status).toBe(403)
  expect(Refusal.parse(value)).toMatchObject({ refused: 'code', reason: expect.stringContaining('expired') })
  await nps.stop()
  await nps.start()
  const again = await nps.operate('POST', `/sensors/${sensorId}/codes`)
  expect(again.status).toBe(201)
  expect((await nps.enrol(enrolRequest(code, csr))).value.refused).toBe('code')
  expect((await nps.enrol(enrolRequest(again.value.code, csr))).value.sensorId).toBe(sensorId)
})

test('a bad request is refused without burning the code', async () => {
  const { code } = await nps.newCode()
  const good = (await newKeyAndRequest()).csr
  const p384 = (await newKeyAndRequest({ name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' })).csr
  // The last byte belongs to the signature.
  const der = Buffer.from(new x509.Pkcs10CertificateRequest(good).rawData)
  der[der.length - 1]! ^= 1
  const forged = new x509.Pkcs10CertificateRequest(der).toString('pem')
  for (const request of [
    enrolRequest(code, 'not a request'),
    enrolRequest(code, p384),
    enrolRequest(code, forged),
    enrolRequest(code, good, 'not a uuid'),
    { ...enrolRequest(code, good), model: '' },
    { ...enrolRequest(code, good), model: 'two\nlines' },
    { ...enrolRequest(code, good), serial: 'x'.repeat(65) },
    { code },
  ]) {
    const { status, value } = await nps.enrol(request)
    expect(status).toBe(400)
    expect(Refusal.parse(value).refused).toBe('refused')
  }
  expect((await nps.enrol(enrolRequest(code, good))).status).toBe(201)
})

test('bodies that are no JSON object, or too large, are refused', async () => {
  for (const body of ['', '[]', 'null', '{', '"code"']) {
    const reply = await nps.ask('POST', '/api/v1/enrol', { body })
    expect([400, 403]).toContain(reply.status)
    Refusal.parse(JSON.parse(reply.text))
  }
  expect((await nps.ask('POST', '/api/v1/enrol', { body: Buffer.alloc(64 * 1024) })).status).toBe(413)
})

test('an attempt whose answer was lost gets the same certificate, and nobody else does', async () => {
  const { code } = await nps.newCode()
  const { csr } = await newKeyAndRequest()
  const request = enrolRequest(code, csr)
  const first = await nps.enrol(request)
  const second = await nps.enrol(request)
  expect(second.status).toBe(200)
  expect(second.value).toEqual(first.value)
  const otherKey = await nps.enrol(enrolRequest(code, (await newKeyAndRequest()).csr, request.attempt))
  expect(otherKey).toMatchObject({ status: 403, value: { refused: 'code' } })
  const otherAttempt = await nps.enrol(enrolRequest(code, csr, randomUUID()))
  expect(otherAttempt).toMatchObject({ status: 403, value: { refused: 'code' } })
})

test('a lost answer is given again after the code has expired', async () => {
  let nowMs = Date.now()
  await nps.stop()
  await nps.start({ now: () => nowMs })
  const { code } = await nps.newCode()
  const request = enrolRequest(code, (await newKeyAndRequest()).csr)
  const first = await nps.enrol(request)
  nowMs += 8 * 86_400_000
  expect(await nps.enrol(request)).toEqual({ status: 200, value: first.value })
})

test('of many at once with one code, one is enrolled', async () => {
  const { code } = await nps.newCode()
  const requests = await Promise.all(
    Array.from({ length: 8 }, async () => enrolRequest(code, (await newKeyAndRequest()).csr)),
  )
  const answers = await Promise.all(requests.map((request) => nps.enrol(request)))
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
  expect(answers.filter((answer) => answer.value.refused === 'code')).toHaveLength(7)
})

test('the same attempt many times at once gets one certificate', async () => {
  const { code } = await nps.newCode()
  const request = enrolRequest(code, (await newKeyAndRequest()).csr)
  const answers = await Promise.all(Array.from({ length: 8 }, () => nps.enrol(request)))
  expect(new Set(answers.map((answer) => answer.value.certificate)).size).toBe(1)
  expect(answers.every((answer) => answer.status < 300)).toBe(true)
})

test('guessing is slowed down, also for who then has a good code, and not for good', async () => {
  let nowMs = Date.now()
  await nps.stop()
  await nps.start({ now: () => nowMs })
  const { code } = await nps.newCode()
  const { csr } = await newKeyAndRequest()
  const statuses: number[] = []
  for (let n = 0; n < 7; n++) statuses.push((await nps.enrol(enrolRequest(UNKNOWN_CODE, csr))).status)
  expect(statuses).toEqual([403, 403, 403, 403, 403, 403, 429])
  const slowed = await nps.enrol(enrolRequest(code, csr))
  expect(slowed.status).toBe(429)
  expect(Refusal.parse(slowed.value)).toMatchObject({
    refused: 'refused',
    reason: expect.stringContaining('try again'),
  })
  nowMs += 5000
  expect((await nps.enrol(enrolRequest(code, csr))).status).toBe(201)
})

test('who is deregistered before using the code is refused', async () => {
  const { code, sensorId } = await nps.newCode()
  await nps.operate('POST', `/sensors/${sensorId}/commands`, { command: 'deregister' })
  const { value } = await nps.enrol(enrolRequest(code, (await newKeyAndRequest()).csr))
  expect(value.refused).toBe('code')
})
