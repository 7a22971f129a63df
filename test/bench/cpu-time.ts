import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** proc(5): clock ticks a second, the same on every Linux architecture that Node runs on. */
const TICKS_PER_SECOND = 100

/** What a run of a program took. */
export interface Taken {
  /** User and system time of the whole process, start-up included, to a hundredth. */
  cpuSeconds: number
  /** The most memory it had, in bytes; a little less when it had most at its very end. */
  peakBytes: number
}

/** How often a running program is asked for the most memory it had. */
const LOOK_MS = 20

/** Run a program to its end and resolve with what it took. No other child may end meanwhile. Rejects when it fails, with what it said. */
export async function takenBy(command: string, args: string[]): Promise<Taken> {
  let peakBytes = 0
  const cpuSeconds = await cpuOfChildren(async () => {
    peakBytes = await runToEnd(command, args)
  })
  return { cpuSeconds, peakBytes }
}

/** CPU seconds of the children that end meanwhile, to a hundredth: of each its whole life. */
export async function cpuOfChildren(meanwhile: () => Promise<void>): Promise<number> {
  const before = childrenTicks()
  await meanwhile()
  return (childrenTicks() - before) / TICKS_PER_SECOND
}

function runToEnd(command: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: environment() })
    let said = ''
    let peakBytes = 0
    const looking = setInterval(() => (peakBytes = Math.max(peakBytes, peakBytesOf(child.pid))), LOOK_MS)
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)))
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(looking)
      if (code === 0) resolve(peakBytes)
      else reject(new Error(`${command} ended with status ${code}: ${said.trim()}`))
    })
  })
}

/** VmHWM of proc(5); 0 for a process that has ended. */
function peakBytesOf(pid: number | undefined): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Node reads these certificates at each start, which takes it a tenth of a second that has nothing to do with us. */
export function environment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...rest } = process.env
  return rest
}

/** What a process that runs has used so far, with all its threads and children. */
export function usedBy(pid: number): Taken {
  const fields = statOf(`/proc/${pid}/stat`)
  const own: Taken = {
    cpuSeconds: (Number(fields[14 - 3]) + Number(fields[15 - 3])) / TICKS_PER_SECOND,
    peakBytes: peakBytesOf(pid),
  }
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  return children
    .map(Number)
    .map(usedBy)
    .reduce(
      (one, other) => ({ cpuSeconds: one.cpuSeconds + other.cpuSeconds, peakBytes: one.peakBytes + other.peakBytes }),
      own,
    )
}

/** Fields 16 and 17 of /proc/self/stat: what the children waited for have used. */
function childrenTicks(): number {
  const fields = statOf('/proc/self/stat')
  return Number(fields[16 - 3]) + Number(fields[17 - 3])
}

/** The fields of a stat of proc(5) from the third on. */
function statOf(path: string): string[] {
  const stat = readFileSync(path, 'utf8')
  // The name in field 2 may hold spaces, so counting starts behind its parenthesis.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}
