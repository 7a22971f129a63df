import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { SensorError } from '../errors/sensor-error'
import { certificateRequest, newKey } from './certificate-request'
import { platformTrouble, type Route } from './connect'
import { foreignText } from './foreign-text'
import { ENROL_PATH, EnrolAnswer, PersonalizationCode, Refusal, type EnrolRequest } from './messages'
import { PlatformAgent, type Reply } from './platform-agent'

/**
 * One attempt to register. Keep it while the person tries again with the same code: should the platform's answer be
 * lost on the way, the same attempt gets it again, where a new one would find the code burned.
 */
export interface EnrolAttempt {
  id: string
  /** The appliance's own key, PKCS#8 in PEM, made here (G-07). It never leaves. */
  keyPem: string
}

export async function newEnrolAttempt(): Promise<EnrolAttempt> {
  return { id: randomUUID(), keyPem: await newKey() }
}

export interface EnrolOptions {
  route: Route
  /** 14 digits. */
  code: string
  model: string
  serial: string
  version: string
  attempt: EnrolAttempt
}

/** The platform may have to ask elsewhere before it answers. */
const ANSWER_MS = 30_000

/**
 * Exchange the personalization code for the sensor's own certificate. The code is sent once, over verified TLS,
 * and appears in no error. Throws SensorError 23 (the code is not accepted), 24 (registration refused), and
 * whatever `openTls` throws when the platform is not reached: then the code has not left the appliance.
 */
export async function enrol(options: EnrolOptions): Promise<{ answer: EnrolAnswer; keyPem: string }> {
  const { route, code, model, serial, version, attempt } = options
  if (!PersonalizationCode.safeParse(code).success) throw new SensorError(23, { reason: 'it must be 14 digits' })
  const request: EnrolRequest = {
    code,
    csr: certificateRequest(attempt.keyPem, serial),
    model,
    serial,
    version,
    attempt: attempt.id,
  }
  const agent = new PlatformAgent(route)
  try {
    const reply = await agent.ask({
      method: 'POST',
      path: ENROL_PATH,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: Buffer.from(JSON.stringify(request)),
      timeoutMs: ANSWER_MS,
    })
    return { answer: readAnswer(reply, route, code, attempt.keyPem), keyPem: attempt.keyPem }
  } finally {
    agent.destroy()
  }
}

function readAnswer(reply: Reply, route: Route, code: string, keyPem: string): EnrolAnswer {
  const body = jsonOf(reply.body)
  if (reply.status === 200 || reply.status === 201) {
    const answer = EnrolAnswer.safeParse(body)
    if (!answer.success) throw platformTrouble(route.platform, 'its answer to the registration makes no sense')
    if (!isFor(answer.data.certificate, keyPem)) {
      throw new SensorError(24, { reason: 'the certificate it issued is not for the key of this appliance' })
    }
    return { ...answer.data, name: foreignText(answer.data.name) }
  }
  const refusal = Refusal.safeParse(body)
  if (!refusal.success) {
    const said = `${reply.status} ${STATUS_CODES[reply.status] ?? ''}`.trim()
    throw platformTrouble(route.platform, `it answered ${said} to the registration`)
  }
  // Whoever typed the code knows it; a log should not.
  const reason = foreignText(refusal.data.reason.replaceAll(code, '(code)'))
  throw new SensorError(refusal.data.refused === 'code' ? 23 : 24, { reason })
}

function isFor(certificate: string, keyPem: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(keyPem))
  } catch {
    return false
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
