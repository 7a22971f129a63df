import { decodeByLayers } from '../../src/wire/decoder'
import { Packet } from '../../src/wire/packet'
import { ethernet, hex, INNER, INNER_SEEN, inWords, ipv4, LINK, udp } from './frames'

function opened(payload: Buffer, port: number, opensOverlays = true): string {
  const packet = new Packet()
  packet.opensOverlays = opensOverlays
  const frame = ethernet('0800', ipv4(udp(5000, port, payload)))
  decodeByLayers(packet, frame, 0, frame.length, frame.length, LINK.ethernet)
  return inWords(packet)
}

const VXLAN = hex('08 000000 000064 00', ethernet('0800', INNER))
const GENEVE = hex('01 00 6558 000064 00', '0102 03 00', ethernet('0800', INNER))

const outside = (port: number, payload: Buffer): string =>
  `udp 10.0.0.1:5000 > 10.0.0.2:${port}, ${28 + payload.length} bytes`

test.each([
  ['VXLAN', VXLAN, 4789],
  ['VXLAN at the port Linux had first', VXLAN, 8472],
  ['Geneve with an option', GENEVE, 6081],
  ['Geneve with an IP packet', hex('00 00 0800 000064 00', INNER), 6081],
  ['VXLAN in Geneve', hex('00 00 0800 000064 00', ipv4(udp(1, 4789, VXLAN))), 6081],
])('%s is opened when it is asked for', (_name, payload, port) => {
  expect(opened(payload, port)).toBe(INNER_SEEN)
  expect(opened(payload, port, false)).toBe(outside(port, payload))
})

test.each([
  ['an ARP message', hex('08 000000 000064 00', ethernet('0806', Buffer.alloc(28))), 4789],
  ['no VNI', hex('00 000000 000064 00', ethernet('0800', INNER)), 4789],
  ['a frame that is cut', VXLAN.subarray(0, 30), 4789],
  ['a later version', hex('40 00 0800 000064 00', INNER), 6081],
  ['another port', VXLAN, 4790],
])('%s inside leaves the flow of the tunnel', (_name, payload, port) => {
  expect(opened(payload, port)).toBe(outside(port, payload))
})
