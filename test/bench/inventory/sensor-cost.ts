import { join } from 'node:path'
import { isCommand, median, table } from '../compare'
import { cpuOfChildren, usedBy } from '../cpu-time'
import { listened, present } from '../live/listened'
import { ourWorker, type Listener } from '../live/listeners'
import type { ReferenceCapture } from '../reference-captures'

const ROUNDS = 5

/** A port that is well used, and slow enough that every message is read. */
const PACKETS_A_SECOND = 50_000

const DEAF: Listener = ourWorker("a sensor's worker without inventory", {
  program: join(__dirname, 'deaf-worker.js'),
})
const HEARING: Listener = ourWorker("a sensor's worker")

/** CPU seconds of a worker's life. */
interface Life {
  /** Before the first packet. */
  start: number
  /** While the capture is played, and while it is played once more: then all that is in it is known. */
  first: number
  again: number
  /** From then to its end: the report. */
  end: number
  whole: number
  lost: number
  /** Messages that there was no time to read. */
  unread: number
}

/** What the inventory costs the worker of a sensor, that listens to a port on which a capture is played twice. */
export async function printSensorCost({ path, name, packets }: ReferenceCapture): Promise<void> {
  const listeners = present([DEAF, HEARING])
  if (!isCommand('tcpreplay')) {
    process.stdout.write('  tcpreplay, which plays the capture, is not here: apt-get install tcpreplay\n')
    return
  }
  if (listeners.length === 0) return
  const lives = new Map(listeners.map((each) => [each, [] as Life[]]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const each of listeners) lives.get(each)!.push(await life(each, path, packets))
  }
  const middle = (each: Listener, part: keyof Life): number => median(lives.get(each)!.map((one) => one[part]))
  const parts = ['start', 'first', 'again', 'end', 'whole'] as const
  const rows = listeners.map((each) => [
    each.name,
    ...parts.map((part) => middle(each, part).toFixed(2)),
    Math.round((2 * packets) / middle(each, 'whole')).toLocaleString('en'),
    middle(each, 'lost').toLocaleString('en'),
    middle(each, 'unread').toLocaleString('en'),
  ])
  const kept = parts.map((part) => `${((100 * middle(DEAF, part)) / middle(HEARING, part)).toFixed(0)} %`)
  const heading = ['', ...parts, 'packets per CPU s', 'lost', 'unread']
  process.stdout.write(
    `inventory: ${packets.toLocaleString('en')} packets, ${name}, played twice on a port, ` +
      `${PACKETS_A_SECOND.toLocaleString('en')} a second\n` +
      'User and system seconds of the whole process: before the first packet, while the capture is played, while it is\n' +
      `played again, from then to its end, which is the report, and all of it. Median of ${ROUNDS}.\n\n` +
      `${table([heading, ...rows, ['  keeps of its packets', ...kept, '', '', '']])}\n`,
  )
}

function life(listener: Listener, path: string, packets: number): Promise<Life> {
  return listened(listener, async (it, _send, play) => {
    const used = [usedBy(it.pid).cpuSeconds]
    for (let time = 0; time < 2; time++) {
      await play(path, PACKETS_A_SECOND)
      used.push(usedBy(it.pid).cpuSeconds)
    }
    const lost = await it.lost(2 * packets)
    const unread = it.unread?.() ?? 0
    const whole = await cpuOfChildren(() => it.end())
    const [start = 0, first = 0, again = 0] = used
    return { start, first: first - start, again: again - first, end: whole - again, whole, lost, unread }
  })
}
