/**
 * The information elements that are exported, by their numbers in the IANA registry "IPFIX Information Elements"
 * (RFC 7012), with the length that we give them.
 */
export interface InformationElement {
  id: number
  /** Bytes, or VARIABLE. */
  length: number
  /** The same of the other direction (RFC 5103): sent with the private enterprise number REVERSE_PEN. */
  isReverse?: true
}

/** A length of its own stands before each value (RFC 7011 section 7). */
export const VARIABLE = 0xffff

/** The private enterprise number that turns an element into its reverse (RFC 5103 section 6.1). */
export const REVERSE_PEN = 29305

export const ELEMENT = {
  octetDeltaCount: { id: 1, length: 8 },
  packetDeltaCount: { id: 2, length: 8 },
  protocolIdentifier: { id: 4, length: 1 },
  sourceIPv4Address: { id: 8, length: 4 },
  destinationTransportPort: { id: 11, length: 2 },
  destinationIPv4Address: { id: 12, length: 4 },
  sourceIPv6Address: { id: 27, length: 16 },
  destinationIPv6Address: { id: 28, length: 16 },
  exportedOctetTotalCount: { id: 40, length: 8 },
  exportedMessageTotalCount: { id: 41, length: 8 },
  exportedFlowRecordTotalCount: { id: 42, length: 8 },
  sourceMacAddress: { id: 56, length: 6 },
  destinationMacAddress: { id: 80, length: 6 },
  applicationName: { id: 96, length: VARIABLE },
  observationDomainId: { id: 149, length: 4 },
  flowStartMilliseconds: { id: 152, length: 8 },
  flowEndMilliseconds: { id: 153, length: 8 },
  notSentFlowTotalCount: { id: 166, length: 8 },
  notSentPacketTotalCount: { id: 167, length: 8 },
  notSentOctetTotalCount: { id: 168, length: 8 },
  biflowDirection: { id: 239, length: 1 },
  observationDomainName: { id: 300, length: VARIABLE },
} as const satisfies Record<string, InformationElement>

export function reverse({ id, length }: InformationElement): InformationElement {
  return { id, length, isReverse: true }
}
