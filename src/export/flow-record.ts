import { PROTOCOL_TCP, PROTOCOL_UDP } from '../wire/ip-protocols'
import { AddressBytes } from './address-bytes'
import type { ExportedFlow } from './exported-flow'
import { shortText, writeCount, writeText } from './values'
import { fixedLength, FLOW_TEMPLATES, flowTemplate, type Template } from './templates'

/** biflowDirection: the source is the initiator, as far as the meter can tell (RFC 5103 section 6.3). */
const INITIATOR = 1

const FIXED_LENGTHS = new Map(FLOW_TEMPLATES.map((template) => [template.id, fixedLength(template)]))

/** Writes the records of FLOW_TEMPLATES. */
export class FlowRecords {
  /** Of the flow looked at last. */
  template: Template = FLOW_TEMPLATES[0]!
  length = 0

  private readonly addresses = new AddressBytes()
  private client: Uint8Array | undefined
  private server: Uint8Array | undefined
  private name: Uint8Array = NOTHING

  /** Choose template and length of a flow's record, which `write` then writes. */
  look(flow: ExportedFlow): void {
    this.client = this.addresses.of(flow.clientAddress)
    this.server = this.addresses.of(flow.serverAddress)
    this.name = flow.application === '' ? NOTHING : shortText(flow.application)
    const hasApplication = this.name.length > 0
    this.template = flowTemplate({
      isIpv6: (this.client ?? this.server)?.length === 16,
      hasMacs: flow.clientMac !== 0 || flow.serverMac !== 0,
      hasApplication,
    })
    this.length = FIXED_LENGTHS.get(this.template.id)! + (hasApplication ? 1 + this.name.length : 0)
  }

  write(flow: ExportedFlow, bytes: Buffer, start: number): void {
    const isIpv6 = (this.template.id & 1) !== 0
    const addressLength = isIpv6 ? 16 : 4
    let at = start
    at = writeCount(bytes, flow.firstMs, at)
    at = writeCount(bytes, flow.lastMs, at)
    at = writeAddress(bytes, this.client, addressLength, at)
    at = writeAddress(bytes, this.server, addressLength, at)
    if (flow.clientMac !== 0 || flow.serverMac !== 0) {
      at = bytes.writeUIntBE(flow.clientMac, at, 6)
      at = bytes.writeUIntBE(flow.serverMac, at, 6)
    }
    at = bytes.writeUInt16BE(flow.serverPort, at)
    at = bytes.writeUInt8(flow.proto === 'tcp' ? PROTOCOL_TCP : PROTOCOL_UDP, at)
    at = writeCount(bytes, flow.c2sBytes, at)
    at = writeCount(bytes, flow.c2sPackets, at)
    at = writeCount(bytes, flow.s2cBytes, at)
    at = writeCount(bytes, flow.s2cPackets, at)
    at = bytes.writeUInt8(INITIATOR, at)
    if (this.name.length > 0) writeText(bytes, this.name, at)
  }
}

const NOTHING = new Uint8Array(0)

/** An address that is not told is all zeroes, which RFC 6235 calls a black marker. */
function writeAddress(bytes: Buffer, address: Uint8Array | undefined, length: number, at: number): number {
  if (address?.length === length) bytes.set(address, at)
  else bytes.fill(0, at, at + length)
  return at + length
}
