import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadLinuxCalls } from '../../src/capture/linux-calls'
import { loadPcapBinding } from '../../src/capture/pcap-binding'
import type { CaptureMethod } from '../../src/capture/messages'
import { hasProgram, testWith } from '../needs'
import { until } from '../until'
import { pcap } from './capture-bytes'
import type { ProbeOptions } from './fixtures/interface-probe'

const PROBE = join(__dirname, 'fixtures', 'interface-probe.js')

const NAMESPACE = `nps-test-${process.pid}`

/** `test` for what listens in this way to a real port, skipped where that cannot be. */
export function liveTest(method: CaptureMethod): jest.It {
  const [load, what] =
    method === 'pcap' ? [loadPcapBinding, "npm's pcap (built with libpcap-dev)"] : [loadLinuxCalls, 'koffi']
  const isThere = can(load) && hasProgram('tcpreplay') && can(() => new Namespace().remove())
  return testWith(isThere, `root, a network namespace, ip, tcpreplay and ${what}`)
}

function can(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}

/** A network namespace, in which ports can be made and harmed. */
class Namespace {
  constructor() {
    run('ip', 'netns', 'add', NAMESPACE)
    // Or the kernel's own neighbour discovery would be on the wire, too.
    this.run('sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1', 'net.ipv6.conf.all.disable_ipv6=1')
  }

  run(...words: string[]): void {
    run('ip', 'netns', 'exec', NAMESPACE, ...words)
  }

  remove(): void {
    run('ip', 'netns', 'del', NAMESPACE)
  }
}

/**
 * Cables from a switch to ports of ours, in a network namespace: what is sent into `NAME-switch` is heard on `NAME`.
 * There is one port `mirror` to begin with.
 */
export class Cables {
  readonly folder = mkdtempSync(join(tmpdir(), 'nps-live-'))
  private readonly namespace = new Namespace()
  private files = 0

  constructor() {
    this.plug('mirror')
  }

  plug(port: string): void {
    this.ip('link', 'add', port, 'type', 'veth', 'peer', 'name', `${port}-switch`)
    this.ip('link', 'set', port, 'up')
    this.ip('link', 'set', `${port}-switch`, 'up')
  }

  /** ip(8), in the namespace. */
  ip(...words: string[]): void {
    run('ip', '-n', NAMESPACE, ...words)
  }

  /** Send these frames; as fast as can be, without a rate in packets a second. Resolves when all are sent. */
  send(frames: Buffer[], options: { port?: string; rate?: number; times?: number } = {}): Promise<void> {
    const records = frames.map((frame, index) => ({ frame, atMicros: index, wireBytes: frame.length }))
    const file = join(this.folder, `sent-${this.files++}.pcap`)
    writeFileSync(file, pcap(records))
    return this.play(file, { ...options, isPreloaded: true })
  }

  /** The same with the frames of a capture file, which may be read into memory first. `before`: words in front of the command. */
  play(
    file: string,
    { port = 'mirror-switch', rate = 0, times = 1, before = [] as string[], isPreloaded = false } = {},
  ): Promise<void> {
    const pace = rate === 0 ? ['--topspeed'] : ['--pps', String(rate)]
    const words = [
      ...before,
      'ip',
      'netns',
      'exec',
      NAMESPACE,
      'tcpreplay',
      '-q',
      ...(isPreloaded ? ['-K'] : []),
      '-i',
      port,
      ...pace,
      '--loop',
      String(times),
      file,
    ]
    const child = spawn(words[0]!, words.slice(1), { stdio: 'ignore' })
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        if (code === 0) resolve()
        else reject(new Error(`${words.join(' ')} ended with ${code ?? signal}`))
      })
    })
  }

  /** Words in front of a command, to run it where the ports are. */
  get inside(): string[] {
    return ['netns', 'exec', NAMESPACE]
  }

  remove(): void {
    this.namespace.remove()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A program of its own that listens to one port and says what it hears. */
export class Probe {
  readonly lines: string[] = []
  private readonly child: ChildProcess

  constructor(cables: Cables, options: ProbeOptions) {
    const child = spawn('ip', [...cables.inside, process.execPath, PROBE, JSON.stringify(options)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let rest = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      this.lines.push(...lines)
    })
    this.child = child
  }

  /** One that listens already. */
  static async start(cables: Cables, options: ProbeOptions): Promise<Probe> {
    const probe = new Probe(cables, options)
    await until(() => probe.lines.includes('open'))
    return probe
  }

  get packets(): number {
    return Number(/\d+/.exec(this.lines.findLast((line) => line.startsWith('packets')) ?? '0')?.[0])
  }

  /** What is behind this word in the lines that begin with it. */
  said(word: string): string[] {
    return this.lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))
  }

  /** Have it close the port; resolves with all it said. */
  async end(): Promise<string[]> {
    this.child.stdin?.end()
    await until(() => this.lines.includes('end'))
    return this.lines
  }

  /** Did the process end by itself, and well? */
  async exits(): Promise<void> {
    await until(() => this.child.exitCode === 0)
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }
}

function run(command: string, ...words: string[]): void {
  const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr}`)
}
