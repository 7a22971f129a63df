import { BOOK_ADDRESSES, tableSizes } from '../../../src/capture/memory-budget'
import { Ear } from '../../../src/discovery/ear'
import { DEFAULT_ASSET_GROUPS } from '../../../src/flow/asset-groups'
import { FlowMeter } from '../../../src/flow/flow-meter'
import { randomSeed } from '../../../src/flow/keyed-hash'
import { MirrorHealth } from '../../../src/health/mirror-health'
import { Reporter } from '../../../src/report/reporter'
import type { Batch } from '../../../src/report/summary'
import { ethernet, hex, ipv4, LINK, PROTOCOL, tcp } from '../../wire/frames'

const SOURCE_MAC_AT = 6
const SOURCE_AT = 14 + 12
const DESTINATION_AT = 14 + 16
const SOURCE_PORT_AT = 14 + 20

/** One that talks all the time: every thousandth packet is of this address, on one connection. */
const HEAVY = 0x0a010101
const HEAVY_TEXT = '10.1.1.1'
const ONE_IN = 1000

/** What a worker does each second is done after so many packets. */
const A_TURN = 1_000_000

/** And so many are between two looks at the memory. */
const A_LOOK = 50_000
const FROM_MS = 1_700_000_000_000

/** When half of the flows are in use, those that are quiet for a minute are taken out, as the worker does it. */
const IDLE_MS = 60_000

/** What every packet says, with room for a made-up name. */
const GREETING = 'SSH-2.0-00000000_1.0\r\n'
const GREETING_AT = 14 + 20 + 20
const NAME_AT = GREETING_AT + 'SSH-2.0-'.length

interface Shape {
  /** Packets a second, by their own time; what is said is read up to 4,000 times a second. */
  aSecond: number
  /** Whose the n-th packet is: `mac` is what the source's card ends with. */
  packet(index: number): { source: number; destination: number; port: number; mac: number }
}

const SHAPES: Record<string, Shape> = {
  tuples: {
    aSecond: 1_000_000,
    packet: (index) => ({ source: mixed(index), destination: 0x0a000001, port: index & 0xffff, mac: 1 }),
  },
  scan: {
    aSecond: 1_000_000,
    packet: (index) => ({ source: 0x2d000001, destination: 0x0a000000 | (index & 0xffffff), port: 40_000, mac: 1 }),
  },
  macs: {
    aSecond: 1_000_000,
    packet: (index) => ({ source: 0x0a000000 | (index & 0xffffff), destination: 0x2d000001, port: 40_000, mac: index }),
  },
  names: {
    aSecond: 4000,
    packet: (index) => {
      const machine = index % 50_000
      return { source: 0x0a020000 + machine, destination: 0x0a000001, port: mixed(index) >>> 16, mac: 2 + machine }
    },
  },
}

export interface Flooded {
  /** Packets in the rows that were reported, and those of the one that talks all the time. */
  reported: number
  heavySent: number
  heavyReported: number
  /** Before the first packet, after a fifth of them, and at most. */
  rssMb: number[]
  turnedAway: number
  cpuSeconds: number
}

/** The worker's tables at their real sizes, and a flood: do they keep within their room, and are the totals exact? */
async function main([shape, packetsText, megabytes]: string[]): Promise<void> {
  const packets = Number(packetsText)
  const { flows, rows, addresses, cards, evidenceBytes } = tableSizes(Number(megabytes))
  const { aSecond, packet } = SHAPES[shape!]!
  const msAfter = (sent: number): number => FROM_MS + Math.floor((1000 * sent) / aSecond)
  const meter = new FlowMeter({ capacity: flows, addressCapacity: BOOK_ADDRESSES })
  const capacities = { rowCapacity: rows, addressCapacity: addresses, cardCapacity: cards, evidenceBytes }
  const reporter = new Reporter({ meter, groups: DEFAULT_ASSET_GROUPS, nowMs: FROM_MS, ...capacities })
  const health = new MirrorHealth({ seed: randomSeed() })
  meter.observer = health
  meter.listener = new Ear(reporter.inventory)
  const told: Flooded = { reported: 0, heavySent: 0, heavyReported: 0, rssMb: [rssMb()], turnedAway: 0, cpuSeconds: 0 }
  const sink = {
    write: async ({ id, flows }: Batch): Promise<string> => {
      for (const { client, c2sPackets, s2cPackets } of flows) {
        told.reported += c2sPackets + s2cPackets
        if (client.name === HEAVY_TEXT) told.heavyReported += c2sPackets + s2cPackets
      }
      return id
    },
  }
  const frame = ethernet('0800', ipv4(hex(tcp(0x18, 40_000, 22), Buffer.from(GREETING)), { protocol: PROTOCOL.tcp }))
  let [early, most] = [0, 0]
  for (let index = 0; index < packets; index++) {
    const isHeavy = index % ONE_IN === 0
    const { source, destination, port, mac } = packet(index)
    frame.writeUInt32BE(isHeavy ? 2 : mac, SOURCE_MAC_AT + 2)
    frame.writeUInt32BE((isHeavy ? HEAVY : source) >>> 0, SOURCE_AT)
    frame.writeUInt32BE(isHeavy ? 0x0a000001 : destination >>> 0, DESTINATION_AT)
    frame.writeUInt16BE(isHeavy ? 4000 : port, SOURCE_PORT_AT)
    if (shape === 'names') frame.write(index.toString(16).padStart(8, '0'), NAME_AT)
    meter.packet(frame, 0, frame.length, frame.length, FROM_MS * 1000 + (1e6 / aSecond) * index, LINK.ethernet)
    if (isHeavy) told.heavySent++
    if (index % A_LOOK === 0) {
      most = Math.max(most, rssMb())
      if (index < packets / 5) early = most
    }
    if (index % A_TURN !== A_TURN - 1) continue
    const nowMs = msAfter(index)
    health.take(nowMs, { ...meter.counters, liveFlows: meter.liveFlows, dropped: 0, portBitsPerSecond: 0 })
    if (meter.liveFlows > flows / 2) await reporter.collect((nowMs - IDLE_MS) * 1000)
    if (reporter.isFull) await reporter.report('update', sink, nowMs)
    most = Math.max(most, rssMb())
  }
  await reporter.report('update', sink, msAfter(packets))
  const { user, system } = process.cpuUsage()
  const rss = [...told.rssMb, early, Math.max(most, rssMb())]
  const { turnedAway } = reporter
  console.log(JSON.stringify({ ...told, rssMb: rss, turnedAway, cpuSeconds: (user + system) / 1e6 } satisfies Flooded))
}

function rssMb(): number {
  return Math.round(process.memoryUsage.rss() / 1e6)
}

/** Every number once, in no order. */
function mixed(index: number): number {
  return Math.imul(index, 0x9e3779b1)
}

void main(process.argv.slice(2))
