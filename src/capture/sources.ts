import { LiveSource } from './live-source'
import type { CaptureMethod, PortCounters, SourceSettings } from './messages'
import { ReplaySource } from './replay-source'
import { SourceRunner, type OpenSource } from './source-runner'
import type { PacketHandler } from '../wire/packet-handler'

/** What all rings take together, unless there are so many ports that each would have less than a useful one. */
const ALL_RINGS_BYTES = 64 * 1024 * 1024
const LEAST_RING_BYTES = 16 * 1024 * 1024

export interface SourcesOptions {
  onPacket: PacketHandler
  /** What is wrong with any of them, in plain words; empty when all is well again. */
  onTrouble: (text: string) => void
  /** Called from between two packets where no timer runs for long. */
  onBusy: () => void
  /** Takes what only someone who looks for it needs to know, a line without its end. */
  log: (line: string) => void
}

/** One source that was asked for. */
interface Kept {
  /** The port; empty for a replay. */
  port: string
  runner: SourceRunner
  open: OpenSource
  trouble: string
}

/**
 * All that packets are taken from at the same time: the mirror ports, or one replay. Each is kept running by itself:
 * a port that fails, comes or goes does not disturb the others.
 */
export class Sources {
  /** By what they were asked for as. */
  private kept = new Map<string, Kept>()
  /** Of sources that are not asked for any more. */
  private readonly lostBefore = { byKernel: 0, byPort: 0 }
  private troubleTold = ''

  constructor(private readonly options: SourcesOptions) {}

  /** Dropped by the kernel, by all sources so far. */
  get kernelDrops(): number {
    return this.sum((runner) => runner.kernelDrops, this.lostBefore.byKernel)
  }

  /** Lost by the ports themselves, by all so far. */
  get portDrops(): number {
    return this.sum((runner) => runner.portDrops, this.lostBefore.byPort)
  }

  /** Each mirror port that is asked for, in that order. */
  get ports(): PortCounters[] {
    return [...this.kept.values()]
      .filter(({ port }) => port !== '')
      .map(({ port, runner: { method, packets, bytes, kernelDrops, portDrops } }) => {
        return { name: port, method, packets, bytes, kernelDrops, portDrops }
      })
  }

  /** Take packets from these, and from no others. What is there already goes on undisturbed. */
  take(source: SourceSettings, method: CaptureMethod): void {
    const before = this.kept
    this.kept = new Map()
    for (const [key, make] of this.wanted(source, method)) this.kept.set(key, before.get(key) ?? make())
    for (const [key, { runner }] of before) {
      if (this.kept.has(key)) continue
      runner.stop()
      this.lostBefore.byKernel += runner.kernelDrops
      this.lostBefore.byPort += runner.portDrops
    }
    for (const { runner, open } of this.kept.values()) if (!runner.isRunning) runner.start(open)
    this.tellTrouble()
  }

  /** Take no more packets. Counts stay, and go on when packets are taken again. */
  stop(): void {
    for (const { runner } of this.kept.values()) runner.stop()
  }

  private wanted(source: SourceSettings, method: CaptureMethod): [string, () => Kept][] {
    if (source.kind === 'replay') {
      return [[JSON.stringify(source), () => this.keep('', () => this.replay(source))]]
    }
    const ringBytes = Math.max(ALL_RINGS_BYTES / powerOfTwo(source.names.length), LEAST_RING_BYTES)
    return source.names.map((name) => {
      const { onBusy, log } = this.options
      const open: OpenSource = (onTrouble) => new LiveSource(name, { method, ringBytes, onBusy, onTrouble, log })
      return [`${method} ${name}`, () => this.keep(name, open)]
    })
  }

  private replay({ path, speed }: SourceSettings & { kind: 'replay' }): ReplaySource {
    return new ReplaySource(path, speed, { onCut: this.options.log })
  }

  private keep(port: string, open: OpenSource): Kept {
    const runner = new SourceRunner({
      onPacket: this.options.onPacket,
      onTrouble: (text) => {
        kept.trouble = text
        this.tellTrouble()
      },
    })
    const kept: Kept = { port, runner, open, trouble: '' }
    return kept
  }

  private tellTrouble(): void {
    const troubles = [...this.kept.values()].map(({ trouble }) => trouble).filter((trouble) => trouble !== '')
    const text = troubles.join(' ')
    if (text === this.troubleTold) return
    this.troubleTold = text
    this.options.onTrouble(text)
  }

  private sum(count: (runner: SourceRunner) => number, before: number): number {
    return [...this.kept.values()].reduce((sum, { runner }) => sum + count(runner), before)
  }
}

/** The smallest that is not less: rings are made of blocks, in powers of two. */
function powerOfTwo(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(count, 1)))
}
