import { KeyObject, randomUUID, webcrypto } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { OutgoingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { WebSocket } from 'ws'
import {
  BATCH_PATH,
  BATCH_TYPE,
  ENROL_PATH,
  FromPlatform,
  SESSION_PATH,
  type FromSensor,
} from '../../src/link/messages'
import { startPlatform, type PlatformOptions, type RunningPlatform } from '../../src/platform/main'
import { x509 } from '../../src/platform/x509'
import { encodeBatch } from '../../src/report/batch-format/encode'
import type { Batch, FlowSummary } from '../../src/report/summary'

/** A real platform in a folder of its own, and what sensors and operators do to it. Call `end` after each test. */
export class TestPlatform {
  readonly folder = mkdtempSync(join(tmpdir(), 'nps-platform-'))
  private running: RunningPlatform | undefined
  private readonly sockets: WebSocket[] = []

  async start(options: Partial<PlatformOptions> = {}): Promise<this> {
    this.running = await startPlatform({ folder: this.folder, host: '127.0.0.1', port: 0, ...options })
    return this
  }

  get platform(): RunningPlatform {
    if (this.running === undefined) throw new Error('the platform does not run')
    return this.running
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets.splice(0)) socket.terminate()
    await this.running?.close()
    this.running = undefined
  }

  async end(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  ask(method: string, path: string, options: AskOptions = {}): Promise<Reply> {
    const { body, headers, credential } = options
    return new Promise((resolve, reject) => {
      const asked = request(
        new URL(path, this.platform.url),
        { method, agent: false, ca: readFileSync(this.platform.caFile), headers, ...credential },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8')
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
          })
          response.on('error', reject)
        },
      )
      asked.on('error', reject)
      asked.end(body)
    })
  }

  /** As a script with the operator key. */
  async operate(method: string, path: string, value?: unknown): Promise<{ status: number; value: any }> {
    const reply = await this.ask(method, `/api/v1${path}`, {
      headers: { authorization: `Bearer ${this.platform.operatorKey}`, 'content-type': 'application/json' },
      ...(value === undefined ? {} : { body: JSON.stringify(value) }),
    })
    return { status: reply.status, value: JSON.parse(reply.text) }
  }

  async newCode(name = 'Hall 4'): Promise<{ code: string; sensorId: string }> {
    const { status, value } = await this.operate('POST', '/codes', { name, location: 'Pune', startSensing: true })
    expect(status).toBe(201)
    return value
  }

  async enrol(request: object): Promise<{ status: number; value: any }> {
    const reply = await this.ask('POST', ENROL_PATH, { body: JSON.stringify(request) })
    return { status: reply.status, value: JSON.parse(reply.text) }
  }

  /** A sensor that has been through enrolment. */
  async newSensor(name?: string): Promise<TestSensor> {
    const { code, sensorId } = await this.newCode(name)
    const { csr, key } = await newKeyAndRequest()
    const { status, value } = await this.enrol(enrolRequest(code, csr))
    expect(status).toBe(201)
    return { id: sensorId, credential: { cert: value.certificate, key } }
  }

  upload(batch: Batch, credential: Credential | undefined): Promise<Reply> {
    return this.uploadBytes(batch.id, encodeBatch(batch), credential, BATCH_TYPE)
  }

  /** As sensors sent it before there was nps-report(5). */
  uploadJson(batch: Batch, credential: Credential | undefined): Promise<Reply> {
    return this.uploadBytes(batch.id, gzipSync(JSON.stringify({ version: 1, ...batch })), credential)
  }

  uploadBytes(id: string, body: Buffer, credential: Credential | undefined, type = 'application/json'): Promise<Reply> {
    const headers = { 'Content-Type': type }
    return this.ask('PUT', `${BATCH_PATH}/${id}`, {
      headers,
      body,
      ...(credential === undefined ? {} : { credential }),
    })
  }

  /** Open a session; rejects with the status when it is refused. */
  session(credential?: Credential): Promise<TestSession> {
    const socket = new WebSocket(this.platform.url.replace('https', 'wss') + SESSION_PATH, {
      ca: readFileSync(this.platform.caFile),
      ...credential,
    })
    this.sockets.push(socket)
    const session = new TestSession(socket)
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(session))
      socket.on('unexpected-response', (_request, response) => reject(new Error(`status ${response.statusCode}`)))
      socket.on('error', reject)
    })
  }
}

export interface AskOptions {
  body?: string | Buffer
  headers?: OutgoingHttpHeaders
  credential?: Credential
}

export interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

export interface Credential {
  cert: string
  key: string
}

export interface TestSensor {
  id: string
  credential: Credential
}

/** One WebSocket with what came over it so far, each message checked against the contract. */
export class TestSession {
  readonly heard: FromPlatform[] = []
  closedWith: number | undefined

  constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.heard.push(FromPlatform.parse(JSON.parse(String(data)))))
    socket.on('close', (code) => (this.closedWith = code))
  }

  say(message: FromSensor): void {
    this.socket.send(JSON.stringify(message))
  }

  sayRaw(text: string | Buffer): void {
    this.socket.send(text)
  }

  hello(configurationVersion = 1): void {
    this.say({
      type: 'hello',
      version: '0.1.0',
      model: 'QPS-01G-0100-A0',
      sensing: 'Paused',
      configurationVersion,
      address: '10.113.231.61',
      mac: '00:0c:29:bb:fd:03',
    })
  }

  leave(): void {
    this.socket.close(1000)
  }

  of<Type extends FromPlatform['type']>(type: Type): Extract<FromPlatform, { type: Type }>[] {
    return this.heard.filter((message): message is Extract<FromPlatform, { type: Type }> => message.type === type)
  }
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export async function newKeyAndRequest(algorithm = P256): Promise<{ csr: string; key: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const name = 'CN=the sensor chooses this'
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: algorithm })
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string
  return { csr: csr.toString('pem'), key }
}

export function enrolRequest(code: string, csr: string, attempt: string = randomUUID()): Record<string, string> {
  return { code, csr, model: 'QPS-01G-0100-A0', serial: 'S-1', version: '0.1.0', attempt }
}

export function newFlow(fields: Partial<FlowSummary> = {}): FlowSummary {
  return {
    client: { class: 'inventoried', name: '10.1.1.1' },
    server: { class: 'external', name: 'External' },
    port: 443,
    proto: 'tcp',
    c2sPackets: 12,
    s2cPackets: 14,
    c2sBytes: 1925,
    s2cBytes: 6205,
    firstMs: Date.UTC(2022, 2, 2, 13, 41),
    lastMs: Date.UTC(2022, 2, 2, 13, 42),
    ...fields,
  }
}

export function newBatch(fields: Partial<Batch> = {}): Batch {
  return {
    id: randomUUID(),
    kind: 'new',
    fromMs: Date.UTC(2022, 2, 2, 13, 40),
    untilMs: Date.UTC(2022, 2, 2, 13, 45),
    flows: [newFlow()],
    assets: [],
    machines: [],
    ...fields,
  }
}
