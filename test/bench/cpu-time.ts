import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** proc(5): clock ticks a second, the same on every Linux architecture that Node runs on. */
const TICKS_PER_SECOND = 100

/**
 * Run a program to its end and resolve with the CPU time it took, user and system, in seconds: all of it, start-up
 * included, to a hundredth. Nothing else may run as a child meanwhile. Rejects when it fails, with what it said.
 */
export async function cpuSecondsOf(command: string, args: string[]): Promise<number> {
  const before = childrenTicks()
  await runToEnd(command, args)
  return (childrenTicks() - before) / TICKS_PER_SECOND
}

function runToEnd(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: environment() })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${command} ended with status ${code}: ${said.trim()}`))
    })
  })
}

/** Node reads these certificates at each start, which takes it a tenth of a second that has nothing to do with us. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...rest } = process.env
  return rest
}

/** Fields 16 and 17 of /proc/self/stat: what the children waited for have used. */
function childrenTicks(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  // The name in field 2 may hold spaces, so counting starts behind its parenthesis, at field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[16 - 3]) + Number(fields[17 - 3])
}
