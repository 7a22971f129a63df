import { InvalidArgumentError, type Command } from 'commander'

interface TrafficFlags {
  out: string
  minutes: number
  seed: number
  hosts: number
}

/** `nps traffic`: made traffic of a small company as a capture file, for training, tests and demonstrations. */
export function register(program: Command): void {
  program
    .command('traffic')
    .description('build a capture file of a small office with a plant')
    .requiredOption('--out <file>', 'the capture file to write')
    .option('--minutes <number>', 'how long it lasts', positive, 10)
    .option('--seed <number>', 'another seed, another day; the same seed, the same bytes', whole, 1)
    .option('--hosts <number>', 'machines people work with, 1 to 20000', whole, 24)
    .action(run)
}

async function run({ out, minutes, seed, hosts }: TrafficFlags): Promise<void> {
  // Loaded here, so that it costs the other commands nothing.
  const { buildTraffic } = await import('../host/simulated/traffic/build-traffic.js')
  const { writePcap } = await import('../host/simulated/traffic/pcap-file.js')
  const traffic = buildTraffic({ seed, minutes, hosts })
  const { packets, bytes } = await writePcap(out, traffic.frames)
  const flows = traffic.expectedFlows().length
  process.stderr.write(`${out}: ${packets} packets, ${bytes} bytes, ${flows} flows\n`)
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('It is a number above 0.')
  return value
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number.')
  return Number(text)
}
