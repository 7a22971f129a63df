import { ipv4Text, macText } from '../../src/wire/address-text'
import { ArpView } from '../../src/wire/arp'
import { decoded, DESTINATION_MAC, ethernet, hex, seen, SOURCE_MAC } from './frames'

// hardware (2), protocol (2), address lengths (1 + 1), operation (2), sender MAC, IP, target MAC, IP
const ANSWER = hex('0001 0800 06 04 0002', SOURCE_MAC, '0a000001', DESTINATION_MAC, '0a000002')

test('fields are where RFC 826 puts them', () => {
  const view = new ArpView()
  expect(view.set(ANSWER, 0, ANSWER.length)).toBe(true)
  expect(view.operation).toBe(2)
  expect(macText(ANSWER, view.senderMacAt)).toBe('02:00:00:00:00:01')
  expect(ipv4Text(ANSWER, view.senderIpAt)).toBe('10.0.0.1')
  expect(macText(ANSWER, view.targetMacAt)).toBe('02:00:00:00:00:02')
  expect(ipv4Text(ANSWER, view.targetIpAt)).toBe('10.0.0.2')
})

test('only ARP for IPv4 over Ethernet, and whole, is ours', () => {
  const frame = ethernet('0806', ANSWER)
  expect(seen(frame)).toBe('not IP')
  expect(decoded(frame).arpAt).toBe(6 + 14)
  expect(decoded(frame.subarray(0, 41)).arpAt).toBe(-1)
  expect(decoded(ethernet('0806', hex('0006', ANSWER.subarray(2)))).arpAt).toBe(-1)
})
