import { table } from './compare'
import { listened, present } from './live/listened'
import { LISTENERS, type Listener } from './live/listeners'
import type { Load, Sent } from './live/load'

/** What comes before the rate that is tried: a sensor that runs has met its machines and is compiled. */
const WARM_UP = { frameBytes: 60, packets: 300_000, rate: 100_000 }

/** Frame lengths for which the highest rate is looked for, and how long each attempt takes. */
const FRAME_LENGTHS = [60, 1514]
const ATTEMPT_SECONDS = 3

/** Between a rate that was too high and one that was not, so many more are tried. */
const STEPS = 5

/** What came of one load. */
interface Outcome extends Sent {
  lost: number
  lagMs: number | undefined
}

/**
 * The highest rate without loss from a mirror port with a generator behind it, ours and that of the peers which are looked
 * at for it. Whoever drops much at a high rate is asked often, which takes minutes, so the others are left out.
 */
export async function run(): Promise<void> {
  const listeners = present(LISTENERS.filter(({ isRated }) => isRated))
  if (listeners.length === 0) return
  const heading = ['', ...FRAME_LENGTHS.map((bytes) => `${bytes} bytes`), 'Gbit/s', 'latest heartbeat, ms']
  const rows: string[][] = []
  for (const each of listeners) {
    const found: HighestRate[] = []
    for (const frameBytes of FRAME_LENGTHS) found.push(await highestRate(each, frameBytes))
    const shown = found.map(
      ({ rate, isMore }) => `${isMore ? '>= ' : ''}${Math.round(rate / 1000).toLocaleString('en')} k/s`,
    )
    const bits = found.at(-1)!.rate * 8 * FRAME_LENGTHS.at(-1)!
    const lags = found.flatMap(({ lagMs }) => lagMs ?? [])
    rows.push([each.name, ...shown, (bits / 1e9).toFixed(1), lags.length === 0 ? '-' : String(Math.max(...lags, 0))])
  }
  process.stdout.write(
    `rates: highest rate without loss, ${ATTEMPT_SECONDS} seconds of packets, the better of two attempts\n` +
      `">=": all that the generator could send. The heartbeat is due each second, also at full load.\n\n` +
      `${table([heading, ...rows])}\n`,
  )
}

interface HighestRate {
  rate: number
  /** The generator was the limit. */
  isMore: boolean
  lagMs: number | undefined
}

async function highestRate(listener: Listener, frameBytes: number): Promise<HighestRate> {
  const flatOut = await better(listener, { frameBytes, packets: 3_000_000, rate: 0 })
  const sentRate = flatOut.packets / flatOut.seconds
  const { lagMs } = flatOut
  if (flatOut.lost === 0) return { rate: sentRate, isMore: true, lagMs }
  let [good, bad] = [0, sentRate]
  for (let step = 0; step < STEPS; step++) {
    const rate = good === 0 ? bad / 2 : (good + bad) / 2
    const { lost } = await better(listener, { frameBytes, packets: Math.round(rate * ATTEMPT_SECONDS), rate })
    if (lost === 0) good = rate
    else bad = rate
  }
  return { rate: good, isMore: false, lagMs }
}

/** Of two attempts the one that lost less: others use the machine, too. */
async function better(listener: Listener, load: Omit<Load, 'port'>): Promise<Outcome> {
  const first = await attempt(listener, load)
  if (first.lost === 0) return first
  const second = await attempt(listener, load)
  return second.lost < first.lost ? second : first
}

function attempt(listener: Listener, load: Omit<Load, 'port'>): Promise<Outcome> {
  return listened(listener, async (it, send) => {
    await send(WARM_UP)
    const sent = await send(load)
    return { ...sent, lost: await it.lost(WARM_UP.packets + load.packets), lagMs: it.lagMs?.() }
  })
}
