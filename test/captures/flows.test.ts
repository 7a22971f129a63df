import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readFlows } from '../../src/capture/read-flows'
import { CAPTURES_FOLDER, captureTest } from './captures-folder'
import { differences, type FlowTruth } from './flow-truth'

const CAPTURE_NAME = /\.(pcap|pcapng|cap|dmp|gz)$/

/** Where the expected table is wrong, not we. The bytes decide; see each reason. */
const TRUTH_IS_WRONG: ReadonlyMap<string, string> = new Map([
  [
    'suricata-verify__tests__bug-6875-01__fuzz.pcap',
    // The magic a1b2c3d4 announces record headers of 16 bytes, and so read the first record is whole: 188 bytes that
    // start with two MAC addresses, 0800 and 45 00 00 ae, an IPv4 packet of 174. The second record is destroyed, from
    // which tshark guesses that the first header had 24 bytes, and so reads its frame from the middle.
    'the magic number says where the first frame starts',
  ],
  [
    'tcpdump__tests__bigtcp-ipv6-geneve-ipv6.pcap',
    // A frame of 80,156 bytes whose outer IPv6 header has payload length 0 and next header UDP: so Linux shows a
    // segment beyond 65,535 bytes before the network card cuts it. tshark takes the UDP datagram for empty.
    'the UDP header and 80,102 bytes of payload are in the frame',
  ],
])

/** Overlay networks that can be opened. */
const OVERLAY = /vxlan|geneve/

/** Not compared inside of overlays, and why. */
const OVERLAY_IS_OTHER: ReadonlyMap<string, string> = new Map([
  ['tcpdump__tests__nsh-over-vxlan-gpe.pcap', 'VXLAN-GPE is another protocol, at a port of its own'],
  // The datagram's length is 0, a large send before the network card cuts it; tshark stops there, and we go on.
  ['tcpdump__tests__bigtcp-ipv4-geneve-ipv4.pcap', 'the frame of 80,116 bytes holds a whole TCP segment'],
  ['tcpdump__tests__bigtcp-ipv4-geneve-ipv6.pcap', 'the frame of 80,136 bytes holds a whole TCP segment'],
])

/** `opensOverlays`: compared with the flows inside of all tunnels, where we open the same ones. */
async function mismatches(file: string, opensOverlays = false): Promise<string[]> {
  const path = join(CAPTURES_FOLDER, file)
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
  const truth = JSON.parse(readFileSync(join(CAPTURES_FOLDER, 'flows', `${digest}.json`), 'utf8')) as FlowTruth
  const { flows, counters } = await readFlows(path, { opensOverlays })
  if (counters.flowsEvicted > 0) return ['the flow table was full']
  if (opensOverlays && truth.innermost_differs && !OVERLAY.test(file)) return []
  if (opensOverlays && OVERLAY_IS_OTHER.has(file)) return []
  const found = differences(opensOverlays ? { ...truth, flows: truth.flows_innermost ?? truth.flows } : truth, [
    ...flows,
  ])
  if (!TRUTH_IS_WRONG.has(file)) return found
  return found.length > 0 ? [] : ['listed as wrong in the expected flows, but there is no difference']
}

captureTest(
  'so are those inside of overlay networks, when they are asked for',
  async () => {
    const found: string[] = []
    for (const file of readdirSync(CAPTURES_FOLDER).filter((name) => CAPTURE_NAME.test(name))) {
      const lines = await mismatches(file, true).catch((error: unknown) => [String(error)])
      found.push(...lines.map((line) => `${file}: ${line}`))
    }
    expect(found).toEqual([])
  },
  120_000,
)

captureTest(
  'every flow of every capture is exact to the packet and the byte, in both directions',
  async () => {
    const files = readdirSync(CAPTURES_FOLDER).filter((name) => CAPTURE_NAME.test(name))
    const found: string[] = []
    for (const file of files) {
      const lines = await mismatches(file).catch((error: unknown) => [String(error)])
      found.push(...lines.map((line) => `${file}: ${line}`))
    }
    expect(files.length).toBeGreaterThan(0)
    expect(found).toEqual([])
  },
  120_000,
)
