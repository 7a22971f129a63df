import { createWriteStream } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Option, type Command } from 'commander'
import type { CaptureMethod } from '../capture/messages'
import type { FourTuple } from '../flow/four-tuples'
import { count, volume } from '../text/figures'
import { captureMethod } from './capture-method'
import { FLOW_FORMATS, flowLines, type FlowFormat } from './flow-lines'

/** Characters. */
const CHUNK_LENGTH = 1 << 16

interface WorkerFlags {
  read?: string
  interface?: string[]
  source: CaptureMethod
  report: string
  format: FlowFormat
}

/** `nps worker`: the capture worker the sensor starts; or the flows of one capture file, or of mirror ports. */
export function register(program: Command): void {
  program
    .command('worker')
    .description('the capture worker; with --read or --interface, print the flows of a capture file or of mirror ports')
    .option('--read <file>', 'capture file (pcap or pcapng, also compressed with gzip), or - for standard input')
    .addOption(
      new Option('--interface <name...>', 'mirror ports to listen to, until Ctrl-C or SIGTERM').conflicts('read'),
    )
    .addOption(captureMethod())
    .option('--report <file>', 'where the flows go, - for standard output', '-')
    .addOption(new Option('--format <format>', 'how they are written').choices(FLOW_FORMATS).default('jsonl'))
    .action(run)
}

async function run({ read, interface: ports, source, report, format }: WorkerFlags): Promise<void> {
  if (read === undefined && ports === undefined) {
    const { runWorker } = await import('../capture/main.js')
    return runWorker()
  }
  const { flows, folded } = ports === undefined ? await ofFile(read ?? '-') : await ofPorts(ports, source)
  if (folded > 0) warn(`${folded} rows are in those of "Others": more different ones than there is room for`)
  await write(Readable.from(inChunks(flowLines(flows, format))), report)
}

interface Flows {
  flows: Iterable<FourTuple>
  folded: number
}

async function ofFile(path: string): Promise<Flows> {
  const { readFlows } = await import('../capture/read-flows.js')
  const { damage, ...flows } = await readFlows(path)
  if (damage !== undefined)
    warn(`${path === '-' ? 'standard input' : path} is damaged: ${damage}; the flows are those before that`)
  return flows
}

async function ofPorts(names: string[], method: CaptureMethod): Promise<Flows> {
  const { listenFlows } = await import('../capture/listen-flows.js')
  const listening = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => listening.abort())
  const { ports, ...flows } = await listenFlows(names, { method, until: listening.signal, log: warn })
  for (const { name, method, packets, bytes, kernelDrops, portDrops } of ports) {
    const lost = `${count(kernelDrops)} dropped by the kernel, ${count(portDrops)} lost by the port`
    warn(`${name}: ${count(packets)} packets (${volume(bytes)}) by ${method}, ${lost}`)
  }
  return flows
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
