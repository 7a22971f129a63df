import { join, u16, u32, u8 } from './octets'

/* DHCP (RFC 2131 section 2; options RFC 2132, 81 is RFC 4702). */
export const DISCOVER = 1
export const OFFER = 2
export const REQUEST = 3
export const DHCP_ACK = 5

const MAGIC_COOKIE = 0x63825363

export interface DhcpClient {
  mac: Buffer
  hostname: string
  /** Option 60; empty when the system sends none. */
  vendorClass: string
  /** Option 55, in the order that makes a system known. */
  parameterRequestList: number[]
  /** Windows tells its full name in option 81. */
  fullName: string
}

export interface DhcpLease {
  address: Buffer
  server: Buffer
  netmask: Buffer
  router: Buffer
  dns: Buffer
  domain: string
  seconds: number
}

/** A DISCOVER, or a REQUEST for the lease when there is one. */
export function emitDhcpRequest(transaction: number, client: DhcpClient, lease?: DhcpLease): Buffer {
  const options = [
    option(53, u8(lease ? REQUEST : DISCOVER)),
    option(61, join(u8(1), client.mac)),
    ...(lease ? [option(50, lease.address), option(54, lease.server)] : []),
    ...(client.hostname ? [option(12, Buffer.from(client.hostname))] : []),
    ...(client.fullName ? [option(81, join(u8(0), u8(0), u8(0), client.fullName))] : []),
    ...(client.vendorClass ? [option(60, Buffer.from(client.vendorClass))] : []),
    option(55, Buffer.from(client.parameterRequestList)),
  ]
  return emitBootp(1, transaction, Buffer.alloc(4), client.mac, options)
}

/** An OFFER or an ACK of the lease. */
export function emitDhcpReply(type: number, transaction: number, client: DhcpClient, lease: DhcpLease): Buffer {
  const options = [
    option(53, u8(type)),
    option(54, lease.server),
    option(51, u32(lease.seconds)),
    option(58, u32(lease.seconds / 2)),
    option(59, u32(Math.floor(lease.seconds * 0.875))),
    option(1, lease.netmask),
    option(3, lease.router),
    option(6, lease.dns),
    option(15, Buffer.from(lease.domain)),
  ]
  return emitBootp(2, transaction, lease.address, client.mac, options)
}

function emitBootp(operation: number, transaction: number, yours: Buffer, mac: Buffer, options: Buffer[]): Buffer {
  const message = join(
    Buffer.of(operation, 1, 6, 0),
    u32(transaction),
    u16(0),
    u16(0),
    Buffer.alloc(4),
    yours,
    Buffer.alloc(8),
    mac,
    // The rest of the hardware address, and the server and file names of BOOTP.
    Buffer.alloc(10 + 64 + 128),
    u32(MAGIC_COOKIE),
    ...options,
    u8(255),
  )
  // BOOTP relays drop what is shorter than 300 octets (RFC 1542 section 2.1).
  return message.length >= 300 ? message : join(message, Buffer.alloc(300 - message.length))
}

const option = (code: number, value: Buffer): Buffer => join(u8(code), u8(value.length), value)
