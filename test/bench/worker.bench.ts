import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compare, type Contestant } from './compare'
import { writePmacctdSettings } from './pmacctd'
import { referenceCaptures } from './reference-captures'

const NPS = resolve(__dirname, '../../../bin/nps')

/** What pmacctd's plugin has not come to yet when the file is at its end; without room for all, packets would be lost. */
const PMACCTD_PIPE_BYTES = 1 << 30
const MOST_FOR_PMACCTD = 2_000_000

/** Flows of capture files: packets for each second of CPU. tcpdump only reads and writes, and is the floor. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nps-bench-worker-'))
  try {
    for (const { path, name, packets } of await referenceCaptures()) {
      const title = `worker: flows of a capture file of ${packets.toLocaleString('en')} packets, ${name}`
      await compare(title, 'packets', packets, [
        ...contestants(path, folder),
        ...(packets <= MOST_FOR_PMACCTD ? [pmacctd(path, folder)] : []),
      ])
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `folder` is for what they must write somewhere. */
function contestants(path: string, folder: string): Contestant[] {
  return [
    {
      name: 'nps worker --read',
      command: process.execPath,
      args: [NPS, 'worker', '--read', path, '--report', '/dev/null'],
    },
    {
      name: 'tcpdump -r -w /dev/null (no flows)',
      command: 'tcpdump',
      args: ['-r', path, '-w', '/dev/null'],
      debianPackage: 'tcpdump',
    },
    {
      name: 'softflowd',
      command: 'softflowd',
      args: ['-r', path, '-m', '1000000', '-v', '9'],
      debianPackage: 'softflowd',
    },
    { name: 'nfpcapd', command: 'nfpcapd', args: ['-r', path, '-l', folder], debianPackage: 'nfdump' },
    { name: 'argus', command: 'argus', args: ['-r', path, '-w', '/dev/null'], debianPackage: 'argus-server' },
  ]
}

function pmacctd(path: string, folder: string): Contestant {
  const options = { source: `pcap_savefile: ${path}`, pipeBytes: PMACCTD_PIPE_BYTES, bufferBytes: 1 << 20 }
  const settings = writePmacctdSettings(folder, options)
  return { name: 'pmacctd', command: 'pmacctd', args: ['-f', settings], debianPackage: 'pmacct' }
}
