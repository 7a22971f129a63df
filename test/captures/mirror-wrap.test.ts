import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFlows } from '../../src/capture/read-flows'
import type { FourTuple } from '../../src/flow/four-tuples'
import { CAPTURE_TOOLS_FOLDER, CAPTURES_FOLDER } from './captures-folder'
import { hasProgram, testWith } from '../needs'

const WRAP_TOOL = join(CAPTURE_TOOLS_FOLDER, 'mirror_wrap.py')

const MODES = ['rspan', 'qinq', 'erspan1', 'erspan2', 'erspan3', 'erspan3p']

/** Classic pcap, Ethernet: IPv4 and IPv6, fragments, tunnels of their own, snapped frames. */
const FILES = [
  'nDPI__tests__cfgs__default__pcap__viber.pcap',
  'arkime__tests__pcap__modbus.pcap',
  'zeek__testing__btest__Traces__ipv6-fragmented-dns.pcap',
  'icsnpp-enip__tests__traces__enip_cip_example.pcap',
  'suricata-verify__tests__ipv6-evasion__ipv6-malformed-fragments-31__frag-31.pcap',
]

/** Without the lengths of the outer frames, which wrapping changes. */
function inner(flows: FourTuple[]): object[] {
  return flows.map(({ c2sWireBytes, s2cWireBytes, ...rest }) => rest)
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-mirror-wrap-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const wrapTest = testWith(existsSync(WRAP_TOOL) && hasProgram('python3'), `python3 and ${WRAP_TOOL}`)

wrapTest.each(MODES)('flows seen through %s are the flows themselves', async (mode) => {
  for (const file of FILES) {
    const bare = join(CAPTURES_FOLDER, file)
    const wrapped = join(folder, `${mode}.pcap`)
    execFileSync('python3', [WRAP_TOOL, mode, bare, wrapped])
    const [expected, got] = [await readFlows(bare), await readFlows(wrapped)]
    expect({ file, flows: inner([...got.flows]) }).toEqual({ file, flows: inner([...expected.flows]) })
  }
})
