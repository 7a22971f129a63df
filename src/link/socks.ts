import type { Socket } from 'node:net'
import type { Dialer } from '../host/types'
import { Deadline } from './deadline'

/** A SOCKS server answers two bytes to a greeting of three; on the local network at once. */
const GREETING_MS = 2_000

/** RFC 1928 section 3: version 5, one method, no authentication. */
const GREETING = Buffer.from([5, 1, 0])

/**
 * Does a SOCKS5 server answer here? Asked only of what has turned out to be no HTTP proxy, so that its owner hears what
 * is the matter: a SOCKS server hangs up on HTTP without a word. Nothing but the greeting is said.
 */
export async function answersSocks(dialer: Dialer, host: string, port: number, deadline: Deadline): Promise<boolean> {
  let socket: Socket
  try {
    socket = await dialer.connect(host, port, Math.min(GREETING_MS, deadline.leftMs))
  } catch {
    return false
  }
  const answer = await new Promise<Buffer>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), Math.min(GREETING_MS, deadline.leftMs))
    let heard = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk])
      if (heard.length >= 2) socket.destroy()
    })
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(heard)
    })
    socket.write(GREETING)
  })
  // The version, and the method it chose: none, user and password, GSSAPI, or none that it takes.
  return answer.length === 2 && answer[0] === 5 && [0, 1, 2, 0xff].includes(answer[1]!)
}
