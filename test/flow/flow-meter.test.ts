import fc from 'fast-check'
import { FlowMeter, type TakenFlow } from '../../src/flow/flow-meter'
import { DESTINATION_MAC, ethernet, hex, ipv4, ipv6, LINK, PROTOCOL, SOURCE_MAC, tcp, udp } from '../wire/frames'

const SYN = 0x02
const SYN_ACK = 0x12
const ACK = 0x10

const CLIENT = '10.0.0.1'
const SERVER = '10.0.0.2'

function meterOf(frames: Buffer[], capacity = 64): FlowMeter {
  const meter = new FlowMeter({ capacity, seed: 1 })
  frames.forEach((frame, index) => give(meter, frame, index))
  return meter
}

function give(meter: FlowMeter, frame: Buffer, atMicros: number): void {
  meter.packet(frame, 0, frame.length, frame.length, atMicros, LINK.raw)
}

interface Taken extends TakenFlow {
  clientAddress: string
  serverAddress: string
}

function withTexts(meter: FlowMeter, flow: TakenFlow): Taken {
  const { addresses } = meter
  return { ...flow, clientAddress: addresses.text(flow.client), serverAddress: addresses.text(flow.server) }
}

function taken(meter: FlowMeter, options?: { forgetIdleSinceMicros?: number }): Taken[] {
  const flows: Taken[] = []
  meter.take((flow) => flows.push(withTexts(meter, flow)), options)
  return flows
}

function tcpFrom(
  source: string,
  destination: string,
  flags: number,
  sourcePort: number,
  destinationPort: number,
): Buffer {
  return ipv4(tcp(flags, sourcePort, destinationPort), { source, destination, protocol: PROTOCOL.tcp })
}

const there = (flags: number): Buffer => tcpFrom(CLIENT, SERVER, flags, 5000, 443)
const back = (flags: number): Buffer => tcpFrom(SERVER, CLIENT, flags, 443, 5000)

/** A row in words: who opened it, and what went each way. */
function inWords(flow: Taken): string {
  const { clientAddress, serverAddress, serverPort, proto, c2sPackets, s2cPackets } = flow
  return `${proto} ${clientAddress} > ${serverAddress}:${serverPort} ${c2sPackets}/${s2cPackets}`
}

describe('who the client is', () => {
  test.each([
    ['the sender of the first SYN', [there(SYN), back(SYN_ACK), there(ACK)], `tcp ${CLIENT} > ${SERVER}:443 2/1`],
    ['also when something came before it', [back(ACK), there(SYN)], `tcp ${CLIENT} > ${SERVER}:443 1/1`],
    ['else who the first SYN+ACK was sent to', [back(SYN_ACK), there(ACK)], `tcp ${CLIENT} > ${SERVER}:443 1/1`],
    ['a SYN wins over a SYN+ACK before it', [there(SYN_ACK), there(SYN)], `tcp ${CLIENT} > ${SERVER}:443 2/0`],
    ['the first of two SYNs wins', [there(SYN), back(SYN)], `tcp ${CLIENT} > ${SERVER}:443 1/1`],
    ['else the sender of the first packet', [back(ACK), there(ACK)], `tcp ${SERVER} > ${CLIENT}:5000 1/1`],
  ])('%s', (_name, frames, expected) => {
    expect(taken(meterOf(frames)).map(inWords)).toEqual([expected])
  })

  test('for UDP it is the sender of the first packet', () => {
    const answer = ipv4(udp(53, 5000), { source: SERVER, destination: CLIENT })
    expect(taken(meterOf([ipv4(udp()), answer])).map(inWords)).toEqual([`udp ${CLIENT} > ${SERVER}:53 1/1`])
  })

  test('it stays the client after a take', () => {
    const meter = meterOf([there(SYN)])
    taken(meter)
    give(meter, back(ACK), 9)
    expect(taken(meter).map(inWords)).toEqual([`tcp ${CLIENT} > ${SERVER}:443 0/1`])
  })
})

test('bytes, times and MAC addresses of a flow', () => {
  const meter = new FlowMeter({ capacity: 4 })
  const request = hex(ethernet('0800', ipv4(udp())), Buffer.alloc(14))
  const answer = hex(SOURCE_MAC, DESTINATION_MAC, '0800', ipv4(udp(53, 5000), { source: SERVER, destination: CLIENT }))
  meter.packet(request, 0, request.length, 60, 5_000_000, LINK.ethernet)
  meter.packet(answer, 0, answer.length, 46, 7_000_000, LINK.ethernet)
  meter.packet(request, 0, request.length, 60, 4_000_000, LINK.ethernet)
  expect(taken(meter)).toEqual([
    {
      client: 1,
      server: 2,
      clientAddress: CLIENT,
      serverAddress: SERVER,
      clientPort: 5000,
      serverPort: 53,
      proto: 'udp',
      c2sPackets: 2,
      s2cPackets: 1,
      c2sBytes: 64,
      s2cBytes: 32,
      c2sWireBytes: 120,
      s2cWireBytes: 46,
      firstMicros: 4_000_000,
      lastMicros: 7_000_000,
      clientMac: 0x020000000001,
      serverMac: 0x020000000002,
      service: 0,
    },
  ])
})

test('a group MAC address is nobody’s', () => {
  const meter = new FlowMeter({ capacity: 4 })
  const broadcast = hex('ffffffffffff', SOURCE_MAC, '0800', ipv4(udp(), { destination: '10.255.255.255' }))
  meter.packet(broadcast, 0, broadcast.length, broadcast.length, 0, LINK.ethernet)
  expect(taken(meter)).toMatchObject([{ clientMac: 0x020000000001, serverMac: 0 }])
})

test('IPv4, IPv6, TCP and UDP between the same ports are different flows', () => {
  const frames = [ipv4(udp(1, 2)), ipv4(tcp(ACK, 1, 2), { protocol: PROTOCOL.tcp }), ipv6(udp(1, 2))]
  expect(taken(meterOf(frames)).map(inWords)).toEqual([
    'udp 10.0.0.1 > 10.0.0.2:2 1/0',
    'tcp 10.0.0.1 > 10.0.0.2:2 1/0',
    'udp 2001:db8::1 > 2001:db8::2:2 1/0',
  ])
})

test('both directions are one flow, whatever the addresses and ports', () => {
  const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((bytes) => bytes.join('.'))
  const port = fc.nat(65535)
  fc.assert(
    fc.property(address, address, port, port, (source, destination, sourcePort, destinationPort) => {
      const meter = meterOf([
        tcpFrom(source, destination, SYN, sourcePort, destinationPort),
        tcpFrom(destination, source, SYN_ACK, destinationPort, sourcePort),
      ])
      const flows = taken(meter)
      expect(flows).toHaveLength(1)
      expect(flows).toMatchObject([{ clientAddress: source, serverAddress: destination, serverPort: destinationPort }])
    }),
  )
})

test('a take starts the counts from zero, and a silent flow is not taken', () => {
  const meter = meterOf([there(SYN), there(ACK)])
  expect(taken(meter).map(inWords)).toEqual([`tcp ${CLIENT} > ${SERVER}:443 2/0`])
  expect(taken(meter)).toEqual([])
  give(meter, there(ACK), 30)
  expect(taken(meter)).toMatchObject([{ c2sPackets: 1, firstMicros: 30, lastMicros: 30 }])
})

test('idle flows leave the table, and are taken before they do', () => {
  const meter = meterOf([ipv4(udp(1, 53)), ipv4(udp(2, 53)), ipv4(udp(3, 53))])
  expect(taken(meter, { forgetIdleSinceMicros: 2 })).toHaveLength(3)
  expect(meter.liveFlows).toBe(1)
  give(meter, ipv4(udp(3, 53)), 10)
  give(meter, ipv4(udp(4, 53)), 11)
  expect(
    taken(meter)
      .map((flow) => flow.clientPort)
      .sort(),
  ).toEqual([3, 4])
})

test('in a full table the longest silent flow makes room, and nothing of it is lost', () => {
  const meter = new FlowMeter({ capacity: 2, seed: 1 })
  const evicted: string[] = []
  meter.onEvicted = (flow) => evicted.push(inWords(withTexts(meter, flow)))
  const ports = [1, 2, 1, 3]
  ports.forEach((port, index) => give(meter, ipv4(udp(port, 53)), index))
  expect(evicted).toEqual([`udp ${CLIENT} > ${SERVER}:53 1/0`])
  expect(taken(meter).map((flow) => [flow.clientPort, flow.c2sPackets])).toEqual([
    [1, 2],
    [3, 1],
  ])
  expect(meter.counters).toMatchObject({ packets: 4, flowPackets: 4, flowsEvicted: 1 })
})

describe('looks at payload', () => {
  const payload = hex('112233')
  const ask = ipv4(udp(5000, 53, payload))
  const answer = ipv4(udp(53, 5000, payload), { source: SERVER, destination: CLIENT })

  function looked(frames: Buffer[], settleAfter = Infinity): string[] {
    const meter = new FlowMeter({ capacity: 4, seed: 1 })
    const looks: string[] = []
    meter.onPayload = (packet, payloadAt, row) => {
      looks.push(`${packet.sourcePort} ${packet.bytes.toString('hex', payloadAt, packet.end)}`)
      if (looks.length === settleAfter) meter.settle(row, 77)
    }
    frames.forEach((frame, index) => give(meter, frame, index))
    if (settleAfter <= frames.length) expect(taken(meter)).toMatchObject([{ service: 77 }])
    return looks
  }

  test('both sides are looked at, a few times each', () => {
    const looks = looked([...Array<Buffer>(9).fill(ask), answer])
    expect(looks).toEqual([...Array<string>(4).fill('5000 112233'), '53 112233'])
  })

  test('packets without payload use up none', () => {
    const bare = ipv4(udp(5000, 53, Buffer.alloc(0)))
    expect(looked([...Array<Buffer>(9).fill(bare), ask])).toEqual(['5000 112233'])
    expect(looked([there(SYN), back(SYN_ACK), there(ACK)])).toEqual([])
  })

  test('once it is settled nobody looks any more, and the flow tells what it is', () => {
    expect(looked([ask, answer, ask], 2)).toHaveLength(2)
  })
})

describe('fragments', () => {
  const first = ipv4(udp(), { identification: 7, moreFragments: true })
  const later = ipv4(Buffer.alloc(100), { identification: 7, fragmentOffset: 2, moreFragments: true })
  const last = ipv4(Buffer.alloc(10), { identification: 7, fragmentOffset: 14 })
  const whole = [
    { serverPort: 53, c2sPackets: 3, c2sBytes: 32 + 120 + 30, s2cPackets: 0, firstMicros: 0, lastMicros: 2 },
  ]

  test.each([
    ['in order', [first, later, last]],
    ['the first one last', [last, later, first]],
    ['the first one between', [later, first, last]],
  ])('belong to the flow of the first: %s', (_name, frames) => {
    const meter = meterOf(frames)
    expect(taken(meter)).toMatchObject(whole)
    expect(meter.counters).toMatchObject({ packets: 3, flowPackets: 3, orphanFragments: 0 })
  })

  test('of IPv6, too', () => {
    const meter = meterOf([
      ipv6(hex('11 00 0010 00000007', Buffer.alloc(8)), 44),
      ipv6(hex('11 00 0001 00000007', udp()), 44),
    ])
    expect(taken(meter)).toMatchObject([{ serverPort: 53, c2sPackets: 2, c2sBytes: 56 + 60 }])
  })

  test('of another protocol with the same identification are another datagram’s', () => {
    const other = ipv4(Buffer.alloc(100), { identification: 7, fragmentOffset: 2, protocol: PROTOCOL.tcp })
    expect(meterOf([first, other]).counters).toMatchObject({ flowPackets: 1, orphanFragments: 1 })
  })

  test('without a first one they are counted as orphans', () => {
    const meter = meterOf([later, ipv4(udp(), { identification: 8, moreFragments: true })])
    expect(taken(meter)).toMatchObject([{ c2sPackets: 1 }])
    expect(meter.counters).toMatchObject({ flowPackets: 1, orphanFragments: 1 })
  })

  test('a minute later the same identification is another datagram', () => {
    const meter = meterOf([first])
    give(meter, later, 61_000_000)
    expect(meter.counters).toMatchObject({ flowPackets: 1, orphanFragments: 1 })
  })

  test('after their flow was forgotten they are orphans, not another flow’s', () => {
    const meter = meterOf([first])
    taken(meter, { forgetIdleSinceMicros: 1 })
    give(meter, ipv4(udp(9, 9)), 2)
    give(meter, later, 3)
    expect(taken(meter)).toMatchObject([{ clientPort: 9, c2sPackets: 1 }])
    expect(meter.counters.orphanFragments).toBe(1)
  })
})

test('every packet is counted in exactly one place', () => {
  const kinds = [
    ipv4(udp()),
    ipv4(udp(6000, 53)),
    ipv4(udp(7000, 53)),
    ipv4(hex('0800'), { protocol: 1 }),
    ipv4(udp(), { totalLength: 19 }),
    ipv4(udp(), { fragmentOffset: 9 }),
    Buffer.alloc(0),
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 40 }), (frames) => {
      const { counters } = meterOf(frames, 2)
      const { flowPackets, notIp, otherIp, damaged, orphanFragments } = counters
      expect(counters.packets).toBe(frames.length)
      expect(flowPackets + notIp + otherIp + damaged + orphanFragments).toBe(frames.length)
    }),
  )
})

describe('who listens', () => {
  /** How many packets had come before those that were heard, and in which row and from which side. */
  function heardOf(frames: Buffer[], mayTellLate: (port: number) => boolean): string[] {
    const heard: string[] = []
    const meter = new FlowMeter({ capacity: 64, seed: 1 })
    meter.listener = {
      firstPackets: 2,
      mayTellLate: ({ destinationPort }) => mayTellLate(destinationPort),
      packet: (packet, row, side, before) => heard.push(`${packet.destinationPort}: ${row} ${side} ${before}`),
    }
    frames.forEach((frame, index) => give(meter, frame, index))
    return heard
  }

  test('hears the first packets of each side, and of those that come later what may tell', () => {
    const frames = [there(SYN), back(SYN_ACK), there(ACK), there(ACK), back(ACK), back(ACK), there(ACK)]
    const sides = heardOf(frames, () => false)
    expect(sides.map((line) => line.replace(/ \d (\d) /, ' '))).toEqual(['443: 0', '5000: 0', '443: 1', '5000: 1'])
    expect(new Set(sides.map((line) => line.split(' ')[2])).size).toBe(2)
    expect(heardOf(frames, (port) => port === 443)).toHaveLength(6)
  })

  test('hears everything that has no ports', () => {
    const pings = Array.from({ length: 5 }, () => ipv4(hex('0800 0000 0000 0000'), { protocol: 1 }))
    expect(heardOf(pings, () => false)).toHaveLength(5)
  })
})
