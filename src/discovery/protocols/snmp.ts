import { berElements, berOid } from '../ber'
import { speaker, type Voice } from '../voice'

// Simple Network Management Protocol 1 and 2c (RFC 1157, RFC 3416): a sequence of version, community, and a PDU, of which
// a response is tagged A2: request, error, index, and a list of pairs of object identifier and value

const RESPONSE = 0xa2
const OCTETS = 0x04
const OBJECT_IDENTIFIER = 0x06

/** What the group system of MIB-2 (RFC 1213) says of the agent: kind and confidence. */
const SYSTEM: Record<string, [kind: string, confidence: number]> = {
  '1.3.6.1.2.1.1.1.0': ['system-description', 0],
  '1.3.6.1.2.1.1.2.0': ['snmp-object', 0],
  '1.3.6.1.2.1.1.4.0': ['contact', 80],
  '1.3.6.1.2.1.1.5.0': ['hostname', 85],
  '1.3.6.1.2.1.1.6.0': ['location', 80],
  // Entity MIB (RFC 6933), of the first entity, the chassis; printers (RFC 3805).
  '1.3.6.1.2.1.47.1.1.1.1.11.1': ['serial', 80],
  '1.3.6.1.2.1.47.1.1.1.1.13.1': ['model', 80],
  '1.3.6.1.2.1.25.3.2.1.3.1': ['system-description', 0],
}

/** The values of a response, by object identifier: text as bytes, identifiers with their dots. */
export function parseSnmpResponse(bytes: Buffer): Map<string, Buffer | string> {
  const values = new Map<string, Buffer | string>()
  const pdu = berElements(berElements(bytes, 1)[0]?.contents ?? Buffer.alloc(0))[2]
  if (pdu?.tag !== RESPONSE) return values
  const list = berElements(pdu.contents)[3]
  for (const { contents } of berElements(list?.contents ?? Buffer.alloc(0))) {
    const [object, value] = berElements(contents)
    if (object?.tag !== OBJECT_IDENTIFIER || value?.isWhole !== true) continue
    if (value.tag === OCTETS) values.set(berOid(object.contents), value.contents)
    else if (value.tag === OBJECT_IDENTIFIER) values.set(berOid(object.contents), berOid(value.contents))
  }
  return values
}

export const SNMP: Voice = {
  source: 'snmp',
  udp: [161],
  isTalkative: true,
  hear(heard, notes) {
    if (heard.source.port !== 161 || heard.bytes[0] !== 0x30) return
    for (const [object, value] of parseSnmpResponse(heard.bytes)) {
      const known = SYSTEM[object]
      if (known !== undefined && value.length > 0) notes.add(speaker(heard), known[0], value, known[1])
    }
  },
}
