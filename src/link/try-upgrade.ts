import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { platformTrouble } from './connect'
import type { Deadline } from './deadline'
import { codeOf, dialReason } from './dial-trouble'
import { Refusal, SESSION_PATH } from './messages'

/** A refusal of the platform's own is shorter. */
const LONGEST_ANSWER = 4_096

/**
 * Ask for a WebSocket (RFC 6455 section 4.1) where sensors have their sessions, without a sensor's certificate. A
 * platform says in its own words that it wants one; whatever lies in front of it and does not pass WebSockets on
 * answers something else. Throws SensorError 31 then. The connection is used up either way.
 */
export function tryUpgrade(connection: TLSSocket, platform: URL, deadline: Deadline): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (reason: string): void => reject(platformTrouble(platform, reason, undefined, 'not-platform'))
    const asked = request({
      createConnection: () => connection,
      path: SESSION_PATH,
      headers: {
        Host: platform.host,
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      },
      timeout: deadline.leftMs,
    })
    asked.once('upgrade', (_, socket) => {
      socket.destroy()
      resolve()
    })
    asked.once('response', (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (body = (body + chunk).slice(0, LONGEST_ANSWER)))
      answer.on('error', () => undefined)
      answer.once('close', () => {
        const isOurs = [401, 403].includes(answer.statusCode ?? 0) && isRefusal(body)
        if (isOurs) resolve()
        else refuse(`it answers ${answer.statusCode} to a WebSocket, which is not what a platform says`)
      })
    })
    asked.once('timeout', () => asked.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
    asked.on('error', (error) => {
      if (codeOf(error).startsWith('HPE_')) refuse('what answers there is not HTTP')
      else reject(platformTrouble(platform, dialReason(error, deadline), error))
    })
    asked.end()
  })
}

function isRefusal(body: string): boolean {
  try {
    return Refusal.safeParse(JSON.parse(body)).success
  } catch {
    return false
  }
}
