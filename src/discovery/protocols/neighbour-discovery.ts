import { ipv6Text, macText } from '../../wire/address-text'
import { Cursor } from '../cursor'
import type { Notes } from '../voice'

// Neighbour discovery (RFC 4861 section 4): ICMPv6 messages, whose options are of type (1), length in units of 8 (1)

const ROUTER_ADVERTISEMENT = 134
const NEIGHBOUR_SOLICITATION = 135
const NEIGHBOUR_ADVERTISEMENT = 136
const SOURCE_LINK_ADDRESS = 1
const TARGET_LINK_ADDRESS = 2

export interface NeighbourMessage {
  isRouter: boolean
  /** The address that the sender says is its own; empty where it says none. */
  ownIp: string
  /** The MAC it says goes with it. */
  mac: string
}

/** What a message says of its sender, whose IP address is given; undefined for all others. */
export function parseNeighbour(bytes: Buffer, sourceIp: string): NeighbourMessage | undefined {
  const cursor = new Cursor(bytes)
  const type = cursor.u8()
  cursor.skip(3)
  let ownIp = sourceIp
  let wanted = SOURCE_LINK_ADDRESS
  if (type === NEIGHBOUR_ADVERTISEMENT) {
    const target = cursor.skip(4).take(16)
    if (target.length < 16) return undefined
    ownIp = ipv6Text(target, 0)
    wanted = TARGET_LINK_ADDRESS
  } else if (type === NEIGHBOUR_SOLICITATION) cursor.skip(20)
  else if (type === ROUTER_ADVERTISEMENT) cursor.skip(12)
  else return undefined
  let mac = ''
  while (cursor.left >= 8) {
    const option = cursor.u8()
    const data = cursor.take(8 * cursor.u8() - 2)
    if (cursor.failed || data.length < 6) break
    if (option === wanted) mac = macText(data, 0)
  }
  return { isRouter: type === ROUTER_ADVERTISEMENT, ownIp: ownIp === '::' ? '' : ownIp, mac }
}

export function learnNeighbour(bytes: Buffer, sourceIp: string, notes: Notes): void {
  const found = parseNeighbour(bytes, sourceIp)
  if (found === undefined || found.ownIp === '') return
  if (found.mac !== '') notes.bond(found.ownIp, found.mac)
  if (found.isRouter) notes.add({ ip: found.ownIp }, 'gateway', 'router advertisement', 90)
}
