import type { Command } from 'commander'

/** `nps health`: the verdict on a mirror port, for a capture file that was taken there. */
export function register(program: Command): void {
  program
    .command('health')
    .description('how good the feed was that a capture file was taken from')
    .argument('<file>', 'capture file (pcap or pcapng, also compressed with gzip), or - for standard input')
    .option('--json', 'print one JSON object', false)
    .action(run)
}

async function run(path: string, { json }: { json: boolean }): Promise<void> {
  const { readHealth } = await import('../capture/read-health.js')
  const { findings, verdict } = await import('../health/verdict.js')
  const { mirrorText } = await import('./mirror-text.js')
  const { report, damage } = await readHealth(path)
  if (damage !== undefined) {
    const name = path === '-' ? 'standard input' : path
    process.stderr.write(`nps: ${name} is damaged: ${damage}; the report is of what is before that\n`)
  }
  // Of a file neither the time nor the machine says anything.
  const context = { nowMs: report.lastPacketMs, ratedBitsPerSecond: 0 }
  const [worst, ...also] = findings(report, context).map(({ text }) => text)
  const answer = {
    verdict: verdict(report, context),
    isWell: worst === undefined,
    also,
    ratedBitsPerSecond: 0,
    health: report,
  }
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : mirrorText(answer))
}
