import { join } from 'node:path'
import { isCommand, median, table } from '../compare'
import { cpuOfChildren, usedBy } from '../cpu-time'
import { listenedByAll, present } from '../live/listened'
import { ourWorker, type Listener } from '../live/listeners'
import { wholeReferenceCapture } from '../reference-captures'

/** As many in which the one begins first as the other. */
const ROUNDS = 6

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

/**
 * What the inventory costs the worker of a sensor: its life with and without, with the reference capture played on their
 * port. Both listen to it at once, since the machine's speed drifts by more than what is looked for.
 */
export async function printSensorCost(): Promise<void> {
  const workers = present([WITHOUT, WITH])
  if (workers.length === 0) return
  if (!isCommand('tcpreplay')) {
    process.stdout.write('  tcpreplay, which plays the capture, is not here: apt-get install tcpreplay\n')
    return
  }
  const { path, name, packets } = await wholeReferenceCapture()
  const rounds: Life[][] = []
  while (rounds.length < ROUNDS) {
    // Who begins second finds the memory for its packets in pieces, which costs the kernel up to 0.2 s.
    const isTurned = rounds.length % 2 === 1
    const lives = await livesOf(isTurned ? workers.toReversed() : workers, path, packets)
    rounds.push(isTurned ? lives.toReversed() : lives)
  }
  const rows = workers.map((each, at) => {
    const middle = (part: keyof Life): number => median(rounds.map((lives) => lives[at]![part]))
    return [
      each.name,
      ...(['start', 'packets', 'report', 'whole'] as const).map((part) => middle(part).toFixed(2)),
      Math.round(packets / middle('whole')).toLocaleString('en'),
      middle('lost').toLocaleString('en'),
      middle('unread').toLocaleString('en'),
    ]
  })
  const kept = (part: keyof Life): number[] => rounds.map(([one, other]) => (100 * one![part]) / other![part])
  const inWords = (part: keyof Life): string => `${median(kept(part)).toFixed(0)} %`
  const heading = ['', 'start', 'packets', 'report', 'whole', 'packets per CPU s', 'lost', 'unread']
  const ofRounds = kept('whole').map((each) => each.toFixed(0))
  process.stdout.write(
    `inventory: ${packets.toLocaleString('en')} packets, ${name}, from a port, ` +
      `${PACKETS_A_SECOND.toLocaleString('en')} a second, to both at once\n` +
      'User and system seconds of the whole process: before the first packet, while they come, for the report of all at its\n' +
      `end, and all of it. Median of ${ROUNDS}, in which it keeps ${ofRounds.join(', ')} % of the whole.\n\n` +
      `${table([heading, ...rows, ['  keeps', '', inWords('packets'), '', inWords('whole'), '', '', '']])}\n`,
  )
}

function livesOf(workers: readonly Listener[], path: string, packets: number): Promise<Life[]> {
  return listenedByAll(workers, async (them, _send, play) => {
    await new Promise((resolve) => setTimeout(resolve, BEGUN_MS))
    const begun = them.map(({ pid }) => usedBy(pid).cpuSeconds)
    await play(path, PACKETS_A_SECOND)
    const lost = await Promise.all(them.map((it) => it.lost(packets)))
    const heard = them.map(({ pid }) => usedBy(pid).cpuSeconds)
    const lives: Life[] = []
    for (const [at, it] of them.entries()) {
      const [start, untilReport] = [begun[at]!, heard[at]!]
      const unread = it.unread?.() ?? 0
      const whole = await cpuOfChildren(() => it.end())
      lives.push({ start, packets: untilReport - start, report: whole - untilReport, whole, lost: lost[at]!, unread })
    }
    return lives
  })
}
