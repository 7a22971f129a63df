import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Cables } from '../capture/mirror-port'
import { isCommand, median, table } from './compare'
import { usedBy } from './cpu-time'
import { FLOWS, type Load, type Sent } from './live/load'
import { LISTENERS, type Listener, type Listening } from './live/listeners'

const GENERATOR = join(__dirname, 'live', 'generator.js')

const ROUNDS = 5

/**
 * The loads at which CPU is compared. In the first there is much that is done once: every flow and every machine is new,
 * and what runs often is compiled. The second is what a sensor does for the rest of the year.
 */
const STEADY = [
  { frameBytes: 60, packets: 600_000, rate: 200_000 },
  { frameBytes: 60, packets: 1_800_000, rate: 200_000 },
]

/** What comes before the rate that is tried: a sensor that runs has met its machines and is compiled. */
const WARM_UP = { frameBytes: 60, packets: 300_000, rate: 100_000 }

/** Frame lengths for which the highest rate is looked for, and how long each attempt takes. */
const FRAME_LENGTHS = [60, 1514]
const ATTEMPT_SECONDS = 3

/** Between a rate that was too high and one that was not, so many more are tried. */
const STEPS = 5

/** The kernel may keep packets for this long before it hands them over. */
const SETTLE_MS = 500

/** What came of one load. */
interface Outcome extends Sent {
  lost: number
  lagMs: number | undefined
}

/** What the steady loads took. */
interface Steady {
  /** CPU seconds before the first packet, and then for each load. */
  cpuSeconds: number[]
  peakBytes: number
  lost: number
}

/**
 * A mirror port with a generator behind it, listened to by us and by peers: CPU at a rate that all can take, and the
 * highest rate without loss. The generator has one core for itself, who listens another one.
 */
export async function run(): Promise<void> {
  if (process.getuid?.() !== 0) {
    process.stdout.write('live: only root can make the ports for it\n')
    return
  }
  const present = LISTENERS.filter(({ command }) => isCommand(command))
  await steadyLoad(present)
  await highestRates(present)
  for (const { name, debianPackage } of LISTENERS.filter((each) => !present.includes(each))) {
    process.stdout.write(`  ${name} is not here: apt-get install ${debianPackage}\n`)
  }
}

async function steadyLoad(listeners: readonly Listener[]): Promise<void> {
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

async function highestRates(listeners: readonly Listener[]): Promise<void> {
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
    `live: highest rate without loss, ${ATTEMPT_SECONDS} seconds of packets, the better of two attempts\n` +
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

/** Sends packets into the port, and waits until they have arrived. */
type Send = (load: Omit<Load, 'port'>) => Promise<Sent>

/** Have it listen to a port of its own while `use` sends something there. */
async function listened<Result>(
  listener: Listener,
  use: (it: Listening, send: Send) => Promise<Result>,
): Promise<Result> {
  const cables = new Cables()
  const folder = mkdtempSync(join(cables.folder, 'listener-'))
  try {
    const inside = ['ip', ...cables.inside]
    const it = await listener.start({ port: 'mirror', inside: [...onCore(1), ...inside], folder })
    const send: Send = async (load) => {
      const words = [...onCore(0), ...inside, process.execPath, GENERATOR, JSON.stringify({ ...load, port: 'mirror' })]
      const { stdout } = await promisify(execFile)(words[0]!, words.slice(1))
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
      return JSON.parse(stdout) as Sent
    }
    try {
      return await use(it, send)
    } finally {
      await it.end()
    }
  } finally {
    cables.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Words that keep a command on one core, where there are two. */
function onCore(core: number): string[] {
  return availableParallelism() > 1 ? ['taskset', '-c', String(core)] : []
}
