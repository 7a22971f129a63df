import { connect, type Socket } from 'node:net'
import type { Dialer } from '../types'

/** Connections of this machine. With several addresses for a name Node tries them in turn (RFC 8305). */
export class TcpDialer implements Dialer {
  connect(host: string, port: number, timeoutMs: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, autoSelectFamily: true })
      // The name look-up takes part in this time: on a dead network it alone can take half a minute.
      const timer = setTimeout(
        () => socket.destroy(Object.assign(new Error('connection timed out'), { code: 'ETIMEDOUT' })),
        timeoutMs,
      )
      const settle = () => {
        clearTimeout(timer)
        socket.removeAllListeners()
      }
      socket.once('error', (error: Error) => {
        settle()
        reject(oneOf(error))
      })
      socket.once('connect', () => {
        settle()
        // A peer that vanished is noticed even when neither side has anything to say.
        socket.setKeepAlive(true, 30_000)
        socket.setNoDelay(true)
        resolve(socket)
      })
    })
  }
}

/** When all addresses of a name failed, Node hands over one error of many; the first of them says enough. */
function oneOf(error: Error & { errors?: Error[] }): Error {
  return error.errors?.[0] ?? error
}
