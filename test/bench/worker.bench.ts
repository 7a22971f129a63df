import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { benchCapture } from './bench-capture'
import { compare } from './compare'

const NPS = resolve(__dirname, '../../../bin/nps')

/** Flows of a capture file: packets for each second of CPU. tcpdump only reads and writes, and is the floor. */
export async function run(): Promise<void> {
  const capture = await benchCapture()
  const flowFolder = mkdtempSync(join(tmpdir(), 'nps-nfpcapd-'))
  const megabytes = Math.round(capture.bytes / 1e6)
  try {
    await compare(
      `worker: flows of a capture file, ${capture.packets.toLocaleString('en')} packets, ${megabytes} MB`,
      'packets',
      capture.packets,
      [
        {
          name: 'nps worker --read',
          command: process.execPath,
          args: [NPS, 'worker', '--read', capture.path, '--report', '/dev/null'],
        },
        {
          name: 'tcpdump -r -w /dev/null (no flows)',
          command: 'tcpdump',
          args: ['-r', capture.path, '-w', '/dev/null'],
          debianPackage: 'tcpdump',
        },
        {
          name: 'softflowd',
          command: 'softflowd',
          args: ['-r', capture.path, '-m', '200000', '-v', '9'],
          debianPackage: 'softflowd',
        },
        {
          name: 'nfpcapd',
          command: 'nfpcapd',
          args: ['-r', capture.path, '-l', flowFolder],
          debianPackage: 'nfdump',
        },
      ],
    )
  } finally {
    rmSync(flowFolder, { recursive: true, force: true })
  }
}
