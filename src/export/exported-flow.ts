/** What is exported of the traffic of one 4-tuple. */
export interface ExportedFlow {
  /** Canonical text. Anything that is no address, such as nothing, is not to be told or not known. */
  clientAddress: string
  serverAddress: string
  /** As numbers of 48 bits; 0 when not known or not to be told. */
  clientMac: number
  serverMac: number
  serverPort: number
  proto: 'tcp' | 'udp'
  c2sPackets: number
  s2cPackets: number
  /** IP lengths. */
  c2sBytes: number
  s2cBytes: number
  /** Milliseconds since 1970. */
  firstMs: number
  lastMs: number
  /** As it was seen in the payload, such as `https`; empty when it was not. */
  application: string
}
