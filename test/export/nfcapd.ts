import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasProgram, testWith } from '../needs'
import { until } from '../until'

/** For tests that need the real collector. */
export const nfdumpTest = testWith(hasProgram('nfcapd', '-V') && hasProgram('nfdump', '-V'), 'nfdump')

/** A flow as nfdump's JSON has it; the rest is not looked at. */
export interface NfdumpFlow {
  first: string
  last: string
  proto: number
  dst_port: number
  src4_addr?: string
  dst4_addr?: string
  src6_addr?: string
  dst6_addr?: string
  in_src_mac?: string
  in_dst_mac?: string
  in_packets: number
  in_bytes: number
  out_packets?: number
  out_bytes?: number
}

/** A real collector on a UDP port of its own. */
export class Nfcapd {
  private log = ''

  static async start(port?: number): Promise<Nfcapd> {
    const ours = port ?? (await freePort())
    const folder = mkdtempSync(join(tmpdir(), 'nps-nfcapd-'))
    const args = ['-w', folder, '-p', String(ours), '-b', '127.0.0.1', '-t', '3600']
    const child = spawn('nfcapd', args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const collector = new Nfcapd(child, folder, ours)
    await until(() => collector.log.includes('Startup'))
    return collector
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {
    const take = (text: Buffer): void => void (this.log += text.toString())
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
  }

  /** End it once it has read all that has arrived. Answers the flows it got and how many messages it found missing. */
  async stop(): Promise<{ flows: NfdumpFlow[]; sequenceErrors: number; log: string }> {
    await until(() => waiting(this.port) === 0)
    const ended = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    await ended
    const files = readdirSync(this.folder).filter((name) => name.startsWith('nfcapd.2'))
    const flows = files.flatMap((file) => read(join(this.folder, file)))
    rmSync(this.folder, { recursive: true })
    const sequenceErrors = Number(/Sequence Errors: (\d+)/.exec(this.log)?.[1])
    return { flows, sequenceErrors, log: this.log }
  }

  kill(): void {
    this.child.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function read(file: string): NfdumpFlow[] {
  const options = { encoding: 'utf8', maxBuffer: 1 << 30, env: { ...process.env, TZ: 'UTC' } } as const
  return JSON.parse(execFileSync('nfdump', ['-r', file, '-o', 'json'], options)) as NfdumpFlow[]
}

/** A UDP port that nobody listens on. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(resolve))
  return port
}

/** Bytes in the socket's receive queue that nobody has read yet. */
function waiting(port: number): number {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  for (const line of readFileSync('/proc/net/udp', 'utf8').split('\n')) {
    const [, local = '', , , queues = ''] = line.trim().split(/\s+/)
    if (local.endsWith(wanted)) return Number.parseInt(queues.split(':')[1] ?? '0', 16)
  }
  return 0
}
