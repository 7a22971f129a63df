import { fstatSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import type { InventoryAsset } from '../asset/describe'
import type { CaptureMethod } from '../capture/messages'
import type { FourTuple } from '../flow/four-tuples'
import { count, counted, volume } from '../text/figures'
import { assetLines } from './asset-lines'
import { captureMethod } from './capture-method'
import { flowLines, formatFor, FORMAT_WORDS } from './flow-lines'
import { writeReport } from './report-file'

interface WorkerFlags {
  read?: string
  interface?: string[]
  source: CaptureMethod
  overlays?: boolean
  report?: string
  assets?: string
  format?: (typeof FORMAT_WORDS)[number]
  export: string[]
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
    .option('--overlays', 'open VXLAN and Geneve: flows and assets are those inside, not the tunnels')
    .option('--report <file>', 'where the flows go, - for standard output; the default without --assets and --export')
    .option(
      '--assets <file>',
      'with --read: where the machines in it go, one JSON object a line, - for standard output',
    )
    .addOption(new Option('--format <format>', 'how the flows are written; else as FILE ends').choices(FORMAT_WORDS))
    .option(
      '--export <url>',
      'IPFIX collector the flows go to; may be given several times',
      (url, before) => [...before, url],
      [] as string[],
    )
    .action(run)
}

async function run(flags: WorkerFlags): Promise<void> {
  const { read, interface: ports, source, format, overlays: opensOverlays = false, export: urls, assets } = flags
  if (assets !== undefined && read === undefined) throw new Error('--assets goes with --read')
  if (read === undefined && ports === undefined) {
    if (flags.report !== undefined) throw new Error('--report goes with --read or --interface')
    if (opensOverlays) throw new Error('--overlays goes with --read or --interface; a sensor is told in its sensor.ini')
    if (urls.length > 0) throw new Error('--export goes with --read or --interface; a sensor is told in its sensor.ini')
    const { runWorker } = await import('../capture/main.js')
    return runWorker()
  }
  const report = flags.report ?? (urls.length > 0 || assets !== undefined ? undefined : '-')
  for (const target of [assets, report]) {
    if (target !== undefined && isSameFile(read, target)) throw new Error(`${target} is the capture file itself`)
  }
  if (assets !== undefined && report !== undefined && wouldMix(assets, report)) {
    throw new Error('--assets and --report would be one file: give them different ones')
  }
  if (assets !== undefined && report === undefined && urls.length === 0) {
    return reportAssets(read ?? '-', opensOverlays, assets)
  }
  const { collectorsAt, exportFlows } = await import('./export-flows.js')
  const collectors = collectorsAt(urls)
  const { flows, folded } =
    ports === undefined ? await ofFile(read ?? '-', opensOverlays, assets) : await ofPorts(ports, source, opensOverlays)
  if (folded > 0) warn(`${folded} rows are in those of "Others": more different ones than there is room for`)
  if (report !== undefined) await writeReport(flowLines(flows, formatFor(report, format)), report)
  if (collectors.length > 0) await exportFlows(flows, collectors)
}

async function reportAssets(path: string, opensOverlays: boolean, target: string): Promise<void> {
  const { readAssets } = await import('../capture/read-assets.js')
  const { assets, turnedAway, damage } = await readAssets(path, { opensOverlays })
  if (damage !== undefined) warnOfDamage(path, damage, 'assets')
  await writeAssets(assets, turnedAway, target)
}

async function writeAssets(assets: Iterable<InventoryAsset>, turnedAway: number, target: string): Promise<void> {
  if (turnedAway > 0) warn(`${turnedAway} addresses, cards or statements were too many to be kept`)
  await writeReport(assetLines(assets), target)
}

function warnOfDamage(path: string, damage: string, what: string): void {
  warn(`${path === '-' ? 'standard input' : path} is damaged: ${damage}; the ${what} are those before that`)
}

interface Flows {
  flows: Iterable<FourTuple>
  folded: number
}

/** Its machines are written to `assets` where that is wanted too: standard input can be read but once. */
async function ofFile(path: string, opensOverlays: boolean, assets: string | undefined): Promise<Flows> {
  const { readFlows } = await import('../capture/read-flows.js')
  const inventory =
    assets === undefined ? undefined : new (await import('../capture/file-inventory.js')).FileInventory()
  const { damage, ...flows } = await readFlows(path, { opensOverlays, inventory })
  if (damage !== undefined) warnOfDamage(path, damage, assets === undefined ? 'flows' : 'flows and assets')
  if (assets !== undefined && inventory !== undefined) {
    await writeAssets(inventory.assets(), inventory.turnedAway, assets)
  }
  return flows
}

async function ofPorts(names: string[], method: CaptureMethod, opensOverlays: boolean): Promise<Flows> {
  const { listenFlows } = await import('../capture/listen-flows.js')
  const listening = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => listening.abort())
  const { ports, ...flows } = await listenFlows(names, { method, opensOverlays, until: listening.signal, log: warn })
  for (const { name, method, packets, bytes, kernelDrops, portDrops } of ports) {
    const lost = `${count(kernelDrops)} dropped by the kernel, ${count(portDrops)} lost by the port`
    warn(`${name}: ${counted(packets, 'packet')} (${volume(bytes)}) by ${method}, ${lost}`)
  }
  return flows
}

/** The report would take the place of what it is made from. */
function isSameFile(path: string | undefined, target: string): boolean {
  if (path === undefined || path === '-' || target === '-') return false
  const [one, other] = [path, target].map((each) => statSync(each, { throwIfNoEntry: false }))
  return one !== undefined && one.isFile() && one.dev === other?.dev && one.ino === other.ino
}

/** Is it one file or pipe, by whatever names? A device, such as /dev/null, takes everything. */
function wouldMix(target: string, other: string): boolean {
  if (target === '-' && other === '-') return true
  const [one, two] = [target, other].map((path) => {
    return path === '-' ? fstatSync(process.stdout.fd) : statSync(path, { throwIfNoEntry: false })
  })
  if (one === undefined || two === undefined) return resolve(target) === resolve(other)
  return one.dev === two.dev && one.ino === two.ino && !one.isCharacterDevice()
}

function warn(text: string): void {
  process.stderr.write(`nps: ${text}\n`)
}
