import { berElements } from '../ber'
import type { Notes } from '../voice'

// Generic Object Oriented Substation Events (IEC 61850-8-1), EtherType 88B8: application (2), length (2), reserved (4), then
// BER: 61, in it the control block's reference (80), the data set (82) and an identifier (83)

const PDU = 0x61
const REFERENCE = 0x80
const IDENTIFIER = 0x83

export interface Goose {
  reference: Buffer
  identifier: Buffer | undefined
}

export function parseGoose(bytes: Buffer): Goose | undefined {
  const [pdu] = berElements(bytes.subarray(8), 1)
  if (pdu?.tag !== PDU) return undefined
  const fields = berElements(pdu.contents, 8).filter(({ isWhole }) => isWhole)
  const reference = fields.find(({ tag }) => tag === REFERENCE)?.contents
  const identifier = fields.find(({ tag }) => tag === IDENTIFIER)?.contents
  return reference === undefined ? undefined : { reference, identifier }
}

export function learnGoose(bytes: Buffer, senderMac: string, notes: Notes): void {
  const found = parseGoose(bytes)
  if (found === undefined) return
  notes.add({ mac: senderMac }, 'goose-control-block', found.reference, 85)
  if (found.identifier !== undefined) notes.add({ mac: senderMac }, 'goose-id', found.identifier, 80)
  notes.add({ mac: senderMac }, 'role', 'goose publisher')
}
