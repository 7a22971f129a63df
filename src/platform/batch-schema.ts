import { z } from 'zod'
import type { Batch } from '../report/summary'

/**
 * A Batch (report/summary.ts) as JSON, which is how sensors sent it before there was nps-report(5), and told of machines. Sensors are
 * strangers, so every length and number has a bound; text may hold any character, because nothing measured is refused
 * for its spelling. Pages show it escaped.
 */
const count = z.int().nonnegative()
const name = z.string().max(256)

const Endpoint = z.object({
  class: z.enum(['inventoried', 'non-inventoried', 'excluded', 'monitored', 'external']),
  name,
  group: name.exactOptional(),
})

const Flow = z.object({
  client: Endpoint,
  server: Endpoint,
  port: z.int().min(0).max(65_535),
  proto: z.enum(['tcp', 'udp']),
  c2sPackets: count,
  s2cPackets: count,
  c2sBytes: count,
  s2cBytes: count,
  firstMs: count,
  lastMs: count,
  service: z.object({ app: z.string().min(1).max(32), by: z.enum(['payload', 'port']) }).exactOptional(),
})

const Asset = z.object({ address: z.string().max(64), mac: z.string().max(64), firstMs: count, lastMs: count })

export const BatchSchema = z.object({
  version: z.literal(1),
  id: z.uuid(),
  kind: z.enum(['new', 'update']),
  fromMs: count,
  untilMs: count,
  flows: z.array(Flow).max(200_000),
  assets: z.array(Asset).max(200_000),
}) satisfies z.ZodType<Omit<Batch, 'machines'>>
