import { createWriteStream } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Option, type Command } from 'commander'
import { FLOW_FORMATS, flowLines, type FlowFormat } from './flow-lines'

/** Characters. */
const CHUNK_LENGTH = 1 << 16

interface WorkerFlags {
  read?: string
  report: string
  format: FlowFormat
}

/** `nps worker`: the capture worker the sensor starts; or, with `--read`, the flows of one capture file. */
export function register(program: Command): void {
  program
    .command('worker')
    .description('the capture worker; with --read, print the flows of a capture file')
    .option('--read <file>', 'capture file (pcap or pcapng, also compressed with gzip), or - for standard input')
    .option('--report <file>', 'where the flows go, - for standard output', '-')
    .addOption(new Option('--format <format>', 'how they are written').choices(FLOW_FORMATS).default('jsonl'))
    .action(run)
}

async function run(flags: WorkerFlags): Promise<void> {
  if (flags.read !== undefined) return report(flags.read, flags.report, flags.format)
  const { runWorker } = await import('../capture/main.js')
  await runWorker()
}

async function report(path: string, target: string, format: FlowFormat): Promise<void> {
  const { readFlows } = await import('../capture/read-flows.js')
  const { flows, folded, damage } = await readFlows(path)
  if (damage !== undefined)
    warn(`${path === '-' ? 'standard input' : path} is damaged: ${damage}; the flows are those before that`)
  if (folded > 0) warn(`${folded} rows are in those of "Others": more different ones than there is room for`)
  await write(Readable.from(inChunks(flowLines(flows, format))), target)
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

async function write(lines: Readable, target: string): Promise<void> {
  const output: Writable = target === '-' ? process.stdout : createWriteStream(target)
  try {
    await pipeline(lines, output, { end: target !== '-' })
  } catch (error) {
    // Whoever reads our output has seen enough, as `head` does.
    if (target === '-' && (error as NodeJS.ErrnoException).code === 'EPIPE') return
    const name = target === '-' ? 'standard output' : target
    throw new Error(`${name} cannot be written: ${(error as Error).message}`, { cause: error })
  }
}

function warn(text: string): void {
  process.stderr.write(`nps: ${text}\n`)
}
