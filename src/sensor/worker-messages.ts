import { z } from 'zod'
import { NO_COUNTERS, type FromWorker } from '../capture/messages'
import { noMeasures } from '../health/measures'
import { foreignText } from '../link/foreign-text'

/*
 * The worker takes apart what strangers send, so what it says is checked like the words of a stranger: nothing that it
 * can be made to say is more than a wrong figure or a wrong sentence. Whatever is added to FromWorker goes here as well.
 */

/** Longer than any sentence of ours. */
const LONGEST_TEXT = 1000

/** More than a machine has ports. */
const MOST_PORTS = 256

const count = z.number()

/** More than any list in a report of a feed is long. */
const MOST_ROWS = 1000

/** Terminals and logs obey control characters. */
const text = (longest: number) => z.string().transform((value) => foreignText(value, longest))

/** A number under each name that this object has. */
const numbersLike = <Name extends string>(example: Record<Name, number>) =>
  z.strictObject(Object.fromEntries(Object.keys(example).map((name) => [name, count])) as Record<Name, typeof count>)

const rows = <Row extends z.core.$ZodShape>(row: Row) => z.array(z.strictObject(row)).max(MOST_ROWS)

const rate = { packetsPerSecond: count, bitsPerSecond: count }

const health = z.strictObject({
  atMs: count,
  sinceMs: count,
  lastPacketMs: count,
  now: z.strictObject(rate),
  portBitsPerSecond: count,
  peak: z.strictObject({ ...rate, atMs: count }),
  recentMs: count,
  recent: numbersLike(noMeasures()),
  total: numbersLike(noMeasures()),
  lookedOneIn: count,
  vlans: rows({ id: count, frames: count }),
  vlanCount: count,
  stackedFrames: count,
  erspan: rows({ source: text(64), type: z.enum(['I', 'II', 'III']), id: count, packets: count, missing: count }),
  vxlan: rows({ vni: count, packets: count }),
  routers: rows({ mac: text(32), addresses: count }),
  twins: rows({ address: text(64), macs: z.tuple([text(32), text(32)]), vlans: z.tuple([count, count]) }),
  nat: rows({ address: text(64), systems: z.tuple([text(100), text(100)]) }),
})

const port = z.strictObject({
  name: text(64),
  method: text(16),
  packets: count,
  bytes: count,
  kernelDrops: count,
  portDrops: count,
})

/** As much as a batch may hold in a text (nps-report(5)). */
const LONGEST_SAID = 1024
/** More than a worker tells of one machine. */
const MOST_OF_A_MACHINE = 1000

const said = {
  kind: text(LONGEST_SAID),
  value: text(LONGEST_SAID),
  confidence: count,
  source: text(LONGEST_SAID),
  atMs: count,
}
const texts = z.array(text(LONGEST_SAID)).max(MOST_OF_A_MACHINE)

const brief = {
  id: text(64),
  addresses: texts,
  macs: texts,
  lastMs: count,
  attributes: rows({ ...said, clue: text(LONGEST_SAID) }),
}

const machine = z.strictObject({
  ...brief,
  isGateway: z.boolean(),
  firstMs: count,
  said: rows(said),
  reasons: texts,
})

const Message = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('heartbeat'),
    atMs: count,
    counters: numbersLike(NO_COUNTERS),
    health,
    ports: z.array(port).max(MOST_PORTS),
  }),
  z.strictObject({ type: z.literal('spooled'), id: z.uuid(), flows: count, assets: count }),
  z.strictObject({ type: z.literal('found'), number: count, machines: z.array(machine).max(MOST_ROWS) }),
  z.strictObject({
    type: z.literal('listed'),
    number: count,
    list: z.strictObject({ machines: rows(brief), total: count }),
  }),
  z.strictObject({ type: z.literal('trouble'), text: text(LONGEST_TEXT) }),
]) satisfies z.ZodType<FromWorker>

/** What the worker said. Throws Error, with where it went wrong, when it is nothing that a worker says. */
export function fromWorker(message: unknown): FromWorker {
  const { data, error } = Message.safeParse(message)
  if (data === undefined)
    throw new Error(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  return data
}
