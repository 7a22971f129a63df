import { spawnSync } from 'node:child_process'
import { takenBy, type Taken } from './cpu-time'

/** A program that does the work, ours or a peer's. */
export interface Contestant {
  name: string
  command: string
  args: string[]
  /** The Debian package a peer comes in. */
  debianPackage?: string
}

const ROUNDS = 5

/**
 * Let all do the same work and print a table. Rounds are interleaved, since the machine's speed drifts: compare the
 * ratios of one run, never figures of two. The first round only warms the caches.
 */
export async function compare(title: string, unit: string, count: number, contestants: Contestant[]): Promise<void> {
  const present = contestants.filter(isInstalled)
  const runs = new Map(present.map((each) => [each, [] as Taken[]]))
  for (let round = 0; round <= ROUNDS; round++) {
    for (const each of present) {
      const taken = await takenBy(each.command, each.args)
      if (round > 0) runs.get(each)!.push(taken)
    }
  }
  const ours = median(secondsOf(runs.get(contestants[0]!) ?? []))
  const rows = contestants.map((each) => {
    const taken = runs.get(each)
    if (taken === undefined) return [each.name, `not here: apt-get install ${each.debianPackage}`]
    const middle = median(secondsOf(taken))
    const rate = Math.round(count / middle).toLocaleString('en')
    return [each.name, middle.toFixed(2), rate, (middle / ours).toFixed(2), megabytes(taken)]
  })
  const heading = ['', 'CPU s', `${unit} per CPU s`, 'CPU to ours', 'MB']
  process.stdout.write(
    `${title}\nUser and system time of the whole process, and the most memory it had; median of ${ROUNDS}.\n\n`,
  )
  process.stdout.write(`${table([heading, ...rows])}\n`)
}

const secondsOf = (runs: readonly Taken[]): number[] => runs.map(({ cpuSeconds }) => cpuSeconds)

function megabytes(runs: readonly Taken[]): string {
  return (median(runs.map(({ peakBytes }) => peakBytes)) / 1e6).toFixed(0)
}

/** `command` is a path or in the search path; peers such as softflowd live in /usr/sbin. */
function isInstalled({ command }: Contestant): boolean {
  return isCommand(command)
}

export function isCommand(command: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', command], { stdio: 'ignore' }).status === 0
}

/** Of an even number of values between the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const last = sorted.length - 1
  return ((sorted[Math.floor(last / 2)] ?? NaN) + (sorted[Math.ceil(last / 2)] ?? NaN)) / 2
}

/** The first column to the left, the others to the right; a row of two is a remark. */
export function table(rows: string[][]): string {
  const columns = rows[0]!.map((_, column) =>
    Math.max(...rows.filter((row) => column === 0 || row.length > 2).map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map(([name = '', ...cells]) => {
      const rest = cells.length === 1 ? cells : cells.map((cell, index) => cell.padStart(columns[index + 1]!))
      return `  ${[name.padEnd(columns[0]!), ...rest].join('   ')}\n`
    })
    .join('')
}
