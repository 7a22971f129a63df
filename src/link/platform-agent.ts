import { Agent, request, type ClientRequestArgs, type IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { SensorError } from '../errors/sensor-error'
import { openTls, platformTrouble, type Credential, type Route } from './connect'
import { Deadline } from './deadline'
import { codeOf, dialReason } from './dial-trouble'

/** What the platform answered to one HTTP request. */
export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** What to ask of the platform over HTTP. */
export interface Question {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  headers: Record<string, string>
  body: Buffer
  /** For the answer, once connected. */
  timeoutMs: number
}

/** A connection may carry this much of an answer; the platform's own are below 30 KB. */
const LONGEST_ANSWER = 256 * 1024

/** HTTP to the platform: one connection at a time, kept for the next request, made by `openTls`. */
export class PlatformAgent extends Agent {
  private readonly underWay = new Set<(error: SensorError) => void>()
  private isDestroyed = false

  constructor(private readonly route: Route & Partial<Credential>) {
    super({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 })
  }

  // Node's types know only the form that returns a socket; http.Agent takes this one as well.
  override createConnection(
    _: ClientRequestArgs,
    connected?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    openTls(this.route).then(
      (socket) => {
        if (this.isDestroyed) socket.destroy()
        connected?.(null, socket)
      },
      (error: Error) => connected?.(error, undefined as unknown as Duplex),
    )
  }

  /** One request and its whole answer. Throws what `openTls` throws, and 31 when no whole answer comes in time. */
  async ask(question: Question): Promise<Reply> {
    for (;;) {
      try {
        return await this.askOnce(question)
      } catch (error) {
        // The platform may close a kept connection just as we write on it; that says nothing about the platform.
        if (!(error instanceof KeptConnectionLost)) throw error
      }
    }
  }

  /** Give up: what is being asked fails at once, even while the connection is still being made. */
  override destroy(): void {
    this.isDestroyed = true
    for (const giveUp of this.underWay) giveUp(platformTrouble(this.route.platform, 'it is not asked any more'))
    super.destroy()
  }

  private askOnce(question: Question): Promise<Reply> {
    const { platform } = this.route
    return new Promise((resolve, reject) => {
      const deadline = new Deadline(this.route.timeoutMs + question.timeoutMs)
      const asked = request({
        agent: this,
        method: question.method,
        path: question.path,
        headers: { Host: platform.host, 'Content-Length': String(question.body.length), ...question.headers },
      })
      const settled = () => {
        clearTimeout(timer)
        this.underWay.delete(giveUp)
      }
      // A request that still waits for its socket emits nothing when it is destroyed, so we fail it ourselves.
      const giveUp = (error: SensorError) => {
        fail(error)
        asked.destroy(error)
      }
      this.underWay.add(giveUp)
      const missed = `${new Deadline(question.timeoutMs).missed} to a request`
      const timer = setTimeout(() => giveUp(platformTrouble(platform, missed)), deadline.leftMs)
      const fail = (error: unknown) => {
        settled()
        if (error instanceof SensorError) return reject(error)
        if (asked.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(codeOf(error)))
          return reject(new KeptConnectionLost())
        const isNonsense = codeOf(error).startsWith('HPE_')
        reject(
          platformTrouble(platform, isNonsense ? 'what answers there is not HTTP' : dialReason(error, deadline), error),
        )
      }
      asked.on('error', fail)
      asked.on('response', (answer) => {
        const chunks: Buffer[] = []
        let bytes = 0
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          chunks.push(chunk)
          if (bytes > LONGEST_ANSWER) giveUp(platformTrouble(platform, 'its answer is too long'))
        })
        answer.on('error', fail)
        answer.on('end', () => {
          settled()
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) })
        })
      })
      asked.end(question.body)
    })
  }
}

class KeptConnectionLost extends Error {}
