import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPlatform, type RunningPlatform } from '../../src/platform/main'
import type { Credential, Route } from '../../src/link/connect'
import { newKey } from '../../src/link/certificate-request'
import { enrol, type EnrolOptions } from '../../src/link/enrol'
import { closeAfter, directTo } from './parties'

/** A platform of its own for one test, in a folder that goes with it. */
export class TestPlatform {
  private running: RunningPlatform | undefined
  private port = 0

  private constructor(readonly folder: string) {}

  static async start(): Promise<TestPlatform> {
    const platform = new TestPlatform(mkdtempSync(join(tmpdir(), 'nps-platform-')))
    closeAfter(async () => {
      await platform.stop()
      rmSync(platform.folder, { recursive: true, force: true })
    })
    await platform.restart()
    return platform
  }

  /** Stopped: the same port is free, and refuses. */
  async stop(): Promise<void> {
    await this.running?.close()
    this.running = undefined
  }

  /** Running, on the same port and with all it knew. */
  async restart(): Promise<void> {
    this.running = await startPlatform({ folder: this.folder, host: '127.0.0.1', port: this.port })
    this.port = Number(new URL(this.running.url).port)
  }

  get route(): Route {
    return directTo(this.port, this.ca)
  }

  /** What an operator does over the REST API. */
  operator<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const { operatorKey, url } = this.running!
    return new Promise((resolve, reject) => {
      const agent = new Agent()
      const headers = { Authorization: `Bearer ${operatorKey}`, 'Content-Type': 'application/json' }
      request(`${url}/api/v1${path}`, { method, headers, ca: this.ca, agent }, (answer) => {
        let text = ''
        answer.on('data', (part) => (text += String(part)))
        answer.on('end', () => {
          agent.destroy()
          if ((answer.statusCode ?? 0) >= 300) reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`))
          else resolve((text === '' ? undefined : JSON.parse(text)) as Answer)
        })
      })
        .on('error', reject)
        .end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  /** A sensor that waits for its appliance, with its code. */
  newSensor(startSensing = false): Promise<{ code: string; sensorId: string }> {
    return this.operator('POST', '/codes', { name: 'Plant 2', location: 'Rotterdam', startSensing })
  }

  async enrolOptions(code: string): Promise<EnrolOptions> {
    const attempt = { id: crypto.randomUUID(), keyPem: await newKey() }
    return { route: this.route, code, model: 'NPS 1G', serial: 'SIM-1', version: '0.1.0', attempt }
  }

  /** A registered sensor and the way it talks to us. */
  async registered(): Promise<{ sensorId: string; route: Route & Credential }> {
    const { code } = await this.newSensor()
    const { answer, keyPem } = await enrol(await this.enrolOptions(code))
    return { sensorId: answer.sensorId, route: { ...this.route, key: keyPem, cert: answer.certificate } }
  }

  private get ca(): string {
    return readFileSync(this.running?.caFile ?? join(this.folder, 'ca.pem'), 'utf8')
  }
}
