import { DHCP_ACK, emitDhcpReply, emitDhcpRequest, OFFER, type DhcpClient, type DhcpLease } from '../emit/dhcp'
import { ipv4, type Party } from '../machine'
import { UdpExchange } from '../mirror'
import { EVERYONE, type StaffMachine } from '../premises'
import type { Random } from '../random'
import type { Clock, Scene } from '../timeline'
import type { Stage } from './stage'

/** The four messages of RFC 2131 section 3.1. */
export function* takeLease(stage: Stage, clock: Clock, random: Random, machine: StaffMachine): Scene {
  const { mirror, premises } = stage
  const { system } = machine
  const server = premises.domainController.v4
  const transaction = random.between(1, 0x7fffffff)
  const client: DhcpClient = {
    mac: machine.mac,
    hostname: machine.name,
    vendorClass: system.vendorClass,
    parameterRequestList: system.parameterRequestList,
    fullName: system.kind === 'windows' ? `${machine.name}.${premises.domain}` : '',
  }
  const lease: DhcpLease = {
    address: machine.v4.address.bytes,
    server: server.address.bytes,
    netmask: premises.office.netmask,
    router: premises.gateway.office.address.bytes,
    dns: server.address.bytes,
    domain: premises.domain,
    seconds: 28_800,
  }
  const nobody: Party = { ...machine.v4, address: ipv4('0.0.0.0') }
  const asks = new UdpExchange(mirror, clock, nobody, 68, EVERYONE, 67)
  const answers = new UdpExchange(mirror, clock, server, 67, machine.v4, 68)
  yield asks.fromClient(emitDhcpRequest(transaction, client))
  clock.wait(1_500)
  yield answers.fromClient(emitDhcpReply(OFFER, transaction, client, lease))
  clock.wait(2_000)
  yield asks.fromClient(emitDhcpRequest(transaction, client, lease))
  clock.wait(1_200)
  yield answers.fromClient(emitDhcpReply(DHCP_ACK, transaction, client, lease))
}
