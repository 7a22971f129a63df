import { ELEMENT, reverse, REVERSE_PEN, VARIABLE, type InformationElement } from './information-elements'

/** Set ids of RFC 7011 section 3.3.2. */
export const TEMPLATE_SET = 2
export const OPTIONS_TEMPLATE_SET = 3

/** What the records of one kind hold, in this order. */
export interface Template {
  /** From 256 on; also the id of the sets that hold such records. */
  id: number
  /** How many of the first fields are the scope; 0 for flow records. */
  scopeFields: number
  fields: readonly InformationElement[]
}

/** Which parts a flow's record has. */
export interface RecordParts {
  isIpv6: boolean
  hasMacs: boolean
  hasApplication: boolean
}

/**
 * One for each combination of RecordParts. The client's port is not in them: it is no part of a 4-tuple, and a
 * field that says 0 would be one more thing that is not so.
 */
export const FLOW_TEMPLATES: readonly Template[] = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({
  id: 256 + bits,
  scopeFields: 0,
  fields: [
    ELEMENT.flowStartMilliseconds,
    ELEMENT.flowEndMilliseconds,
    ...(bits & 1
      ? [ELEMENT.sourceIPv6Address, ELEMENT.destinationIPv6Address]
      : [ELEMENT.sourceIPv4Address, ELEMENT.destinationIPv4Address]),
    ...(bits & 2 ? [ELEMENT.sourceMacAddress, ELEMENT.destinationMacAddress] : []),
    ELEMENT.destinationTransportPort,
    ELEMENT.protocolIdentifier,
    ELEMENT.octetDeltaCount,
    ELEMENT.packetDeltaCount,
    reverse(ELEMENT.octetDeltaCount),
    reverse(ELEMENT.packetDeltaCount),
    ELEMENT.biflowDirection,
    ...(bits & 4 ? [ELEMENT.applicationName] : []),
  ],
}))

export function flowTemplate({ isIpv6, hasMacs, hasApplication }: RecordParts): Template {
  return FLOW_TEMPLATES[Number(isIpv6) | (Number(hasMacs) << 1) | (Number(hasApplication) << 2)]!
}

/** What this exporter has sent and what it could not (RFC 7011 sections 4.1 and 4.3), under the sensor's name. */
export const STATISTICS_TEMPLATE: Template = {
  id: 264,
  scopeFields: 1,
  fields: [
    ELEMENT.observationDomainId,
    ELEMENT.observationDomainName,
    ELEMENT.exportedMessageTotalCount,
    ELEMENT.exportedFlowRecordTotalCount,
    ELEMENT.exportedOctetTotalCount,
    ELEMENT.notSentFlowTotalCount,
    ELEMENT.notSentPacketTotalCount,
    ELEMENT.notSentOctetTotalCount,
  ],
}

/** Bytes of a record without what its fields of variable length hold. */
export function fixedLength({ fields }: Template): number {
  return fields.reduce((sum, { length }) => sum + (length === VARIABLE ? 0 : length), 0)
}

/** A template as it is sent (RFC 7011 sections 3.4.1 and 3.4.2). */
export function templateRecord({ id, scopeFields, fields }: Template): Buffer {
  const header = scopeFields === 0 ? [id, fields.length] : [id, fields.length, scopeFields]
  const words = fields.flatMap((field) =>
    field.isReverse
      ? [0x8000 | field.id, field.length, REVERSE_PEN >>> 16, REVERSE_PEN & 0xffff]
      : [field.id, field.length],
  )
  const record = Buffer.alloc(2 * (header.length + words.length))
  ;[...header, ...words].forEach((word, at) => record.writeUInt16BE(word, 2 * at))
  return record
}
