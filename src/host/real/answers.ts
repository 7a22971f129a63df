import { Resolver } from 'node:dns/promises'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { isNeighbour } from './neighbour'

/**
 * Does anybody answer at this address? Three ways at once, none of which needs root as ping does: a TCP connection
 * (refused is an answer), a DNS question (any reply is one), and the table of neighbours, where the kernel notes whether
 * a machine on the local network told its MAC address when the first two asked for it. A gateway that drops both
 * is still seen by the third.
 */
export async function answers(address: string, timeoutMs: number): Promise<boolean> {
  const over = new AbortController()
  const found = [
    ...TCP_PORTS.map((port) => takesTcp(address, port, over.signal)),
    takesDns(address, timeoutMs, over.signal),
    isNeighbour(address, over.signal),
  ]
  const yes = found.map(async (one) => {
    if (!(await one)) throw new Error('no answer')
    return true
  })
  try {
    return await Promise.race([Promise.any(yes).catch(() => false), pause(timeoutMs, false, { signal: over.signal })])
  } finally {
    over.abort()
  }
}

/** DNS, web and SSH: what routers and servers most often have open, or refuse by themselves. */
const TCP_PORTS = [53, 443, 80, 22]

function takesTcp(address: string, port: number, over: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address)
    over.addEventListener('abort', () => socket.destroy())
    socket.on('connect', () => {
      resolve(true)
      socket.destroy()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
    socket.on('close', () => resolve(false))
  })
}

async function takesDns(address: string, timeoutMs: number, over: AbortSignal): Promise<boolean> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  over.addEventListener('abort', () => resolver.cancel())
  try {
    resolver.setServers([address])
    await resolver.resolve('localhost', 'A')
    return true
  } catch (error) {
    // These are replies of a server, if unfriendly ones.
    return ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'EREFUSED', 'EFORMERR', 'ENOTIMP'].includes(
      (error as NodeJS.ErrnoException).code ?? '',
    )
  }
}
