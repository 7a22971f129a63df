import { DirectConsole } from './fuzz/direct-console'
import { Fuzz } from './fuzz/fuzz'
import { PtyConsole } from './fuzz/pty-console'
import type { Station } from './fuzz/station'
import { randomBytes, randomKeys } from './fuzz/typist'
import { World } from './fuzz/world'
import { Random } from '../../src/host/simulated/traffic/random'

/** NPS_FUZZ_SEED gives the same strokes again; NPS_FUZZ_SECONDS says for how long, each of them. */
const SEED = Number(process.env['NPS_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const SECONDS = Number(process.env['NPS_FUZZ_SECONDS'] ?? 18)

const SOURCES = { 'random bytes': randomBytes, 'random keys': randomKeys }
const INPUTS = ['random bytes', 'random keys'] as const
const FACES = ['screens', 'plain'] as const

const CASES = FACES.flatMap((face) => INPUTS.map((input) => ({ face, input })))

async function fuzz(
  name: string,
  input: keyof typeof SOURCES,
  seconds: number,
  start: (world: World) => Promise<Station>,
): Promise<void> {
  process.stderr.write(`${name}: NPS_FUZZ_SEED=${SEED} NPS_FUZZ_SECONDS=${SECONDS}\n`)
  const world = await World.start()
  try {
    const station = await start(world)
    const run = new Fuzz({ name, seed: SEED, ms: seconds * 1000, source: SOURCES[input], station, world })
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
  test.each(CASES)(
    '$face, $input',
    ({ face, input }) =>
      fuzz(`${face}, ${input}`, input, SECONDS, ({ tap }) =>
        DirectConsole.start(face, tap.socketPath, new Random(SEED).fork('terminals')),
      ),
    SECONDS * 1000 + 180_000,
  )

  // The program as it is shipped, which is slower: half the time.
  test.each(FACES)(
    'the program on a pseudo-terminal, %s',
    (face) => fuzz(`pty, ${face}`, 'random keys', SECONDS / 2, ({ tap }) => PtyConsole.start(face, tap.socketPath)),
    SECONDS * 1000 + 180_000,
  )
})
