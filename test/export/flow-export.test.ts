import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { FlowExport, type ExportSettings } from '../../src/export/flow-export'
import { AddressClasses } from '../../src/flow/address-classes'
import { DEFAULT_ASSET_GROUPS, type AssetGroups } from '../../src/flow/asset-groups'
import { FlowMeter } from '../../src/flow/flow-meter'
import { Reporter } from '../../src/report/reporter'
import { application } from '../../src/services/application'
import { until } from '../until'
import { hex, ipv4, LINK, PROTOCOL, tcp } from '../wire/frames'
import { MessageReader, type DataRecord } from './read-messages'

const SETTINGS: ExportSettings = {
  collectors: [],
  seconds: 3600,
  externalAddresses: false,
  sensorId: '2f1f0a52-84b6-4f0e-9c39-2f0f6d0c7a11',
}

let stop: (() => Promise<unknown>) | undefined
afterEach(async () => {
  await stop?.()
  stop = undefined
})

/** A meter, a reporter and an export to a TCP collector of ours; `packet` is one SYN of 40 bytes. */
async function exporting(changes: Partial<ExportSettings> = {}, groups: AssetGroups = DEFAULT_ASSET_GROUPS) {
  const chunks: Buffer[] = []
  let hasEnded = false
  const server = createServer((socket) => {
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => (hasEnded = true))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `ipfix+tcp://127.0.0.1:${(server.address() as { port: number }).port}`
  const meter = new FlowMeter({ capacity: 1024 })
  const reporter = new Reporter({ meter, groups, nowMs: 0 })
  const flowExport = new FlowExport({ ...SETTINGS, collectors: [url], ...changes }, meter.addresses)
  reporter.onFlow = (flow, client, server) => flowExport.add(flow, client, server)
  stop = async () => {
    await flowExport.stop()
    server.close()
  }
  const packet = (source: string, destination: string, sourcePort = 5000): void => {
    const frame = hex(
      '02 00 00 00 00 ff',
      '02 00 00 00 00 0a',
      '0800',
      ipv4(tcp(2, sourcePort), { source, destination, protocol: PROTOCOL.tcp }),
    )
    meter.packet(frame, 0, frame.length, frame.length, 1_000_000, LINK.ethernet)
  }
  /** What the collector has got in the end. */
  const delivered = async (): Promise<DataRecord[]> => {
    await reporter.collect()
    await flowExport.deliver()
    await flowExport.stop()
    await until(() => hasEnded)
    return new MessageReader()
      .stream(Buffer.concat(chunks))
      .flatMap(({ records }) => records)
      .filter(({ template }) => template < 264)
  }
  return { meter, packet, reporter, flowExport, delivered }
}
type Exporting = Awaited<ReturnType<typeof exporting>>

function seen({ fields }: DataRecord): string {
  const address = (field: string): string => [...fields.get(field)!].join('.')
  const mac = (field: string): string => fields.get(field)?.toString('hex') ?? 'no MAC'
  const packets = fields.get('2')!.readBigUInt64BE()
  return `${address('8')} ${mac('56')} > ${address('12')} ${mac('80')} ${packets}`
}

test('external hosts have no address, and one row; a flow between two of them is not told', async () => {
  const { packet, delivered } = await exporting()
  packet('10.0.0.1', '203.0.113.5')
  packet('10.0.0.1', '203.0.113.6')
  packet('203.0.113.5', '203.0.113.6')
  expect((await delivered()).map(seen)).toEqual(['10.0.0.1 02000000000a > 0.0.0.0 000000000000 2'])
})

test('external hosts have their address when that is wanted', async () => {
  const { packet, delivered } = await exporting({ externalAddresses: true })
  packet('10.0.0.1', '203.0.113.5')
  packet('10.0.0.1', '203.0.113.5', 5001)
  packet('203.0.113.5', '203.0.113.6')
  expect((await delivered()).map(seen)).toEqual(['10.0.0.1 02000000000a > 203.0.113.5 0200000000ff 2'])
})

test('monitored external hosts have theirs (R-193)', async () => {
  const monitoredExternal = [{ name: 'Mail', fqdns: [], ranges: ['203.0.113.0/24'] }]
  const { packet, delivered } = await exporting({}, { ...DEFAULT_ASSET_GROUPS, monitoredExternal })
  packet('10.0.0.1', '203.0.113.5')
  expect((await delivered()).map(seen)).toEqual(['10.0.0.1 02000000000a > 203.0.113.5 0200000000ff 1'])
})

test.each([
  ['by address', { excludedRanges: ['10.0.0.2'] }],
  ['by MAC', { excludedMacs: ['02:00:00:00:00:ff'] }],
])('excluded %s: neither address nor MAC leaves the box, wanted or not; the counts do (R-191)', async (_, excluded) => {
  const { packet, delivered } = await exporting({ externalAddresses: true }, { ...DEFAULT_ASSET_GROUPS, ...excluded })
  packet('10.0.0.1', '10.0.0.2')
  expect((await delivered()).map(seen)).toEqual(['10.0.0.1 02000000000a > 0.0.0.0 000000000000 1'])
})

test.each([
  ['by address', { excludedRanges: ['10.0.0.2', '203.0.113.5'] }],
  ['by MAC', { excludedMacs: ['02-00-00-00-00-FF'] }],
])('excluded %s while it waits: it is hidden as well', async (_, excluded) => {
  const { packet, reporter, flowExport, delivered } = await exporting({ externalAddresses: true })
  packet('10.0.0.1', '10.0.0.2')
  packet('10.0.0.1', '203.0.113.5')
  const groups = { ...DEFAULT_ASSET_GROUPS, ...excluded }
  await reporter.setGroups(groups)
  flowExport.hideExcluded(groups)
  expect((await delivered()).map(seen)).toEqual([
    '10.0.0.1 02000000000a > 0.0.0.0 000000000000 1',
    '10.0.0.1 02000000000a > 0.0.0.0 000000000000 1',
  ])
})

const CLASSES = new AddressClasses(DEFAULT_ASSET_GROUPS)

/** One packet of each of so many 4-tuples. */
function fill({ flowExport, meter }: Exporting, count: number, service = 0): void {
  const counts = { c2sPackets: 1, s2cPackets: 0, c2sBytes: 40, s2cBytes: 0, c2sWireBytes: 60, s2cWireBytes: 0 }
  const rest = { firstMicros: 1, lastMicros: 1, clientMac: 0, serverMac: 0, service, proto: 'tcp' as const }
  const client = meter.addresses.ipv4(0x0a000001)
  for (let at = 0; at < count; at++) {
    const server = meter.addresses.ipv4(0x0a010001 + (at >> 16))
    const flow = { ...counts, ...rest, client, server, clientPort: 1, serverPort: at & 0xffff }
    flowExport.add(flow, CLASSES.classify('10.0.0.1', ''), CLASSES.classify(meter.addresses.text(server), ''))
  }
}

test('an application that was seen is told', async () => {
  const all = await exporting()
  const { delivered } = all
  fill(all, 1, application('modbus').number)
  fill(all, 1)
  const [record, ...others] = await delivered()
  expect(record!.fields.get('96')?.toString()).toBe('modbus')
  expect(others).toEqual([])
})

test('more 4-tuples than there is room for are one row, and no packet is lost', async () => {
  const all = await exporting()
  const { flowExport, delivered } = all
  expect(flowExport.isDue).toBe(false)
  fill(all, 120_000)
  expect(flowExport.isDue).toBe(true)
  const records = await delivered()
  expect(records).toHaveLength(100_001)
  expect(records.reduce((sum, { fields }) => sum + Number(fields.get('2')!.readBigUInt64BE()), 0)).toBe(120_000)
  expect(seen(records.at(-1)!)).toBe('0.0.0.0 no MAC > 0.0.0.0 no MAC 20000')
})

test('a collector that takes nothing: the next delivery does not wait for it, and what it misses is counted', async () => {
  const sockets: Socket[] = []
  // Nobody reads: the kernel holds a few megabytes, and then it is full.
  const silent = createServer({ pauseOnConnect: true }, (socket) => sockets.push(socket))
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const url = `ipfix+tcp://127.0.0.1:${(silent.address() as { port: number }).port}`
  const all = await exporting({ collectors: [url] })
  const { flowExport } = all
  fill(all, 100_000)
  const stuck = flowExport.deliver()
  await until(() => sockets.length === 1)
  fill(all, 500)
  await flowExport.deliver()
  expect(flowExport.totals.notSent).toBe(500)
  for (const socket of sockets) socket.on('error', () => undefined).resetAndDestroy()
  silent.close()
  await stuck
  expect(flowExport.trouble).toBe(`Flows cannot be exported to ${url}: it cut the connection.`)
  const { sent, notSent } = flowExport.totals
  expect(sent + notSent).toBe(100_500)
  expect(notSent).toBeGreaterThan(500)
})
