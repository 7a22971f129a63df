import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findings, type Cause } from '../../src/health/verdict'
import { context, watchFile } from '../health/health-of'
import { hasProgram, testWith } from '../needs'
import { CAPTURE_TOOLS_FOLDER, CAPTURES_FOLDER, captureTest } from './captures-folder'

const CAPTURE_NAME = /\.(pcap|pcapng|cap|dmp|gz)$/

/** Captures that are no healthy feed, and what is the matter with them at some time. All others are never blamed. */
const SICK: Record<string, Cause[]> = {
  // On a port that is no mirror, of machines that were not talking to each other just then.
  'ICS-Security-Tools__pcaps__beckoff__addrouteuse444444444.pcapng': ['not-a-mirror'],
  'ICS-Security-Tools__pcaps__beckoff__beckoffiplinktc3.pcapng': ['not-a-mirror'],
  'ICS-Security-Tools__pcaps__beckoff__invokeid12.pcapng': ['not-a-mirror'],
  'ICS-Security-Tools__pcaps__openics__EIP-SoftwareDownloadFailure.pcap': ['not-a-mirror'],
  'ICS-Security-Tools__pcaps__openics__EIP-SoftwareUploadFailure.pcap': ['not-a-mirror'],
  'nDPI__tests__cfgs__default__pcap__tuya_lp.pcap': ['not-a-mirror'],
  // Filtered so that only groups are left: reliable multicast, clocks, VRRP, DHCP; or with a group as every destination.
  'nDPI__tests__cfgs__default__pcap__pgm.pcap': ['not-a-mirror', 'no-flows'],
  'suricata-verify__tests__datasets-06-state-long__input.pcap': ['not-a-mirror'],
  'tcpdump__tests__ptp_ethernet.pcap': ['not-a-mirror', 'not-ip'],
  'tcpdump__tests__ptp_v2_1.pcap': ['not-a-mirror'],
  'tcpdump__tests__vrrp.pcap': ['not-a-mirror'],
  'zeek__testing__btest__Traces__dhcp__dhcp-unique-xid-join-data-growth.pcapng': ['not-a-mirror'],
  // Every frame is there twice, a microsecond apart, or three times.
  'icsnpp-profinet-io-cm__testing__traces__profinet_io_cm_mixed_1.pcap': ['copies'],
  'icsnpp-profinet-io-cm__testing__traces__profinet_io_cm_mixed_2.pcapng': ['not-a-mirror', 'copies'],
  'nDPI__tests__cfgs__default__pcap__dnp3.pcap': ['copies'],
  // Made up, with acknowledgments far ahead of the data; and one with most of a transfer cut out.
  'arkime__tests__pcap__tcp_handshake_synthetic.pcap': ['missing'],
  'nDPI__tests__cfgs__default__pcap__Oscar.pcap': ['missing'],
  // ICMP only.
  'nDPI__tests__cfgs__default__pcap__icmp-tunnel.pcap': ['no-flows'],
  'nDPI__tests__cfgs__default__pcap__vk.pcapng': ['one-way'],
  'nDPI__tests__cfgs__default__pcap__vxlan.pcap': ['vxlan'],
  'suricata-verify__tests__vxlan-decoder-03__vxlan.pcap': ['vxlan'],
  // Snapped at 96 and 128 bytes.
  'PcapPlusPlus__Tests__Pcap++Test__PcapExamples__pcapng-example.pcapng': ['truncated'],
  'zeek__testing__btest__Traces__tcp__timestamp.pcap': ['truncated'],
}

/** What was found at any time while the capture ran; silence is how captures are. */
async function everFound(path: string): Promise<Cause[]> {
  const found = new Set<Cause>()
  await watchFile(path, (report) => {
    const now = context(report, { nowMs: report.lastPacketMs })
    for (const { cause } of findings(report, now)) found.add(cause)
  })
  return [...found].filter((cause) => cause !== 'never-heard')
}

captureTest(
  'of all captures, those are called sick that are, and no others',
  async () => {
    const found: Record<string, Cause[]> = {}
    for (const name of readdirSync(CAPTURES_FOLDER).filter((each) => CAPTURE_NAME.test(each))) {
      const causes = await everFound(join(CAPTURES_FOLDER, name)).catch(() => [])
      if (causes.length > 0) found[name] = causes
    }
    expect(found).toEqual(SICK)
  },
  120_000,
)

const WRAP_TOOL = join(CAPTURE_TOOLS_FOLDER, 'mirror_wrap.py')
/** Calls of a telephone, TCP and UDP. */
const WRAPPED = 'nDPI__tests__cfgs__default__pcap__viber.pcap'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-health-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const wrapTest = testWith(existsSync(WRAP_TOOL) && hasProgram('python3'), `python3 and ${WRAP_TOOL}`)

wrapTest.each([
  ['rspan:998', { vlans: [998], stacked: false, erspan: [] }],
  ['qinq:200.100', { vlans: [100], stacked: true, erspan: [] }],
  ['erspan1', { vlans: [0], stacked: false, erspan: ['I 0'] }],
  ['erspan2:55', { vlans: [0], stacked: false, erspan: ['II 55'] }],
  ['erspan3:56', { vlans: [0], stacked: false, erspan: ['III 56'] }],
  ['erspan3p:57', { vlans: [0], stacked: false, erspan: ['III 57'] }],
])('a real capture through %s is what it is, and its way is seen', async (mode, expected) => {
  const bare = join(CAPTURES_FOLDER, WRAPPED)
  const wrapped = join(folder, 'wrapped.pcap')
  execFileSync('python3', [WRAP_TOOL, mode, bare, wrapped])
  const report = await watchFile(wrapped, () => undefined)
  expect({
    vlans: report.vlans.map(({ id }) => id),
    stacked: report.stackedFrames > 0,
    erspan: report.erspan.map(({ type, id }) => `${type} ${id}`),
  }).toEqual(expected)
  expect(report.total.erspanMissing).toBe(0)
  expect(await everFound(wrapped)).toEqual(await everFound(bare))
})
