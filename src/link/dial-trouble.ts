import type { Deadline } from './deadline'

/** What is wrong with a connection, in plain words, from the codes Node and the dialers of host/ use. */
const REASONS: Record<string, string> = {
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to its network',
  ENETDOWN: 'the network is down',
  EADDRNOTAVAIL: 'this appliance has no address',
  HPE_HEADER_OVERFLOW: 'its answer is too long',
}

/** Did the name, and not the connection, fail? */
export function isNameTrouble(error: unknown): boolean {
  return ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME'].includes(codeOf(error))
}

export function dialReason(error: unknown, deadline: Deadline): string {
  const code = codeOf(error)
  if (code === 'ETIMEDOUT') return deadline.missed
  return REASONS[code] ?? `the connection failed${code && ` (${code})`}`
}

/**
 * An error reduced to its code. Node's own may carry the bytes received (`rawPacket`), and a hostile proxy may have
 * put our password there.
 */
export function plainCause(error: unknown): Error | undefined {
  if (error === undefined) return undefined
  return Object.assign(new Error(codeOf(error) || 'connection failed'), { code: codeOf(error) })
}

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : ''
}
