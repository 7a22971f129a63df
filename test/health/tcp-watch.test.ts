import { TcpWatch } from '../../src/health/tcp-watch'
import { decoded, ethernet, hex, ipv4, PROTOCOL } from '../wire/frames'

const A = 0
const B = 1
const SYN = 0x02
const RST = 0x04
const ACK = 0x10

/** One conversation, whose packets come a millisecond apart. */
class Conversation {
  readonly watch = new TcpWatch()
  private atMicros = 1_700_000_000e6

  constructor(private readonly row = 5) {}

  send(side: number, sequence: number, acknowledgment: number, length: number, flags = ACK): this {
    const header = Buffer.alloc(20)
    header.writeUInt32BE(sequence >>> 0, 4)
    header.writeUInt32BE(acknowledgment >>> 0, 8)
    header[12] = 0x50
    header[13] = flags
    const segment = hex(header, Buffer.alloc(length))
    this.atMicros += 1000
    this.watch.packet(
      decoded(ethernet('0800', ipv4(segment, { protocol: PROTOCOL.tcp }))),
      this.row,
      side,
      this.atMicros,
    )
    return this
  }

  wait(seconds: number): this {
    this.atMicros += seconds * 1e6
    this.watch.settle(this.atMicros)
    return this
  }

  get counts(): { heard: number; missing: number; twoWay: number; oneWay: number } {
    const { heard, missing, twoWay, oneWay } = this.watch
    return { heard, missing, twoWay, oneWay }
  }
}

/** Three segments of A that B acknowledges one by one; numbers wrap on the way. */
function steady(from = 0xffffff00): Conversation {
  const conversation = new Conversation().send(A, from - 1, 0, 0, SYN).send(B, 999, from, 0, SYN | ACK)
  for (let at = from; at < from + 300; at += 100) conversation.send(A, at, 1000, 100).send(B, 1000, at + 100, 0)
  return conversation
}

test('a conversation of which all is heard', () => {
  expect(steady().wait(1).counts).toEqual({ heard: 300, missing: 0, twoWay: 1, oneWay: 0 })
})

test('what is acknowledged and was never heard is missing', () => {
  const at = 0xffffff00 + 300
  const inTheMiddle = steady()
    .send(A, at + 100, 1000, 100)
    .send(B, 1000, at + 200, 0)
    .wait(1)
  expect(inTheMiddle.counts).toMatchObject({ heard: 400, missing: 100 })
  const atTheEnd = steady()
    .send(B, 1000, at + 70, 0)
    .wait(1)
  expect(atTheEnd.counts).toMatchObject({ heard: 300, missing: 70 })
})

test('what is sent again before it is acknowledged was lost on the way to both', () => {
  const at = 0xffffff00 + 300
  const again = steady()
    .send(A, at + 100, 1000, 100)
    .send(A, at, 1000, 100)
    .send(B, 1000, at + 200, 0)
    .wait(1)
  expect(again.counts).toMatchObject({ missing: 0 })
})

test('a hole that is filled in part is missing in part', () => {
  const at = 0xffffff00 + 300
  const part = steady()
    .send(A, at + 90, 1000, 10)
    .send(A, at, 1000, 20)
    .send(A, at + 80, 1000, 10)
  expect(part.send(B, 1000, at + 100, 0).wait(1).counts).toMatchObject({ missing: 60 })
})

test('a session that brings the acknowledgment before the data has lost nothing', () => {
  const at = 0xffffff00 + 300
  expect(
    steady()
      .send(B, 1000, at + 100, 0)
      .send(A, at, 1000, 100)
      .wait(1).counts,
  ).toMatchObject({ missing: 0 })
})

test('more holes at a time than are followed count like those that are', () => {
  const conversation = steady()
  let at = 0xffffff00 + 300
  for (let hole = 0; hole < 40; hole++, at += 200) conversation.send(A, at + 100, 1000, 100)
  conversation.send(B, 1000, at, 0).wait(1)
  expect(conversation.counts.missing).toBe(4000)
})

test('one side that goes on alone is one way, until the other is heard', () => {
  const alone = new Conversation()
  for (let at = 0; at < 10; at++) alone.send(A, at * 100, 1000, 100)
  expect(alone.counts).toMatchObject({ twoWay: 0, oneWay: 1, heard: 0, missing: 0 })
  expect(alone.send(B, 1000, 1000, 0).counts).toMatchObject({ twoWay: 1, oneWay: 0 })
})

test('one that only acknowledges more and more is one way, too', () => {
  const alone = new Conversation()
  for (let at = 0; at < 10; at++) alone.send(A, 1, 1000 + at * 100, 0)
  expect(alone.wait(1).counts).toEqual({ heard: 0, missing: 0, twoWay: 0, oneWay: 1 })
})

test('a scan that nobody answers, and what is sent in vain again and again, are not', () => {
  const scan = new Conversation()
  for (let attempt = 0; attempt < 10; attempt++) scan.send(A, 1, 0, 0, SYN).send(B, 0, 2, 0, RST | ACK)
  expect(scan.counts).toMatchObject({ twoWay: 0, oneWay: 0 })
  const vain = new Conversation()
  for (let attempt = 0; attempt < 10; attempt++) vain.send(A, 1, 1, 100)
  expect(vain.counts).toMatchObject({ twoWay: 0, oneWay: 0 })
})

test('each period is judged anew, and a new connection on the same ports is another', () => {
  const conversation = steady()
  conversation.watch.beginPeriod()
  expect(conversation.send(A, 0xffffff00 + 300, 1000, 10).send(B, 1000, 0xffffff00 + 310, 0).counts.twoWay).toBe(2)
  conversation.send(A, 5_000_000, 0, 0, SYN).send(B, 77, 5_000_001, 0, SYN | ACK)
  expect(conversation.send(A, 5_000_001, 78, 10).wait(1).counts.missing).toBe(0)
})

test('a place is kept while its conversation speaks, and then given to another', () => {
  const { watch } = steady()
  const packet = decoded(
    ethernet('0800', ipv4(hex(Buffer.alloc(12), '50 10 00 00 00 00 00 00'), { protocol: PROTOCOL.tcp })),
  )
  const other = 5 + (1 << 13)
  for (const side of [A, B]) watch.packet(packet, other, side, 1)
  expect(watch.twoWay).toBe(1)
  watch.beginPeriod()
  for (const side of [A, B]) watch.packet(packet, other, side, 1)
  expect(watch.twoWay).toBe(2)
})
