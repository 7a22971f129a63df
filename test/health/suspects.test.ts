import { ChangingValues } from '../../src/health/changing-values'
import { SendingMacs } from '../../src/health/macs'
import { Neighbours } from '../../src/health/neighbours'
import { synSignature, systemOf } from '../../src/health/syn-signature'
import { decoded, DESTINATION_MAC, hex, ipv4, PROTOCOL } from '../wire/frames'

function taking(values: number[], secondsApart = 1): number[] {
  const changing = new ChangingValues(16)
  values.forEach((value, index) => changing.see(9, value, 0, 1000 + index * secondsApart))
  return changing
    .takingTurns(1000 + values.length * secondsApart)
    .flatMap((found) => found.values.map((each) => each.value))
}

test.each<[string, number[], number[]]>([
  ['one value', [1, 1, 1, 1, 1, 1], []],
  ['one after the other', [1, 1, 1, 1, 2, 2, 2, 2], []],
  ['in turns', [1, 2, 1, 2, 1, 2], [1, 2]],
  ['in turns, the one seen most first', [2, 1, 2, 2, 1, 2, 1], [2, 1]],
  ['a stray among many', [1, 1, 1, 2, 1, 1, 1, 1, 2, 1, 1], []],
  ['many in turns', [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4], [1, 2]],
])('%s', (_name, values, expected) => {
  expect(taking(values)).toEqual(expected)
})

test('values that come back after a long time are not there at the same time', () => {
  expect(taking([1, 2, 1, 2, 1, 2, 1, 2], 700)).toEqual([])
})

test('keys are bounded: the oldest goes', () => {
  const changing = new ChangingValues(16)
  for (let key = 1; key <= 1000; key++) for (const value of [1, 2, 1, 2, 1, 2]) changing.see(key, value, 0, key)
  const found = changing.takingTurns(1000)
  expect(found.length).toBeLessThanOrEqual(16)
  expect(found.map(({ key }) => key)).toContain(1000)
})

const ROUTER = 0x4c5e0c10a001
const HOST = 0x001b63000001

test('a MAC that many addresses are behind is a router, as long as they are', () => {
  const macs = new SendingMacs()
  for (let address = 1; address <= 20; address++) macs.see(ROUTER, 0x0a000000 + address, 1)
  for (let address = 1; address <= 4; address++) macs.see(HOST, 0x0a000100 + address, 1)
  expect([macs.isRouter(ROUTER), macs.isRouter(HOST), macs.isRouter(3)]).toEqual([true, false, false])
  expect(macs.routers()).toEqual([{ mac: ROUTER, addresses: expect.any(Number) }])
  macs.beginPeriod()
  expect(macs.isRouter(ROUTER)).toBe(true)
  macs.beginPeriod()
  expect(macs.isRouter(ROUTER)).toBe(false)
})

/** A packet from 10.0.0.1, sent by a MAC with a TTL. */
function packet(mac: string, ttl = 64, address = '10.0.0.1'): ReturnType<typeof decoded> {
  const frame = hex(DESTINATION_MAC, mac, '0800', ipv4(Buffer.alloc(8), { source: address }))
  frame[22] = ttl
  return decoded(frame)
}

function twins(...sightings: ReturnType<typeof decoded>[]): number {
  const neighbours = new Neighbours()
  for (let turn = 0; turn < 5; turn++) for (const each of sightings) neighbours.seePacket(each, 0, 1000)
  return neighbours.twins(1000).length
}

test.each([
  ['two machines', 1, [packet('02 00 00 00 00 01'), packet('02 00 00 00 00 02')]],
  ['one machine before and behind a router', 0, [packet('02 00 00 00 00 01'), packet('02 00 00 00 00 02', 63)]],
  ['VRRP', 0, [packet('02 00 00 00 00 01'), packet('00 00 5e 00 01 0a')]],
  ['HSRP', 0, [packet('02 00 00 00 00 01'), packet('00 00 0c 07 ac 0a')]],
  ['HSRP version 2', 0, [packet('02 00 00 00 00 01'), packet('00 00 0c 9f f1 23')]],
  ['GLBP', 0, [packet('00 07 b4 00 01 01'), packet('00 07 b4 00 01 02')]],
  ['network load balancing', 0, [packet('02 01 0a 00 00 01'), packet('02 02 0a 00 00 01')]],
  [
    'an address given by oneself',
    0,
    [packet('02 00 00 00 00 01', 64, '169.254.1.1'), packet('02 00 00 00 00 02', 64, '169.254.1.1')],
  ],
])('%s', (_name, expected, sightings) => {
  expect(twins(...sightings)).toBe(expected)
})

/** A SYN with these options, in hexadecimal. */
function syn(options: string, ttl = 64): ReturnType<typeof decoded> {
  const padded = hex(options, Buffer.alloc((4 - (hex(options).length % 4)) % 4))
  const header = Buffer.alloc(20)
  header[12] = ((20 + padded.length) / 4) << 4
  header[13] = 0x02
  const frame = hex(DESTINATION_MAC, '02 00 00 00 00 01', '0800', ipv4(hex(header, padded), { protocol: PROTOCOL.tcp }))
  frame[22] = ttl
  return decoded(frame)
}

test.each([
  ['Linux or Android', syn('0204 05b4 0402 080a 0000 0001 0000 0000 01 0303 07', 61)],
  ['Windows', syn('0204 05b4 01 0303 08 01 01 0402', 127)],
  ['macOS or iOS', syn('0204 05b4 01 0303 06 01 01 080a 0000 0001 0000 0000 0402 00 00')],
  // Multipath and fast open come and go with the application.
  ['macOS or iOS', syn('0204 05b4 01 0303 06 01 01 080a 0000 0001 0000 0000 0402 1e04 8181 2202')],
  ['a system with TTL 255 t', syn('080a 0000 0001 0000 0000', 250)],
])('%s is known by its SYN', (name, packet) => {
  expect(systemOf(synSignature(packet))).toBe(name)
})

test.each([
  ['options of scanners', '0204 05b4'],
  ['none', ''],
  ['one that cannot be', '0801'],
  ['too many', '0302 0302 0302 0302 0302'],
])('%s tell nothing', (_name, options) => {
  expect(synSignature(syn(options))).toBe(0)
})
