import type { Frame } from './frame'
import { Mirror, type ExpectedFlow } from './mirror'
import { buildPremises, MOST_STAFF } from './premises'
import { Random } from './random'
import { arrive } from './scenes/arrival'
import { browse } from './scenes/browsing'
import { poll, survey } from './scenes/plant'
import type { Stage } from './scenes/stage'
import { Clock, inTimeOrder, type Scene } from './timeline'

/** A Monday morning, 08:55 UTC. */
const START_MICROS = Date.UTC(2025, 2, 3, 8, 55) * 1000

export interface TrafficSettings {
  /** The same seed gives the same bytes, on every machine. */
  seed: number
  /** How long something new begins; what has begun then comes to its end. */
  minutes: number
  /** Machines people work with, 1 to 20,000. The rest of the company stays as it is. */
  hosts?: number
}

/** Made traffic: its frames, once, and what a perfect sensor would report of them. */
export interface Traffic {
  /** In time order. They are made while they are read, so a capture may be larger than memory. */
  frames: Iterable<Frame>
  /** Complete once all frames were taken. */
  expectedFlows(): ExpectedFlow[]
}

export const DEFAULT_HOSTS = 24

/** Build what the mirror port of a small office with a plant would show. Throws RangeError for impossible settings. */
export function buildTraffic({ seed, minutes, hosts = DEFAULT_HOSTS }: TrafficSettings): Traffic {
  if (!(minutes > 0)) throw new RangeError('The traffic must last longer than 0 minutes.')
  if (!(Number.isInteger(hosts) && hosts >= 1 && hosts <= MOST_STAFF)) {
    throw new RangeError(`The number of machines must be 1 to ${MOST_STAFF}.`)
  }
  const random = new Random(seed)
  const mirror = new Mirror()
  const stage: Stage = {
    mirror,
    premises: buildPremises(hosts, random.fork('premises')),
    startMicros: START_MICROS,
    endMicros: START_MICROS + minutes * 60e6,
  }
  return { frames: inTimeOrder(scenes(stage, random)), expectedFlows: () => mirror.expectedFlows }
}

/** Everybody's part. Each has a clock and a stream of random numbers of its own. */
function scenes(stage: Stage, random: Random): Scene[] {
  const { premises, startMicros, endMicros } = stage
  const minutes = (endMicros - startMicros) / 60e6
  const all: Scene[] = []
  const add = (label: string, atSeconds: number, play: (clock: Clock, random: Random) => Scene): void => {
    all.push(play(new Clock(startMicros + Math.round(atSeconds * 1e6)), random.fork(label)))
  }

  premises.staff.forEach((machine, index) => {
    // Most are there in the first minute, so that a short look shows a lively network.
    const own = random.fork(`day ${index}`)
    const atSeconds = own.chance(0.7) ? own.next() * Math.min(60, minutes * 20) : own.next() * minutes * 40
    add(`staff ${index}`, atSeconds, function* (clock, random) {
      yield* arrive(stage, clock, random, machine)
      yield* browse(stage, clock, random, machine)
    })
  })
  premises.controllers.forEach((controller, index) =>
    add(`poll ${index}`, 0.5 + index * 0.3, (clock, random) => poll(stage, clock, random, controller)),
  )
  add('survey', 20, (clock, random) => survey(stage, clock, random))
  return all
}
