import { z } from 'zod'

/**
 * What sensor and platform say to each other, all of it over TLS that the sensor verifies. The platform is a
 * stranger to the sensor and the sensor to the platform, so both check every message against these shapes.
 *
 * Enrolment   POST /api/v1/enrol           no credential but the code, which is burned on use
 * Session     WebSocket /api/v1/session    the sensor's own certificate (mutual TLS)
 * Upload      PUT /api/v1/batches/{id}     the same certificate; a batch as of nps-report(5); 201 stored, 200 known already,
 *                                            503 come again, 400, 413 and 415 refused
 */

/** Paths under the platform's address. */
export const ENROL_PATH = '/api/v1/enrol'
export const SESSION_PATH = '/api/v1/session'
export const BATCH_PATH = '/api/v1/batches'

/** What an upload says it is. Anything else is taken for gzipped JSON, as it was sent before there was this. */
export const BATCH_TYPE = 'application/vnd.nps.batch'

/** Exactly 14 decimal digits. */
export const PersonalizationCode = z.string().regex(/^\d{14}$/)

export const EnrolRequest = z.object({
  code: PersonalizationCode,
  /** PKCS#10 request in PEM; the key it is signed with was made on the appliance and never leaves it (G-07). */
  csr: z.string().max(10_000),
  model: z.string().max(64),
  serial: z.string().max(64),
  version: z.string().max(32),
  /** Same for every retry of one attempt: a lost answer does not burn a second code. */
  attempt: z.uuid(),
})
export type EnrolRequest = z.infer<typeof EnrolRequest>

export const EnrolAnswer = z.object({
  sensorId: z.uuid(),
  name: z.string().max(128),
  /** The sensor's certificate, PEM. */
  certificate: z.string().max(20_000),
  /** what the person answered to `start sensing as soon as registered`. */
  startSensing: z.boolean(),
})
export type EnrolAnswer = z.infer<typeof EnrolAnswer>

/** Body of every refusal. `code`: unknown or used (error 23); `refused`: anything else (error 24). */
export const Refusal = z.object({ refused: z.enum(['code', 'refused']), reason: z.string().max(500) })
export type Refusal = z.infer<typeof Refusal>

const range = z.string().max(64)
const name = z.string().max(256)

/** What of the machines is learned. The owner of the appliance can say no to the first two. */
export const InventoryConfiguration = z.object({
  /** The OT module. */
  industrial: z.boolean(),
  /** Consent to fingerprints; absent while the operator has not decided. */
  fingerprints: z.boolean().optional(),
  /** Hostnames that merge no two machines, without anything that cannot be seen. */
  ignoredHostnames: z.array(name.regex(/^\P{C}+$/u)).max(1000),
})
export type InventoryConfiguration = z.infer<typeof InventoryConfiguration>

/** What the platform configures on a sensor. The groups have the shape of flow/asset-groups.ts. */
export const Configuration = z.object({
  /** Grows with every change. */
  version: z.int().nonnegative(),
  name,
  groups: z.object({
    inventoried: z.array(range).max(10_000),
    nonInventoried: z.array(range).max(10_000),
    excludedRanges: z.array(range).max(10_000),
    excludedMacs: z.array(range).max(10_000),
    monitoredExternal: z
      .array(z.object({ name, fqdns: z.array(name).max(1000), ranges: z.array(range).max(1000) }))
      .max(1000),
  }),
  /** Absent until the operator has saved it. */
  inventory: InventoryConfiguration.optional(),
})
export type Configuration = z.infer<typeof Configuration>

export const Command = z.enum(['start', 'pause', 'deregister'])
export type Command = z.infer<typeof Command>

/** How good the feed of the mirror port is, in the sensor's words. */
export const Feed = z.object({
  /** The worst that is the matter and what to do about it, or that all is well. */
  verdict: z.string().max(500),
  isWell: z.boolean(),
  /** What else is the matter, the worst first. */
  also: z.array(z.string().max(500)).max(30),
  /** Now, and what the model is built for; 0 where that is not known. */
  bitsPerSecond: z.number().nonnegative(),
  ratedBitsPerSecond: z.number().nonnegative(),
  /** Labels and what was measured. */
  figures: z.array(z.tuple([z.string().max(32), z.string().max(1000)])).max(40),
})
export type Feed = z.infer<typeof Feed>

export const SensingState = z.enum(['Sensing', 'Paused', 'ECO'])

/** From the sensor, over the session. */
export const FromSensor = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    version: z.string().max(32),
    model: z.string().max(64),
    sensing: SensingState,
    configurationVersion: z.int().nonnegative(),
    address: z.string().max(64),
    mac: z.string().max(32),
  }),
  z.object({
    type: z.literal('heartbeat'),
    sensing: SensingState,
    counters: z.record(z.string().max(64), z.number()),
    feed: Feed.optional(),
    /** Fingerprints are taken and may be told; where not, the platform forgets what it was told. */
    fingerprints: z.boolean().optional(),
  }),
  /** The configuration of this version is in force. */
  z.object({ type: z.literal('configured'), version: z.int().nonnegative() }),
  /** The configuration of this version cannot be put in force, and why; the one before still is. */
  z.object({ type: z.literal('not-configured'), version: z.int().nonnegative(), reason: z.string().max(500) }),
  /** A command was carried out, or why not. */
  z.object({ type: z.literal('done'), id: z.uuid(), ok: z.boolean(), reason: z.string().max(500).optional() }),
])
export type FromSensor = z.infer<typeof FromSensor>

/** From the platform, over the session. */
export const FromPlatform = z.discriminatedUnion('type', [
  /** Answer to each heartbeat; the sensor calls the link down when none comes. */
  z.object({ type: z.literal('heard'), atMs: z.number() }),
  z.object({ type: z.literal('configuration'), configuration: Configuration }),
  z.object({ type: z.literal('command'), id: z.uuid(), command: Command }),
])
export type FromPlatform = z.infer<typeof FromPlatform>
