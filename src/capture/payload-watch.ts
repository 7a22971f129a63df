import type { FlowMeter } from '../flow/flow-meter'
import { learnDnsAnswer } from '../names/dns-answers'
import { HelloNames } from '../names/hello-names'
import type { NameTable } from '../names/name-table'
import { application } from '../services/application'
import { glance } from '../services/glance'
import { ipv4Text, ipv6Text } from '../wire/address-text'
import { DnsView } from '../wire/dns'
import type { Packet } from '../wire/packet'
import { Payload } from '../wire/payload'

const DNS = application('dns').number

/**
 * Looks at the first payloads of each flow for the meter: what the flow carries, and what names its server goes by. A
 * flow that is known costs nothing more; only DNS is read on, since each answer may have a name.
 */
export class PayloadWatch {
  private readonly payload = new Payload()
  private readonly dns = new DnsView()
  private readonly hellos = new HelloNames()

  /** Without `names` nothing is read but what tells the application. */
  constructor(
    private readonly meter: FlowMeter,
    private readonly names?: NameTable,
  ) {}

  /** What the meter calls as its `onPayload`. */
  readonly look: NonNullable<FlowMeter['onPayload']> = (packet, payloadAt, row, _side, atMicros) => {
    const { meter, payload, names } = this
    payload.set(packet, payloadAt)
    const known = meter.serviceOf(row)
    // The second part of a hello looks like anything.
    const number = known !== 0 ? known : (glance(payload)?.number ?? 0)
    if (number === 0) return
    if (names === undefined) return meter.settle(row, number)
    if (number === DNS) {
      this.readDns(packet, names, atMicros)
      return meter.settleAndLookOn(row, number)
    }
    const said = this.hellos.read(payload, row, atMicros)
    if (said === undefined) return meter.settle(row, number)
    if (said.name !== '') names.learn(destinationText(packet), said.name, 0, Math.floor(atMicros / 1000))
    if (said.goesOn) meter.settleAndLookOn(row, number)
    else meter.settle(row, number)
  }

  /** Over TCP the length of the message comes before it (RFC 1035 section 4.2.2). */
  private readDns({ bytes }: Packet, names: NameTable, atMicros: number): void {
    const { dns, payload } = this
    const messageAt = payload.isTcp ? payload.at + 2 : payload.at
    if (dns.set(bytes, messageAt, payload.end)) learnDnsAnswer(dns, bytes, names, Math.floor(atMicros / 1000))
  }
}

function destinationText({ bytes, ipVersion, destinationAt }: Packet): string {
  return ipVersion === 4 ? ipv4Text(bytes, destinationAt) : ipv6Text(bytes, destinationAt)
}
