import { resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { groupsOf } from '../../src/asset/identity'
import { Inventory } from '../../src/asset/inventory'
import { compare } from './compare'
import { referenceCaptures } from './reference-captures'

const NPS = resolve(__dirname, '../../../bin/nps')

const ASSETS = 100_000

/** What the inventory costs: CPU on top of the flows of the same capture, and the memory of many assets. */
export async function run(): Promise<void> {
  const [{ path, name, packets }] = (await referenceCaptures()) as [{ path: string; name: string; packets: number }]
  const read = [NPS, 'worker', '--read', path]
  const title = `inventory: ${packets.toLocaleString('en')} packets, ${name}`
  await compare(title, 'packets', packets, [
    { name: 'flows', command: process.execPath, args: [...read, '--report', '/dev/null'] },
    { name: 'flows metered, and assets', command: process.execPath, args: [...read, '--assets', '/dev/null'] },
  ])
  printMemory()
}

/** Each with a card, two addresses and what an office computer says of itself. */
function printMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const before = process.memoryUsage()
  const inventory = new Inventory({ capacity: 2 * ASSETS })
  for (let number = 0; number < ASSETS; number++) fill(inventory, number)
  collect()
  const after = process.memoryUsage()
  const bytes = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers
  const assets = groupsOf(inventory, () => false).length
  process.stdout.write(
    `inventory: ${assets.toLocaleString('en')} assets of ${inventory.size.toLocaleString('en')} addresses ` +
      `take ${(bytes / 1e6).toFixed(0)} MB, ${Math.round(bytes / assets)} bytes each\n`,
  )
}

function fill(inventory: Inventory, number: number): void {
  const low = number.toString(16).padStart(6, '0')
  const mac = `00:1b:21:${low.slice(0, 2)}:${low.slice(2, 4)}:${low.slice(4)}`
  const ip = `10.${number >> 16}.${(number >> 8) & 0xff}.${number & 0xff}`
  const six = `fe80::21b:21ff:fe${low.slice(0, 2)}:${parseInt(low.slice(2), 16).toString(16)}`
  inventory.claim(ip, mac, number)
  inventory.claim(six, mac, number)
  const say = (kind: string, value: string, source: string): void => {
    inventory.observe({ ip }, { kind, value, confidence: 80, source, atMs: number })
  }
  say('hostname', `desktop-${low}`, 'nbns')
  say('hostname', `desktop-${low}`, 'mdns')
  say('dhcp-vendor-class', 'MSFT 5.0', 'dhcp')
  say('dhcp-parameters', '1,3,6,15,31,33,43,44,46,47,119,121,249,252', 'dhcp')
  say('tcp-handshake', 'syn 128 M,N,W,N,N,S 64240 8 1460', 'tcp')
  say('http-agent', `Mozilla/5.0 (Windows NT 10.0; Win64; x64) build ${number % 50}`, 'http')
  say('ja4', 't13d1516h2_8daaf6152771_b0da82dd1658', 'tls')
  say('service', 'tcp/445 smb', 'flow')
}
