import { join } from 'node:path'
import { isCommand, table } from '../compare'
import { cpuOfChildren, usedBy } from '../cpu-time'
import { inRounds, listened, present } from '../live/listened'
import { ourWorker, type Listener } from '../live/listeners'
import { wholeReferenceCapture } from '../reference-captures'

const ROUNDS = 5

/** A port that is well used, and yet nearly all that machines say on it is read. */
const PACKETS_A_SECOND = 50_000

/** After so long a worker that has begun waits for packets and does nothing else. */
const BEGUN_MS = 2_000

const WITHOUT = ourWorker("a sensor's worker without inventory", { program: join(__dirname, 'worker-without.js') })
const WITH = ourWorker("a sensor's worker")

/** CPU seconds of a worker's life, and what it missed. */
interface Life {
  /** Before the first packet. */
  start: number
  /** While the capture is played. */
  packets: number
  /** From then to its end: the report. */
  report: number
  whole: number
  lost: number
  /** Messages that were not read, because there were too many in a second. */
  unread: number
}

/** What the inventory costs the worker of a sensor: its life with and without, with the reference capture played on its port. */
export async function printSensorCost(): Promise<void> {
  const workers = present([WITHOUT, WITH])
  if (workers.length === 0) return
  if (!isCommand('tcpreplay')) {
    process.stdout.write('  tcpreplay, which plays the capture, is not here: apt-get install tcpreplay\n')
    return
  }
  const { path, name, packets } = await wholeReferenceCapture()
  const middle = await inRounds(workers, ROUNDS, (each) => life(each, path, packets))
  const figure = (each: Listener, part: keyof Life): number => middle(each, (one) => one[part])
  const rows = workers.map((each) => [
    each.name,
    ...(['start', 'packets', 'report', 'whole'] as const).map((part) => figure(each, part).toFixed(2)),
    Math.round(packets / figure(each, 'whole')).toLocaleString('en'),
    figure(each, 'lost').toLocaleString('en'),
    figure(each, 'unread').toLocaleString('en'),
  ])
  const kept = (part: keyof Life): string => `${((100 * figure(WITHOUT, part)) / figure(WITH, part)).toFixed(0)} %`
  const heading = ['', 'start', 'packets', 'report', 'whole', 'packets per CPU s', 'lost', 'unread']
  process.stdout.write(
    `inventory: ${packets.toLocaleString('en')} packets, ${name}, from a port, ` +
      `${PACKETS_A_SECOND.toLocaleString('en')} a second\n` +
      'User and system seconds of the whole process: before the first packet, while they come, for the report of all at its\n' +
      `end, and all of it. Median of ${ROUNDS}.\n\n` +
      `${table([heading, ...rows, ['  keeps', '', kept('packets'), '', kept('whole'), '', '', '']])}\n`,
  )
}

function life(worker: Listener, path: string, packets: number): Promise<Life> {
  return listened(worker, async (it, _send, play) => {
    await new Promise((resolve) => setTimeout(resolve, BEGUN_MS))
    const begun = usedBy(it.pid).cpuSeconds
    await play(path, PACKETS_A_SECOND)
    const lost = await it.lost(packets)
    const unread = it.unread?.() ?? 0
    const heard = usedBy(it.pid).cpuSeconds
    const whole = await cpuOfChildren(() => it.end())
    return { start: begun, packets: heard - begun, report: whole - heard, whole, lost, unread }
  })
}
