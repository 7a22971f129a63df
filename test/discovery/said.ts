import type { Notes } from '../../src/discovery/voice'
import { ethernet, hex, ipv4, LINK, PROTOCOL, tcp, udp } from '../wire/frames'
import { heardBy, hearHostileMessages } from './hostile-voices'
import type { Frame } from './overhear'

const PUSH_ACK = 0x18

/** A message from 10.0.0.1: its ports, and of UDP unless told. */
export interface Said {
  bytes: Buffer
  sourcePort: number
  destinationPort?: number
  isTcp?: boolean
  /** So many bytes more of it were on the wire. */
  snapped?: number
}

/**
 * What is noted of a message by the voice of this name, a line each: `10.0.0.1 model MX700 series`. It goes by in a frame, so
 * nothing is noted of what the ear turns away before it is read. Whatever is cut or changed in it throws nothing.
 */
export function noted(source: string, said: Said): string[] {
  const { voice, messages } = heardBy(source, [frameOf(said)])!
  const lines: string[] = []
  const notes: Notes = {
    add: (of, kind, value) => lines.push(`${of.ip} ${kind} ${value.toString()}`),
    bond: (ip, mac) => lines.push(`${ip} has ${mac}`),
    announce: () => undefined,
    relate: () => undefined,
    saidIn: () => undefined,
  }
  for (const message of messages) voice.hear(message, notes)
  hearHostileMessages(voice, messages, Date.now() % 2 ** 31)
  return lines
}

function frameOf({ bytes, sourcePort, destinationPort = 50000, isTcp = false, snapped = 0 }: Said): Frame {
  const protocol = isTcp ? PROTOCOL.tcp : PROTOCOL.udp
  const segment = isTcp
    ? hex(tcp(PUSH_ACK, sourcePort, destinationPort), bytes)
    : udp(sourcePort, destinationPort, bytes)
  const frame = ethernet('0800', ipv4(segment, { protocol, totalLength: 20 + segment.length + snapped }))
  return { bytes: frame, wireBytes: frame.length + snapped, linkType: LINK.ethernet, atMicros: 0 }
}
