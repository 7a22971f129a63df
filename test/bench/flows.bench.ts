import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compare } from './compare'
import { writeManyFlows } from './many-flows'

const NPS = resolve(__dirname, '../../../bin/nps')

const PACKETS = 4_000_000
const FLOWS = [1_000, 100_000, 1_000_000, 4_000_000]

/**
 * What a packet costs, and how much memory is taken, as there are more and more connections at once. argus takes half a
 * minute each time for 100,000 of them, so it is not asked.
 */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nps-bench-flows-'))
  const path = join(folder, 'flows.pcap')
  try {
    for (const flows of FLOWS) {
      writeManyFlows(path, PACKETS, flows)
      const counted = flows.toLocaleString('en')
      await compare(`flows: ${PACKETS.toLocaleString('en')} packets of ${counted} connections`, 'packets', PACKETS, [
        {
          name: 'nps worker --read',
          command: process.execPath,
          args: [NPS, 'worker', '--read', path, '--report', '/dev/null'],
        },
        {
          name: 'softflowd',
          command: 'softflowd',
          args: ['-r', path, '-m', String(FLOWS.at(-1)), '-v', '9'],
          debianPackage: 'softflowd',
        },
        { name: 'nfpcapd', command: 'nfpcapd', args: ['-r', path, '-l', folder], debianPackage: 'nfdump' },
      ])
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
