import { EnrolRequest, type EnrolAnswer, type Refusal } from '../link/messages'
import { readSensorRequest, type Authority } from './authority'
import { codeHash } from './codes'
import type { CodeRecord, SensorRecord, Store } from './store'
import { WrongCodes } from './wrong-codes'

/** What enrolment answers: the HTTP status and the body of link/messages.ts. */
export type EnrolOutcome = { status: 201 | 200; body: EnrolAnswer } | { status: 400 | 403 | 429; body: Refusal }

/** Text that a sensor says of itself stays one line of visible characters. */
const PLAIN = /^[\p{L}\p{N}\p{P}\p{S} ]*$/u

/** Exchanges a personalization code for a sensor's certificate, once. */
export class Enrolment {
  private readonly wrongCodes = new WrongCodes()

  constructor(
    private readonly store: Store,
    private readonly authority: Authority,
    private readonly codeSecret: string,
    private readonly now: () => number,
  ) {}

  /** Answer one request; `address` is where it came from. */
  async enrol(body: unknown, address: string): Promise<EnrolOutcome> {
    const nowMs = this.now()
    const waitMs = this.wrongCodes.waitMs(address, nowMs)
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000)
      return refuse(429, 'refused', `too many wrong codes from this address; try again in ${seconds} s`)
    }
    const parsed = EnrolRequest.safeParse(body)
    if (!parsed.success) {
      if (parsed.error.issues.every((issue) => issue.path[0] === 'code')) return this.wrongCode(address, nowMs)
      return refuse(400, 'refused', `the request is not understood: ${parsed.error.issues[0]?.path.join('.') ?? ''}`)
    }
    const wanted = parsed.data
    const hash = codeHash(this.codeSecret, wanted.code)
    const code = await this.store.findCode(hash)
    const sensor = code && (await this.store.sensor(code.sensorId))
    if (code === undefined || sensor === undefined) return this.wrongCode(address, nowMs)

    // From here on the caller holds a real code, so what is wrong may be said plainly.
    const request = await readSensorRequest(wanted.csr)
    if (request === undefined) {
      return refuse(400, 'refused', 'the certificate request is not valid, or its key is not P-256')
    }
    for (const field of ['model', 'serial', 'version'] as const) {
      if (wanted[field] === '' || !PLAIN.test(wanted[field])) {
        return refuse(400, 'refused', `the ${field} of the sensor is not usable`)
      }
    }
    if (code.usedAtMs > 0) return this.again(code, sensor, wanted.attempt, request.keyFingerprint)
    if (sensor.registration === 'Deregistered') return refuse(403, 'refused', 'the sensor is deregistered')
    if (code.expiresAtMs <= nowMs) return refuse(403, 'code', 'the code has expired; generate a new one')

    const certificate = await this.authority.signSensor(request, sensor.id, nowMs)
    const isOurs = await this.store.register(hash, {
      sensorId: sensor.id,
      atMs: nowMs,
      model: wanted.model,
      serial: wanted.serial,
      version: wanted.version,
      attempt: wanted.attempt,
      keyFingerprint: request.keyFingerprint,
      certificate,
    })
    // Another request with this code was quicker; it may have been the same attempt.
    if (!isOurs) return this.again({ ...code, usedAtMs: nowMs }, sensor, wanted.attempt, request.keyFingerprint)
    return { status: 201, body: answer(sensor, certificate.pem) }
  }

  /** The code is used. The attempt that used it may ask again, since its answer can have been lost on the way. */
  private async again(
    code: CodeRecord,
    sensor: SensorRecord,
    attempt: string,
    keyFingerprint: string,
  ): Promise<EnrolOutcome> {
    const current = await this.store.currentCertificate(code.sensorId)
    const isRetry =
      current?.attempt === attempt &&
      current.keyFingerprint === keyFingerprint &&
      sensor.registration !== 'Deregistered'
    if (current === undefined || !isRetry) return refuse(403, 'code', 'the code has been used already')
    return { status: 200, body: answer(sensor, current.pem) }
  }

  private wrongCode(address: string, nowMs: number): EnrolOutcome {
    this.wrongCodes.add(address, nowMs)
    return refuse(403, 'code', 'the platform does not know this code')
  }
}

function answer(sensor: SensorRecord, certificate: string): EnrolAnswer {
  return { sensorId: sensor.id, name: sensor.name, certificate, startSensing: sensor.startSensing }
}

function refuse(status: 400 | 403 | 429, refused: Refusal['refused'], reason: string): EnrolOutcome {
  return { status, body: { refused, reason } }
}
