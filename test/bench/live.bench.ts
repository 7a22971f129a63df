import { median, table } from './compare'
import { usedBy } from './cpu-time'
import { listened, present, type Send } from './live/listened'
import { LISTENERS, type Listener, type Listening } from './live/listeners'
import { FLOWS } from './live/load'

const ROUNDS = 5

/**
 * The loads at which CPU is compared. In the first there is much that is done once: every flow and every machine is new,
 * and what runs often is compiled. The second is what a sensor does for the rest of the year.
 */
const STEADY = [
  { frameBytes: 60, packets: 600_000, rate: 200_000 },
  { frameBytes: 60, packets: 1_800_000, rate: 200_000 },
]

/** What the steady loads took. */
interface Steady {
  /** CPU seconds before the first packet, and then for each load. */
  cpuSeconds: number[]
  peakBytes: number
  lost: number
}

/** A mirror port with a generator behind it, listened to by us and by peers: CPU at a rate that all can take. */
export async function run(): Promise<void> {
  const listeners = present(LISTENERS)
  if (listeners.length === 0) return
  const outcomes = new Map(listeners.map((each) => [each, [] as Steady[]]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const each of listeners) outcomes.get(each)!.push(await listened(each, steady))
  }
  const middle = (each: Listener, figure: (outcome: Steady) => number): number =>
    median(outcomes.get(each)!.map(figure))
  const seconds = (each: Listener, part: number): number => middle(each, ({ cpuSeconds }) => cpuSeconds[part]!)
  const rows = listeners.map((each) => [
    each.name,
    seconds(each, 0).toFixed(2),
    ...STEADY.flatMap((_load, part) => [
      seconds(each, part + 1).toFixed(2),
      (seconds(each, part + 1) / seconds(listeners[0]!, part + 1)).toFixed(2),
    ]),
    (middle(each, ({ peakBytes }) => peakBytes) / 1e6).toFixed(0),
    middle(each, ({ lost }) => lost).toLocaleString('en'),
  ])
  const [first, next] = STEADY.map(({ packets }) => packets.toLocaleString('en'))
  process.stdout.write(
    `live: packets of 60 bytes of ${FLOWS.toLocaleString('en')} flows from a port, ${STEADY[0]!.rate.toLocaleString('en')} a second\n` +
      'User and system seconds of the whole process: before the first packet, for the first ones, when all is warm;\n' +
      `the most memory it had, packets lost. Median of ${ROUNDS}.\n\n` +
      `${table([['', 'start', `first ${first}`, 'to ours', `next ${next}`, 'to ours', 'MB', 'lost'], ...rows])}\n`,
  )
}

async function steady(it: Listening, send: Send): Promise<Steady> {
  const used = [0, usedBy(it.pid).cpuSeconds]
  for (const load of STEADY) {
    await send(load)
    used.push(usedBy(it.pid).cpuSeconds)
  }
  const cpuSeconds = used.slice(1).map((seconds, at) => seconds - used[at]!)
  const { peakBytes } = usedBy(it.pid)
  return { cpuSeconds, peakBytes, lost: await it.lost(STEADY.reduce((sum, { packets }) => sum + packets, 0)) }
}
