import type { Payload } from '../../wire/payload'
import { application, type Application, type Transport } from '../application'
import type { ApplicationName } from '../applications'
import { serviceByPort } from '../by-port'

/**
 * Tells an application by the first bytes of a payload. It answers undefined for whatever it is not sure of, and only
 * reads: thousands of foreign payloads pass it for each of its own.
 */
export interface Recogniser {
  readonly transport: Transport | 'both'
  /** The bytes such a payload can begin with; any when left out. */
  readonly first?: readonly number[]
  /** Ask only at the ports of this application: what can be checked is too little to go by elsewhere. */
  readonly near?: ApplicationName
  readonly read: (payload: Payload) => ApplicationName | undefined
}

/** A recogniser that answers one name. */
export function when(
  name: ApplicationName,
  transport: Recogniser['transport'],
  first: readonly number[] | undefined,
  isIt: (payload: Payload) => boolean,
): Recogniser {
  const read = (payload: Payload): ApplicationName | undefined => (isIt(payload) ? name : undefined)
  return first === undefined ? { transport, read } : { transport, first, read }
}

/** The same, asked only at the application's own ports. */
export function nearPorts(
  name: ApplicationName,
  transport: Recogniser['transport'],
  isIt: (payload: Payload) => boolean,
): Recogniser {
  return { transport, near: name, read: (payload) => (isIt(payload) ? name : undefined) }
}

/** The bytes of these characters. */
export function letters(text: string): number[] {
  return [...new Set(Buffer.from(text, 'latin1'))]
}

/** All numbers from the first to the last. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** The application whose usual port one end has, the lower port first, where both ends have one. */
export function byPorts(payload: Payload): Application | undefined {
  const { sourcePort, destinationPort } = payload
  const transport = payload.isTcp ? 'tcp' : 'udp'
  const lower = Math.min(sourcePort, destinationPort)
  return serviceByPort(transport, lower) ?? serviceByPort(transport, Math.max(sourcePort, destinationPort))
}

/** Does one end have a port of this application? */
export function isAtPortsOf(payload: Payload, name: ApplicationName): boolean {
  const { number } = application(name)
  const transport = payload.isTcp ? 'tcp' : 'udp'
  return (
    serviceByPort(transport, payload.destinationPort)?.number === number ||
    serviceByPort(transport, payload.sourcePort)?.number === number
  )
}
