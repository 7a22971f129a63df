import fc from 'fast-check'
import { keyOfText } from '../../src/asset/address-key'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { FlowMeter } from '../../src/flow/flow-meter'
import { application } from '../../src/services/application'
import { Reporter } from '../../src/report/reporter'
import type { Batch, Endpoint } from '../../src/report/summary'
import { hex, ipv4, LINK, udp } from '../wire/frames'
import { batchesOf, Box, excludedWhileReporting, HOSTS, web, WORLDS } from './box'

const MULTICAST = HOSTS.length - 1

/** As they are shown in the worlds that do not exclude them. */
const MAY_BE_EXCLUDED = ['inventoried 10.0.0.2', 'inventoried 10.0.0.3']

const label = (end: Endpoint): string => `${end.class} ${end.name}`

test('new assets and their flows go out at once, the rest waits for the update', async () => {
  const box = new Box(DEFAULT_ASSET_GROUPS)
  box.send(web(0, 5))
  expect((await box.report('new')).map((batch) => [batch.kind, batch.flows.length, batch.assets.length])).toEqual([
    ['new', 1, 1],
  ])
  box.send(web(0, 5))
  box.send(web(1, 6))
  const [second] = await box.report('new')
  expect(second?.assets.map((asset) => asset.address)).toEqual(['10.0.0.2'])
  expect(second?.flows.map((flow) => label(flow.client))).toEqual(['inventoried 10.0.0.2'])
  expect(await box.report('new')).toEqual([])
  const [update] = await box.report('update')
  expect(update?.flows.map((flow) => [label(flow.client), label(flow.server), flow.c2sPackets])).toEqual([
    ['inventoried 10.0.0.1', 'external External', 1],
  ])
  expect(update?.assets.map((asset) => asset.address)).toEqual(['10.0.0.1'])
  expect(await box.report('update')).toEqual([])
})

test('many connections of one 4-tuple, and all external clients of a server, are one row', async () => {
  const box = new Box(DEFAULT_ASSET_GROUPS)
  for (let port = 5000; port < 5010; port += 1) box.send(web(0, 1, port))
  for (const from of [4, 5, 6]) box.send(web(from, 1))
  const [batch] = await box.report('update')
  expect(batch?.flows.map((flow) => [label(flow.client), label(flow.server), flow.port, flow.c2sPackets])).toEqual([
    ['external External', 'inventoried 10.0.0.2', 443, 3],
    ['inventoried 10.0.0.1', 'inventoried 10.0.0.2', 443, 10],
  ])
})

test('traffic without an internal end is not reported', async () => {
  const box = new Box(DEFAULT_ASSET_GROUPS)
  box.send(web(4, 5))
  box.send({ from: 5, to: MULTICAST, sourcePort: 5353, destinationPort: 5353, isTcp: false })
  expect(await box.report('update')).toEqual([])
  expect(box.meter.counters.flowPackets).toBe(2)
})

test('an address that is only spoken to is no asset; one that speaks ARP is', async () => {
  const box = new Box(DEFAULT_ASSET_GROUPS)
  box.send(web(0, 1))
  const arp = hex('ff ff ff ff ff ff 02 00 00 00 00 03 0806 0001 0800 06 04 0001')
  const from = hex('02 00 00 00 00 03', Buffer.from([10, 0, 0, 4]), '000000000000', Buffer.from([10, 0, 0, 1]))
  box.meter.packet(hex(arp, from), 0, 42, 60, box.nowMs * 1000, LINK.ethernet)
  const probe = hex('02 00 00 00 00 04', '00000000', '000000000000', Buffer.from([10, 0, 0, 5]))
  box.meter.packet(hex(arp, probe), 0, 42, 60, box.nowMs * 1000, LINK.ethernet)
  const [batch] = await box.report('new')
  expect(batch?.assets.map(({ address, mac }) => `${address} ${mac}`).sort()).toEqual([
    '10.0.0.1 02:00:00:00:00:00',
    '10.0.0.4 02:00:00:00:00:03',
  ])
})

test('an update that could not be written is not put off until the next update', async () => {
  const box = new Box(DEFAULT_ASSET_GROUPS)
  box.send(web(0, 5))
  await box.report('new')
  box.send(web(0, 5))
  box.diskFails = true
  expect(await box.report('update')).toEqual([])
  box.diskFails = false
  const [batch] = await box.report('new')
  expect([batch?.kind, batch?.flows[0]?.c2sPackets, batch?.assets.length]).toEqual(['update', 1, 1])
})

test('who is excluded now is not named in any report to come, by address or by MAC', async () => {
  const box = new Box(DEFAULT_ASSET_GROUPS)
  for (const host of [0, 1, 2]) box.send(web(host, 3))
  await box.report('new')
  for (const host of [0, 1, 2]) box.send(web(host, 3))
  await box.reporter.setGroups({
    ...DEFAULT_ASSET_GROUPS,
    excludedRanges: [HOSTS[1]!],
    excludedMacs: ['02:00:00:00:00:02'],
  })
  const [update] = await box.report('update')
  expect(update?.flows.map((flow) => [label(flow.client), label(flow.server), flow.c2sPackets])).toEqual([
    ['excluded Excluded', 'inventoried 10.20.0.1', 2],
    ['inventoried 10.0.0.1', 'inventoried 10.20.0.1', 1],
  ])
  expect(update?.assets.map((asset) => asset.address)).toEqual(['10.0.0.1'])
})

test('nor when a report did not get through that was being written before', async () => {
  const box = new Box(DEFAULT_ASSET_GROUPS)
  box.send(web(1, 3))
  await excludedWhileReporting(box, HOSTS[1]!)
  const [update] = await box.report('update')
  expect(update?.flows.map((flow) => label(flow.client))).toEqual(['excluded Excluded'])
  expect(update?.assets).toEqual([])
})

test('of groups that follow each other quickly the last are in force', async () => {
  const box = new Box(DEFAULT_ASSET_GROUPS)
  await Promise.all([WORLDS[1]!, WORLDS[0]!, WORLDS[2]!].map(({ groups }) => box.reporter.setGroups(groups)))
  expect(HOSTS.filter((host) => box.reporter.isInventoried(host))).toEqual([])
})

test('what is counted while a report is being written is in the next one', async () => {
  const box = new Box(DEFAULT_ASSET_GROUPS)
  box.send(web(0, 5))
  const packets: number[] = []
  const write = async ({ id, flows }: Batch): Promise<string> => {
    packets.push(...flows.map((flow) => flow.c2sPackets))
    if (packets.length < 3) {
      box.send(web(0, 5))
      await box.reporter.collect()
    }
    return id
  }
  for (let report = 0; report < 4; report++) await box.reporter.report('update', { write }, box.nowMs)
  expect(packets).toEqual([1, 1, 1])
})

test('a table with no room for a row asks for a report before that, then folds light rows, and says how many', async () => {
  const box = new Box(DEFAULT_ASSET_GROUPS, 2)
  for (const port of [5000, 5001]) box.send(web(0, 1, port))
  box.send(web(1, 2))
  await box.reporter.collect()
  expect([box.reporter.isFull, box.reporter.turnedAway]).toEqual([true, 0])
  box.send(web(2, 3))
  await box.reporter.collect()
  expect(box.reporter.turnedAway).toBe(1)
  const [update] = await box.report('update')
  expect(
    update?.flows.map(({ client, server, c2sPackets }) => [label(client), label(server), c2sPackets]).sort(),
  ).toEqual([
    ['inventoried 10.0.0.1', 'inventoried 10.0.0.2', 2],
    ['inventoried 10.0.0.3', 'inventoried 10.20.0.1', 1],
    ['inventoried Others', 'inventoried Others', 1],
  ])
})

test('property: the summaries add up to the packets, however reports, groups and disk failures fall', async () => {
  const host = fc.nat(HOSTS.length - 1)
  const packet = fc.record({
    from: fc.nat(MULTICAST - 1),
    to: host,
    sourcePort: fc.constantFrom(5000, 5001),
    destinationPort: fc.constantFrom(53, 443),
    isTcp: fc.boolean(),
  })
  const step = fc.oneof(
    { weight: 12, arbitrary: packet.map((sent) => ({ do: 'send', sent }) as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('new' as const, 'update' as const).map((kind) => ({ do: 'report', kind }) as const),
    },
    { weight: 1, arbitrary: fc.nat(WORLDS.length - 1).map((world) => ({ do: 'groups', world }) as const) },
    { weight: 1, arbitrary: fc.boolean().map((fails) => ({ do: 'disk', fails }) as const) },
    { weight: 1, arbitrary: fc.constant({ do: 'collect' } as const) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      let world = WORLDS[0]!
      const box = new Box(world.groups)
      const expected = new Map<string, number[]>()
      const add = (sums: Map<string, number[]>, ends: string[], packets: number, bytes: number): void => {
        // What waits when its end becomes excluded is shown so; what was reported before is not. The sum is the same.
        const key = ends
          .map((end) => (MAY_BE_EXCLUDED.includes(end) ? 'excluded Excluded' : end))
          .sort()
          .join(' and ')
        const [oldPackets = 0, oldBytes = 0] = sums.get(key) ?? []
        sums.set(key, [oldPackets + packets, oldBytes + bytes])
      }
      const spoken = new Set<string>()
      for (const each of steps) {
        if (each.do === 'report') {
          const hidden = world === WORLDS[1] ? '10.0.0.2' : 'nobody'
          const names = (await box.report(each.kind)).flatMap(({ flows, assets }) => [
            ...flows.flatMap(({ client, server }) => [client.name, server.name]),
            ...assets.map(({ address }) => address),
          ])
          expect(names).not.toContain(hidden)
        } else if (each.do === 'disk') box.diskFails = each.fails
        else if (each.do === 'collect') await box.reporter.collect()
        else if (each.do === 'groups') {
          world = WORLDS[each.world]!
          await box.reporter.setGroups(world.groups)
        } else if (each.sent.from !== each.sent.to) {
          const ipBytes = box.send(each.sent).length - 14
          const ends = [each.sent.from, each.sent.to].map((index) => world.labels[index]!)
          const isInternal = [each.sent.from, each.sent.to].some(
            (index) => index !== MULTICAST && /inventoried/.test(world.labels[index]!),
          )
          if (isInternal) add(expected, ends, 1, ipBytes)
          spoken.add(world.labels[each.sent.from]!)
        }
      }
      box.diskFails = false
      await box.report('update')
      const reported = new Map<string, number[]>()
      for (const { flows } of box.written) {
        for (const flow of flows) {
          const ends = [label(flow.client), label(flow.server)]
          add(reported, ends, flow.c2sPackets + flow.s2cPackets, flow.c2sBytes + flow.s2cBytes)
        }
      }
      expect(reported).toEqual(expected)
      expect(new Set(box.written.map((batch) => batch.id)).size).toBe(box.written.length)
      for (const { kind, flows, assets } of box.written) {
        const addresses = assets.map((asset) => asset.address)
        expect(addresses.filter((address) => !spoken.has(`inventoried ${address}`))).toEqual([])
        if (kind === 'update') continue
        for (const { client, server } of flows) {
          expect([client, server].some((end) => end.class === 'inventoried' && addresses.includes(end.name))).toBe(true)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('a large report is written in parts, each of a bearable size, and each is reported or not by itself', async () => {
  const meter = new FlowMeter({ capacity: 20_000, seed: 1 })
  const reporter = new Reporter({ meter, groups: DEFAULT_ASSET_GROUPS, nowMs: 1000 })
  const written: Batch[] = []
  let roomFor = 1
  const disk = {
    write: async (batch: Batch) => {
      if (roomFor-- <= 0) throw new Error('the disk is full')
      written.push(batch)
      return batch.id
    },
  }
  for (let host = 0; host < 15_000; host += 1) {
    const packet = ipv4(udp(), { source: `10.1.${host >> 8}.${host & 255}`, destination: '203.0.113.1' })
    meter.packet(packet, 0, packet.length, packet.length, 1_000_000, LINK.raw)
  }
  await expect(reporter.report('new', disk, 2000)).rejects.toThrow('the disk is full')
  expect([reporter.batchesSpooled, reporter.summariesSpooled]).toEqual([1, 8192])
  roomFor = 100
  await reporter.report('new', disk, 3000)
  expect(written.map(({ flows }) => flows.length).filter((length) => length > 0)).toEqual([8192, 6808])
  for (const { assets, machines } of written) {
    expect(machines.length).toBeLessThanOrEqual(256)
    // No machine comes in another batch than its address.
    expect(machines.map(({ id }) => id)).toEqual(assets.map(({ address }) => address))
  }
  expect(written.flatMap(({ machines }) => machines)).toHaveLength(15_000)
  expect(new Set(written.flatMap((batch) => batch.machines.map(({ id }) => id))).size).toBe(15_000)
  expect(new Set(written.flatMap((batch) => batch.assets.map((asset) => asset.address))).size).toBe(15_000)
  for (let host = 0; host < 15_000; host += 1) {
    const ip = `10.1.${host >> 8}.${host & 255}`
    reporter.inventory.hear(keyOfText(ip)!, 1000, 5000)
  }
  written.length = 0
  await reporter.report('update', disk, 6000)
  expect(written.map(({ assets, machines }) => [assets.length, machines.length])).toEqual([
    [8192, 0],
    [6808, 0],
  ])
})

describe('what the payload tells', () => {
  const groups = {
    ...DEFAULT_ASSET_GROUPS,
    monitoredExternal: [{ name: 'social-media', fqdns: ['*.social.example'], ranges: [] }],
  }
  const names = { namesOf: (address: string) => (address === '203.0.113.1' ? ['www.social.example'] : []) }

  async function reported(settle: number, destinationPort = 443): Promise<{ reporter: Reporter; batches: Batch[] }> {
    const meter = new FlowMeter({ capacity: 8, seed: 1 })
    meter.onPayload = (_packet, _at, row) => meter.settle(row, settle)
    const reporter = new Reporter({ meter, groups, names, nowMs: 1000 })
    const packet = ipv4(udp(5000, destinationPort), { source: HOSTS[0]!, destination: '203.0.113.1' })
    meter.packet(packet, 0, packet.length, packet.length, 1_000_000, LINK.raw)
    return { reporter, batches: await batchesOf(reporter) }
  }

  test('an address outside that goes by a name of a group is counted to it, and not shown (R-192)', async () => {
    const { batches } = await reported(0)
    const flow = batches[0]!.flows[0]!
    expect(flow.server).toEqual({ class: 'monitored', name: 'External', group: 'social-media' })
    expect(JSON.stringify(batches)).not.toContain('203.0.113.1')
  })

  test('the application is by payload where that told, else by port, else absent', async () => {
    const serviceOf = async (settle: number, port?: number): Promise<unknown> =>
      (await reported(settle, port)).batches[0]!.flows[0]!.service
    expect(await serviceOf(application('wireguard').number)).toEqual({ app: 'wireguard', by: 'payload' })
    expect(await serviceOf(0)).toEqual({ app: 'https', by: 'port' })
    expect(await serviceOf(0, 50_123)).toBeUndefined()
  })

  test.each([
    ['of a group by name', 8, 'External'],
    ['of addresses too many to be told apart', 1, 'Others'],
  ])('other groups come into force while a row %s waits', async (_what, addressCapacity, name) => {
    const meter = new FlowMeter({ capacity: 8, seed: 1, addressCapacity })
    const reporter = new Reporter({ meter, groups, names, nowMs: 1000 })
    const packet = ipv4(udp(), { source: HOSTS[0]!, destination: '203.0.113.1' })
    meter.packet(packet, 0, packet.length, packet.length, 1_000_000, LINK.raw)
    await reporter.collect()
    await reporter.setGroups(WORLDS[1]!.groups)
    const { flows } = (await batchesOf(reporter))[0]!
    expect(flows.map(({ server }) => server.name)).toEqual([name])
  })
})
