import { DEFAULT_ASSET_GROUPS, type AssetGroups } from '../../src/flow/asset-groups'
import { Ear } from '../../src/discovery/ear'
import { FlowMeter } from '../../src/flow/flow-meter'
import { Reporter } from '../../src/report/reporter'
import type { Batch } from '../../src/report/summary'
import { hex, ipv4, LINK, PROTOCOL, tcp, udp } from '../wire/frames'

/** Who is on the wire, each with a MAC of its own. */
export const HOSTS = [
  '10.0.0.1',
  '10.0.0.2',
  '10.0.0.3',
  '10.20.0.1',
  '198.51.100.7',
  '203.0.113.1',
  '203.0.113.2',
  '224.0.0.251',
]

/** Groups, and what each host is under them: its class and what may be shown of it. */
export const WORLDS: { groups: AssetGroups; labels: string[] }[] = [
  {
    groups: { ...DEFAULT_ASSET_GROUPS },
    labels: [
      'inventoried 10.0.0.1',
      'inventoried 10.0.0.2',
      'inventoried 10.0.0.3',
      'inventoried 10.20.0.1',
      'external External',
      'external External',
      'external External',
      'non-inventoried 224.0.0.251',
    ],
  },
  {
    groups: {
      inventoried: ['10.0.0.0/24'],
      nonInventoried: ['10.20.0.0/16'],
      excludedRanges: ['10.0.0.2'],
      excludedMacs: ['02:00:00:00:00:02'],
      monitoredExternal: [{ name: 'watched', fqdns: [], ranges: ['198.51.100.0/24'] }],
    },
    labels: [
      'inventoried 10.0.0.1',
      'excluded Excluded',
      'excluded Excluded',
      'non-inventoried 10.20.0.1',
      'monitored 198.51.100.7',
      'external External',
      'external External',
      'non-inventoried 224.0.0.251',
    ],
  },
  {
    groups: { ...DEFAULT_ASSET_GROUPS, inventoried: [] },
    labels: [...Array<string>(7).fill('external External'), 'non-inventoried 224.0.0.251'],
  },
]

export interface SentPacket {
  from: number
  to: number
  sourcePort: number
  destinationPort: number
  isTcp: boolean
}

export function frameOf({ from, to, sourcePort, destinationPort, isTcp }: SentPacket): Buffer {
  const mac = (host: number): string => `02 00 00 00 00 0${host}`
  const payload = isTcp ? tcp(0x10, sourcePort, destinationPort) : udp(sourcePort, destinationPort)
  const protocol = isTcp ? PROTOCOL.tcp : PROTOCOL.udp
  return hex(mac(to), mac(from), '0800', ipv4(payload, { source: HOSTS[from]!, destination: HOSTS[to]!, protocol }))
}

/** A meter, its reporter, and a disk that can be told to fail. */
export class Box {
  readonly meter = new FlowMeter({ capacity: 1000, seed: 1 })
  readonly written: Batch[] = []
  diskFails = false
  nowMs = 1_700_000_000_000
  readonly reporter: Reporter

  constructor(groups: AssetGroups, rowCapacity = 1000) {
    this.reporter = new Reporter({ meter: this.meter, groups, nowMs: this.nowMs, rowCapacity })
    this.meter.listener = new Ear(this.reporter.inventory)
  }

  send(packet: SentPacket): Buffer {
    const frame = frameOf(packet)
    this.nowMs += 1
    this.meter.packet(frame, 0, frame.length, frame.length, this.nowMs * 1000, LINK.ethernet)
    return frame
  }

  /** What it wrote. */
  async report(kind: Batch['kind']): Promise<Batch[]> {
    const before = this.written.length
    const disk = {
      write: async (batch: Batch) => {
        if (this.diskFails) throw new Error('the disk is full')
        this.written.push(structuredClone(batch))
        return batch.id
      },
    }
    await this.reporter.report(kind, disk, this.nowMs).catch(() => undefined)
    return this.written.slice(before)
  }
}

export async function batchesOf(reporter: Reporter): Promise<Batch[]> {
  const batches: Batch[] = []
  await reporter.report('update', { write: async (batch) => (batches.push(batch), batch.id) }, 2000)
  return batches
}

export const web = (from: number, to: number, sourcePort = 5000): SentPacket => {
  return { from, to, sourcePort, destinationPort: 443, isTcp: true }
}

/** The address is excluded in the middle of a report, which the disk then has no room for. */
export async function excludedWhileReporting(box: Box, address: string): Promise<void> {
  let groupsChange: Promise<void> | undefined
  const failing = async (): Promise<string> => {
    groupsChange = box.reporter.setGroups({ ...DEFAULT_ASSET_GROUPS, excludedRanges: [address] })
    throw new Error('the disk is full')
  }
  await expect(box.reporter.report('update', { write: failing }, box.nowMs)).rejects.toThrow('the disk is full')
  await groupsChange
}
