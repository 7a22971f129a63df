import { DirectConsole } from './fuzz/direct-console'
import { Fuzz, type FuzzOptions } from './fuzz/fuzz'
import { PtyConsole } from './fuzz/pty-console'
import type { Station } from './fuzz/station'
import { randomBytes, randomKeys, type Source } from './fuzz/typist'
import { World } from './fuzz/world'
import { Random } from '../../src/host/simulated/traffic/random'

/** NPS_FUZZ_SEED gives the same strokes again; NPS_FUZZ_SECONDS says for how long, each of them. */
const SEED = Number(process.env['NPS_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const SECONDS = Number(process.env['NPS_FUZZ_SECONDS'] ?? 18)

const SOURCES = { 'random bytes': randomBytes, 'random keys': randomKeys }
const INPUTS = ['random bytes', 'random keys'] as const
const FACES = ['screens', 'plain'] as const

const CASES = FACES.flatMap((face) => INPUTS.map((input) => ({ face, input })))

/** So many consoles side by side in this process: most of the time each of them waits for something. */
const LANES = ['A', 'B', 'C']

type Start = (world: World, random: Random) => Promise<Station>

/** All at once; what the first one has found ends the others. */
async function fuzz(
  name: string,
  lanes: readonly string[],
  source: Source,
  seconds: number,
  start: Start,
): Promise<void> {
  process.stderr.write(`${name}: NPS_FUZZ_SEED=${SEED} NPS_FUZZ_SECONDS=${SECONDS}\n`)
  const stop = new AbortController()
  const results = await Promise.allSettled(
    lanes.map((lane) =>
      fuzzOne({ name: `${name} ${lane}`, seed: SEED, ms: seconds * 1000, source, stop: stop.signal }, start).catch(
        (error) => {
          stop.abort()
          throw error
        },
      ),
    ),
  )
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

async function fuzzOne(options: Omit<FuzzOptions, 'world' | 'station'>, start: Start): Promise<void> {
  const world = await World.start()
  try {
    const station = await start(world, new Random(options.seed).fork(`${options.name} terminals`))
    const run = new Fuzz({ ...options, station, world })
    try {
      await run.run()
    } finally {
      await station.close()
      process.stderr.write(run.report)
    }
  } finally {
    await world.close()
  }
}

describe('no crash, no dead end, and nothing of the sensor changes that was not confirmed', () => {
  const timeoutMs = SECONDS * 1000 + 180_000

  test.each(CASES)(
    '$face, $input',
    ({ face, input }) =>
      fuzz(`${face}, ${input}`, LANES, SOURCES[input], SECONDS, ({ tap }, random) =>
        DirectConsole.start(face, tap.socketPath, random),
      ),
    timeoutMs,
  )

  // The program as it is shipped, which takes longer to look at: half the time.
  test.each(FACES)(
    'the program on a pseudo-terminal, %s',
    (face) => fuzz(`pty, ${face}`, ['A'], randomKeys, SECONDS / 2, ({ tap }) => PtyConsole.start(face, tap.socketPath)),
    timeoutMs,
  )
})
