import { TcpView } from '../../src/wire/tcp'
import { UdpView } from '../../src/wire/udp'
import { decoded, hex, inWords, ipv4, LINK, PROTOCOL, seen, tcp, udp } from './frames'

// TCP: ports (2 + 2), sequence (4), acknowledgment (4), offset (4 bits), flags (1), window (2), check sum, urgent

test('fields of TCP are where RFC 9293 puts them', () => {
  const view = new TcpView()
  const header = tcp(0x12, 5000, 443)
  expect(view.set(header, 0, header.length)).toBe(true)
  expect([view.sourcePort, view.destinationPort]).toEqual([5000, 443])
  expect([view.sequenceNumber, view.acknowledgmentNumber]).toEqual([1, 2])
  expect([view.headerLength, view.flags, view.window]).toEqual([20, 0x12, 1024])
  expect(view.set(header, 0, 19)).toBe(false)
})

test('four bytes of TCP are enough for the ports, fourteen for the flags', () => {
  const packet = ipv4(tcp(0x02), { protocol: PROTOCOL.tcp })
  expect(seen(packet, LINK.raw)).toBe('tcp 10.0.0.1:5000 > 10.0.0.2:443, 40 bytes')
  expect(inWords(decoded(packet.subarray(0, 23), LINK.raw, 40))).toBe('damaged')
  expect(inWords(decoded(packet.subarray(0, 24), LINK.raw, 40))).toContain('tcp')
  expect(decoded(packet.subarray(0, 33), LINK.raw, 40).tcpFlags).toBe(0)
  expect(decoded(packet.subarray(0, 34), LINK.raw, 40).tcpFlags).toBe(0x02)
})

// UDP: ports (2 + 2), length (2), check sum (2)

test('fields of UDP are where RFC 768 puts them', () => {
  const view = new UdpView()
  const header = udp()
  expect(view.set(header, 0, header.length)).toBe(true)
  expect([view.sourcePort, view.destinationPort, view.length]).toEqual([5000, 53, 12])
  expect(view.set(header, 0, 7)).toBe(false)
})

test('UDP is final: a tunnel over it is a flow', () => {
  const vxlan = hex('08000000 00000100', ipv4(udp()))
  expect(seen(ipv4(udp(5000, 4789, vxlan)), LINK.raw)).toBe('udp 10.0.0.1:5000 > 10.0.0.2:4789, 68 bytes')
})
