import { createWriteStream, rmSync } from 'node:fs'
import { chmod, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Characters. */
const CHUNK_LENGTH = 1 << 16

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Write a report to a file, or for `-` to standard output. A file that is there is replaced, and only once the new one
 * is whole: a full disk or Ctrl-C leaves what was there. Pipes and devices are written to as they are. Rejects in plain
 * words.
 */
export async function writeReport(lines: Iterable<string>, target: string): Promise<void> {
  try {
    const output = Readable.from(inChunks(lines))
    if (target === '-') await writeOut(output)
    else await writeFile(output, target)
  } catch (error) {
    const name = target === '-' ? 'standard output' : target
    // Node puts the path behind a comma, and that may be the one beside.
    const [reason] = (error as Error).message.split(',')
    throw new Error(`${name} cannot be written: ${reason}`, { cause: error })
  }
}

async function writeOut(report: Readable): Promise<void> {
  try {
    await pipeline(report, process.stdout, { end: false })
  } catch (error) {
    // Whoever reads our output has seen enough, as `head` does.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
}

async function writeFile(report: Readable, target: string): Promise<void> {
  const there = await stat(target).catch(() => undefined)
  if (there !== undefined && !there.isFile()) return pipeline(report, createWriteStream(target))
  // A link stays one: what it leads to is replaced.
  const path = there === undefined ? target : await realpath(target)
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.new`)
  const tidyUp = (signal: NodeJS.Signals): void => {
    rmSync(beside, { force: true })
    process.kill(process.pid, signal)
  }
  for (const signal of SIGNALS) process.once(signal, tidyUp)
  try {
    const output: Writable = createWriteStream(beside, { flags: 'wx', flush: true })
    await pipeline(report, output)
    if (there !== undefined) await chmod(beside, there.mode & 0o7777)
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, tidyUp)
  }
}

/** Lines in strings of some size: a stream takes longer over a piece than over what is in it. */
function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = ''
  for (const line of lines) {
    chunk += line
    if (chunk.length < CHUNK_LENGTH) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}
