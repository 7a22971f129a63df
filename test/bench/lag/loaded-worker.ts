import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DEFAULT_ASSET_GROUPS } from '../../../src/flow/asset-groups'
import { FlowMeter } from '../../../src/flow/flow-meter'
import { Reporter } from '../../../src/report/reporter'
import { SpoolWriter } from '../../../src/report/spool/spool-writer'
import { METER, REPORTER } from '../as-shipped'
import { ethernet, ipv4, LINK, PROTOCOL, tcp } from '../../wire/frames'

/** Where addresses and ports stand in the frame. */
const SOURCE_AT = 14 + 12
const DESTINATION_AT = 14 + 16
const SOURCE_PORT_AT = 14 + 20
const DESTINATION_PORT_AT = 14 + 22

/** How long packets keep the event loop in one turn, as the ring's reader does it. */
const SLICE_MS = 10

/** Who talks to whom in the n-th flow. */
const SHAPES: Record<string, (flow: number) => { client: number; server: number; port: number }> = {
  // 50,000 machines, each with some services of others.
  office: (flow) => ({ client: 0x0a000000 + (flow % 50_000), server: 0x0a800000 + Math.floor(flow / 500), port: 443 }),
  // One that knocks at every door: all rows, and all addresses of them, are different ones.
  scan: (flow) => ({ client: 0x0a000001, server: 0x0a800000 + flow, port: 445 }),
  // The same from outside, made-up sources.
  flood: (flow) => ({ client: 0x2d000000 + flow, server: 0x0a000001, port: 80 }),
}

export interface Held {
  /** The longest and the hundredth longest the event loop was held, by the clock, and the longest in CPU time. */
  maxMs: number
  p99Ms: number
  heldMs: number
  /** The whole work, packets included. */
  tookMs: number
}

export interface LoadedWorker {
  shape: string
  liveFlows: number
  rows: number
  rssMb: number
  filling: Held
  collecting: Held
  updating: Held
  regrouping: Held
}

/**
 * Flows by the meter, reports into a spool, and packets at all times in between; then says how long the event loop was
 * held at most, and how much memory was taken.
 */
async function main([shape, flowsText]: string[]): Promise<void> {
  const flows = Number(flowsText)
  const ends = SHAPES[shape!]!
  const folder = mkdtempSync(join(tmpdir(), 'nps-bench-lag-'))
  const meter = new FlowMeter(METER)
  const reporter = new Reporter({ meter, groups: DEFAULT_ASSET_GROUPS, nowMs: Date.now(), ...REPORTER })
  const spool = new SpoolWriter(folder)
  const frame = ethernet('0800', ipv4(tcp(0x10), { protocol: PROTOCOL.tcp }))
  let sent = 0
  let rss = 0
  const send = (): void => {
    const { client, server, port } = ends(sent % flows)
    frame.writeUInt32BE(client, SOURCE_AT)
    frame.writeUInt32BE(server, DESTINATION_AT)
    frame.writeUInt16BE(1024 + ((sent % flows) % 60_000), SOURCE_PORT_AT)
    frame.writeUInt16BE(port, DESTINATION_PORT_AT)
    meter.packet(frame, 0, frame.length, frame.length, Date.now() * 1000, LINK.ethernet)
    sent++
  }
  let isOver = false
  // CPU of the process between two turns of the packets: unlike the delay, it is the same on a machine that is shared.
  let cpu = process.cpuUsage()
  let heldMs = 0
  const pump = (): void => {
    const { user, system } = process.cpuUsage(cpu)
    heldMs = Math.max(heldMs, (user + system) / 1000)
    const endMs = performance.now() + SLICE_MS
    while (performance.now() < endMs) for (let each = 0; each < 256; each++) send()
    rss = Math.max(rss, process.memoryUsage.rss())
    cpu = process.cpuUsage()
    if (!isOver) setImmediate(pump)
  }
  const delay = monitorEventLoopDelay({ resolution: 5 })
  const measured = async (work: () => unknown): Promise<Held> => {
    delay.reset()
    delay.enable()
    // Its first look, or it would not see what begins at once.
    await new Promise((resolve) => setTimeout(resolve, 50))
    const fromMs = performance.now()
    heldMs = 0
    await work()
    const tookMs = performance.now() - fromMs
    await new Promise((resolve) => setTimeout(resolve, 50))
    delay.disable()
    const [maxMs, p99Ms] = [delay.max / 1e6, delay.percentile(99) / 1e6].map(Math.round)
    return { maxMs: maxMs!, p99Ms: p99Ms!, heldMs: Math.round(heldMs), tookMs: Math.round(tookMs) }
  }
  try {
    pump()
    const filling = await measured(async () => {
      while (sent < flows) await new Promise((resolve) => setTimeout(resolve, 20))
    })
    const collecting = await measured(() => reporter.collect())
    const updating = await measured(() => reporter.report('update', spool, Date.now()))
    const regrouping = await measured(() =>
      reporter.setGroups({ ...DEFAULT_ASSET_GROUPS, excludedRanges: ['10.0.0.7'] }),
    )
    isOver = true
    const rows = reporter.summariesSpooled
    const result = { shape: shape!, liveFlows: meter.liveFlows, rows, rssMb: Math.round(rss / 2 ** 20) }
    const told: LoadedWorker = { ...result, filling, collecting, updating, regrouping }
    console.log(JSON.stringify(told))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

void main(process.argv.slice(2))
