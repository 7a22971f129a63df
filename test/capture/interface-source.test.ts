import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { WrappingCount } from '../../src/capture/interface-source'
import { readFlows } from '../../src/capture/read-flows'
import { until } from '../until'
import { ethernet, hex, ipv4, PROTOCOL, tcp, udp } from '../wire/frames'
import { pcap } from './capture-bytes'
import { Cables, liveTest, Probe } from './mirror-port'

test('a count kept in 32 bits goes on over its end, read as signed or not', () => {
  const count = new WrappingCount()
  for (const kernel of [5, 0x7fffffff, -2, 0xffffffff, 3]) count.update(kernel)
  expect(count.total).toBe(2 ** 32 + 3)
})

/** Frames of many flows, some with VLAN tags, some as long as a frame can be. */
const FRAMES = Array.from({ length: 5000 }, (_, index) => {
  const source = `10.0.${index % 7}.${1 + (index % 11)}`
  const destination = `192.168.0.${1 + (index % 5)}`
  const packet =
    index % 3 === 0
      ? ipv4(udp(5000, 53, Buffer.alloc(index % 1400)), { source, destination })
      : ipv4(tcp(0x10, 4000, 80 + (index % 3)), { source, destination, protocol: PROTOCOL.tcp })
  const frame = index % 4 === 0 ? ethernet('8100', hex('0064 0800', packet)) : ethernet('0800', packet)
  return Buffer.concat([frame, Buffer.alloc(Math.max(0, 60 - frame.length))])
})

describe.each(['ring', 'pcap'] as const)('a mirror port, listened to by %s', (method) => {
  const live = liveTest(method)
  let cables: Cables
  let probe: Probe | undefined

  beforeEach(() => (cables = new Cables()))

  afterEach(() => {
    probe?.kill()
    probe = undefined
    cables.remove()
  })

  live('what a switch sends is counted to the packet and the byte, VLAN tags and all', async () => {
    probe = await Probe.start(cables, { port: 'mirror', method })
    await cables.send(FRAMES, { rate: 50_000 })
    await until(() => probe!.packets >= FRAMES.length)
    const lines = await probe.end()
    const file = join(cables.folder, 'expected.pcap')
    writeFileSync(file, pcap(FRAMES.map((frame) => ({ frame, atMicros: 0, wireBytes: frame.length }))))
    const expected = [...(await readFlows(file)).flows].map(
      (flow) =>
        `${flow.clientAddress} ${flow.serverAddress} ${flow.serverPort} ${flow.proto} ${flow.c2sPackets} ${flow.c2sBytes}`,
    )
    expect(probe.said('flow').sort()).toEqual(expected.sort())
    expect(lines).toContain('drops 0')
    expect(lines).toContain(`wire ${FRAMES.reduce((sum, frame) => sum + frame.length, 0)}`)
    expect(lines).toContain(`method ${method === 'pcap' ? 'libpcap' : method}`)
  })

  live('it is closed while nothing comes, and the process ends', async () => {
    probe = await Probe.start(cables, { port: 'mirror', method })
    await probe.end()
    expect(probe.said('flow')).toEqual([])
    await probe.exits()
  })

  live('a port that is taken away is said in plain words', async () => {
    probe = await Probe.start(cables, { port: 'mirror', method })
    cables.ip('link', 'del', 'mirror')
    await until(() => probe!.said('error').some((text) => text.includes('mirror')))
    await probe.exits()
  })

  live('a port that has another name now, or whose name another port has', async () => {
    probe = await Probe.start(cables, { port: 'mirror', method })
    cables.ip('link', 'set', 'mirror', 'down')
    cables.ip('link', 'set', 'mirror', 'name', 'elsewhere')
    await until(() => probe!.said('error').length > 0)
    expect(probe.said('error')[0]).toMatch(/no port mirror|mirror is down|port mirror is gone/)
  })

  live('a cable without a link is said, and taken back when it has one', async () => {
    probe = await Probe.start(cables, { port: 'mirror', method })
    cables.ip('link', 'set', 'mirror-switch', 'down')
    await until(() => probe!.said('trouble').length === 1)
    cables.ip('link', 'set', 'mirror-switch', 'up')
    await until(() => probe!.said('trouble').length === 2)
    expect(probe.said('trouble')).toEqual([expect.stringMatching(/^The mirror port mirror has no link/), ''])
    await cables.send(FRAMES.slice(0, 10))
    await until(() => probe!.packets >= 10)
  })

  live('a port that is not there', async () => {
    probe = await Probe.start(cables, { port: 'nps-none', method })
    await until(() => probe!.said('error').length === 1)
    expect(probe.said('error')).toEqual(['There is no port nps-none on this machine.'])
  })

  live('while the handler is held up packets are dropped, and every one of them is counted', async () => {
    const done = join(cables.folder, 'go-on')
    probe = await Probe.start(cables, { port: 'mirror', method, holdUpUntil: done, ringBytes: 1024 * 1024 })
    await cables.send(FRAMES, { times: 40 })
    writeFileSync(done, '')
    const drops = async (): Promise<number> =>
      Number((await probe!.end()).find((line) => line.startsWith('drops'))?.slice(6))
    await until(() => probe!.packets > 1000)
    await until(async () => {
      const before = probe!.packets
      await new Promise((resolve) => setTimeout(resolve, 500))
      return probe!.packets === before
    })
    expect((await drops()) + probe.packets).toBe(40 * FRAMES.length)
    expect(await drops()).toBeGreaterThan(0)
  })
})

describe('where the ring does not do', () => {
  const live = liveTest('pcap')
  let cables: Cables
  let probe: Probe | undefined

  beforeEach(() => (cables = new Cables()))

  afterEach(() => {
    probe?.kill()
    probe = undefined
    cables.remove()
  })

  live('libpcap listens to all ports together, unless only the ring will do', async () => {
    probe = await Probe.start(cables, { port: 'any', method: 'auto' })
    await cables.send(FRAMES.slice(0, 10))
    await until(() => probe!.packets >= 10)
    expect(await probe.end()).toContain('method libpcap')
    expect(probe.said('log')).toEqual([
      'any is read through libpcap. There is no fast capture here. A ring is for one port.',
    ])
    probe = await Probe.start(cables, { port: 'any', method: 'ring' })
    await until(() => probe!.said('error').length === 1)
  })

  live('a port that is switched off has to be opened again, and that is said', async () => {
    probe = await Probe.start(cables, { port: 'mirror', method: 'pcap' })
    cables.ip('link', 'set', 'mirror', 'down')
    await until(() => probe!.said('error').some((text) => text.startsWith('The mirror port mirror is down')))
  })
})
