import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { Collector } from '../../src/export/collector'
import { until } from '../until'
import { A_FLOW } from './flows'
import { MessageReader, type ReadMessage } from './read-messages'
import { freePort } from './nfcapd'

const EXPORTER = { observationDomain: 9, name: 'sensor' }
const ALL_TEMPLATES = [256, 257, 258, 259, 260, 261, 262, 263, 264]
const flows = (count: number) => Array.from({ length: count }, (_, at) => ({ ...A_FLOW, serverPort: at % 65_536 }))

let cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const each of cleanUp.reverse()) await each()
  cleanUp = []
})

function collectorAt(transport: 'udp' | 'tcp', port: number, host = '127.0.0.1'): Collector {
  const collector = new Collector({ transport, host, port }, EXPORTER)
  cleanUp.push(() => collector.close())
  return collector
}

/** Someone who listens on UDP; what came is in `datagrams`. */
async function listenUdp(port = 0, type: 'udp4' | 'udp6' = 'udp4') {
  const socket: UdpSocket = createSocket({ type, recvBufferSize: 4 << 20 })
  const datagrams: Buffer[] = []
  socket.on('message', (datagram) => datagrams.push(datagram))
  socket.bind(port, type === 'udp4' ? '127.0.0.1' : '::1')
  await once(socket, 'listening')
  const close = (): Promise<unknown> => new Promise<void>((resolve) => socket.close(resolve))
  return { port: socket.address().port, datagrams, close }
}

/** Someone who listens on TCP; the bytes of each connection are in `connections`. */
async function listenTcp(port = 0) {
  const server: Server = createServer()
  const connections: { socket: Socket; chunks: Buffer[] }[] = []
  server.on('connection', (socket) => {
    const connection = { socket, chunks: [] as Buffer[] }
    connections.push(connection)
    socket.on('data', (chunk) => connection.chunks.push(chunk))
    socket.on('error', () => undefined)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    for (const { socket } of connections) socket.destroy()
    if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  cleanUp.push(close)
  const messages = (at: number): ReadMessage[] =>
    new MessageReader().stream(Buffer.concat(connections[at]?.chunks ?? []))
  return { port: (server.address() as { port: number }).port, connections, messages, close }
}

test('UDP: templates, then flows, each delivery; the sequence goes on and no datagram is longer than any path takes', async () => {
  const there = await listenUdp()
  cleanUp.push(there.close)
  const collector = collectorAt('udp', there.port)
  await collector.send(flows(100))
  await collector.send(flows(50))
  await until(() => there.datagrams.length >= collector.totals.messages)
  const reader = new MessageReader()
  const read = there.datagrams.map((datagram) => reader.message(datagram))
  expect(read.filter(({ templates }) => templates.length > 0).map(({ templates }) => templates)).toEqual([
    ALL_TEMPLATES,
    ALL_TEMPLATES,
  ])
  expect(read[0]!.templates).toEqual(ALL_TEMPLATES)
  let sequence = 0
  for (const message of read) {
    expect(message.sequence).toBe(sequence)
    sequence += message.records.length
    expect(message.bytes).toBeLessThanOrEqual(1232)
  }
  // And the statistics, once.
  expect(sequence).toBe(151)
  expect(collector.totals).toMatchObject({ flows: 150, notSentFlows: 0, messages: read.length })
  expect(collector.totals.octets).toBe(read.reduce((sum, { bytes }) => sum + bytes, 0))
})

test('UDP over IPv6', async () => {
  const there = await listenUdp(0, 'udp6')
  cleanUp.push(there.close)
  const collector = collectorAt('udp', there.port, '::1')
  await collector.send(flows(3))
  await until(() => there.datagrams.length >= 3)
  expect(collector.trouble).toBe('')
})

test('UDP: nobody listens: it is said and counted, and when somebody does again it is well', async () => {
  const port = await freePort()
  const collector = collectorAt('udp', port)
  await collector.send(flows(5000))
  expect(collector.trouble).toBe('nobody listens there')
  expect(collector.totals.flows + collector.totals.notSentFlows).toBe(5000)
  expect(collector.totals.notSentFlows).toBeGreaterThan(0)
  expect(collector.totals.notSentPackets).toBe(collector.totals.notSentFlows * 5)
  expect(collector.totals.notSentOctets).toBe(collector.totals.notSentFlows * 3180)
  const there = await listenUdp(port)
  cleanUp.push(there.close)
  const lost = collector.totals.notSentFlows
  await collector.send(flows(10))
  expect(collector.trouble).toBe('')
  expect(collector.totals.notSentFlows).toBe(lost)
  await until(() => there.datagrams.length >= 2)
  const reader = new MessageReader()
  expect(there.datagrams.flatMap((datagram) => reader.message(datagram).records)).toHaveLength(10)
})

test('UDP: a name that is not known', async () => {
  const collector = collectorAt('udp', 4739, 'collector.invalid')
  await collector.send(flows(3))
  expect(collector.trouble).toMatch(/^(its name is not known|no DNS server answers)$/)
  expect(collector.totals.notSentFlows).toBe(3)
})

test('TCP: one connection for many deliveries, templates once, the totals each time', async () => {
  const there = await listenTcp()
  const collector = collectorAt('tcp', there.port)
  await collector.send(flows(1000))
  await collector.send(flows(10))
  await collector.close()
  await until(() => there.connections[0]?.socket.readableEnded === true)
  expect(there.connections).toHaveLength(1)
  const read = there.messages(0)
  expect(read.flatMap(({ templates }) => templates)).toEqual(ALL_TEMPLATES)
  const statistics = read.flatMap(({ records }) => records).filter(({ template }) => template === 264)
  expect(statistics.map(({ fields }) => Number(fields.get('42')?.readBigUInt64BE()))).toEqual([0, 1000])
  let sequence = 0
  for (const message of read) {
    expect(message.sequence).toBe(sequence)
    sequence += message.records.length
  }
  expect(sequence).toBe(1012)
})

test('TCP: a collector that starts anew gets a session of its own, templates first', async () => {
  const first = await listenTcp()
  const collector = collectorAt('tcp', first.port)
  await collector.send(flows(10))
  await first.close()
  await collector.send(flows(10))
  expect(collector.trouble).toMatch(/nobody listens there|it closed the connection|it cut the connection/)
  expect(collector.totals.notSentFlows).toBe(10)
  const second = await listenTcp(first.port)
  await collector.send(flows(20))
  await collector.close()
  expect(collector.trouble).toBe('')
  await until(() => second.connections[0]?.socket.readableEnded === true)
  const [templates, statistics, data] = second.messages(0)
  expect(templates).toMatchObject({ templates: ALL_TEMPLATES, sequence: 0 })
  expect(statistics).toMatchObject({ sequence: 0 })
  expect(Number(statistics!.records[0]!.fields.get('166')?.readBigUInt64BE())).toBe(10)
  expect(data).toMatchObject({ sequence: 1, records: { length: 20 } })
})
