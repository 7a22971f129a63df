import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildTraffic } from '../../../../src/host/simulated/traffic/build-traffic'
import { writePcap } from '../../../../src/host/simulated/traffic/pcap-file'
import { hasProgram, testWith } from '../../../needs'

/** Another reader than ours must understand every frame: the capture is for people's own tools, too. */
const tsharkTest = testWith(hasProgram('tshark'), 'tshark')

const SLOW_MS = 60_000

let folder: string
let path: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nps-traffic-'))
  path = join(folder, 'traffic.pcap')
  await writePcap(path, buildTraffic({ seed: 11, minutes: 6, hosts: 12 }).frames)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function tshark(...args: string[]): string[] {
  const checks = ['ip', 'tcp', 'udp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`])
  const output = execFileSync('tshark', ['-n', '-r', path, ...checks, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return output.split('\n').filter((line) => line !== '')
}

/** The values each of the fields has, read in one go. */
function valuesOf(...fields: string[]): Record<string, string[]> {
  const columns = fields.flatMap((field) => ['-e', field])
  const lines = tshark('-Y', fields.join(' || '), '-T', 'fields', '-E', 'aggregator=|', ...columns)
  const found = Object.fromEntries(fields.map((field) => [field, new Set<string>()]))
  for (const line of lines) {
    line.split('\t').forEach((values, column) => {
      for (const value of values.split('|')) found[fields[column]!]!.add(value)
    })
  }
  return Object.fromEntries(Object.entries(found).map(([field, values]) => [field, [...values]]))
}

tsharkTest(
  'no frame is malformed, no checksum wrong, no segment lost, late or sent twice',
  () => {
    const checksums = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6'].map((protocol) => `${protocol}.checksum.status == 0`)
    expect(tshark('-Y', ['_ws.malformed', 'tcp.analysis.flags', ...checksums].join(' || '))).toEqual([])
  },
  SLOW_MS,
)

tsharkTest(
  'every protocol of the cast is there and is known for what it is',
  () => {
    const seen = new Set(tshark('-T', 'fields', '-e', 'frame.protocols').flatMap((line) => line.split(':')))
    const cast =
      'arp dhcp dns enip http icmp icmpv6 ipp ipv6 llmnr lldp mbtcp mdns modbus nbns ntlmssp ntp quic rtp sip smb2 snmp spnego ssdp ssh syslog tcp tls udp vlan'
    expect(cast.split(' ').filter((protocol) => !seen.has(protocol))).toEqual([])
  },
  SLOW_MS,
)

tsharkTest(
  'machines tell who they are where real ones do',
  () => {
    const told = valuesOf(
      'dhcp.option.vendor_class_id',
      'dhcp.option.hostname',
      'ntlmssp.version.build_number',
      'snmp.value.octets',
      'lldp.tlv.system.name',
      'modbus.object_str_value',
      'enip.lir.name',
      'ssh.protocol',
    )
    expect(told['dhcp.option.hostname']).toContainEqual(expect.stringMatching(/^LAPTOP-[A-Z0-9]{7}$/))
    expect(told).toMatchObject({
      'dhcp.option.vendor_class_id': expect.arrayContaining(['MSFT 5.0', 'android-dhcp-14']),
      'ntlmssp.version.build_number': expect.arrayContaining(['19045', '20348']),
      'snmp.value.octets': expect.arrayContaining([Buffer.from('printer-2f').toString('hex')]),
      'lldp.tlv.system.name': expect.arrayContaining(['switch-1', 'ap-2f']),
      'modbus.object_str_value': expect.arrayContaining(['Example Controls']),
      'enip.lir.name': expect.arrayContaining(['AC Drive 525']),
      'ssh.protocol': expect.arrayContaining(['SSH-2.0-OpenSSH_8.4p1 Debian-5+deb11u3']),
    })
  },
  SLOW_MS,
)

tsharkTest(
  'a reader with the public keys sees the server names of QUIC, as it does those of TLS',
  () => {
    const name = 'tls.handshake.extensions_server_name'
    for (const carrier of ['quic', 'tcp']) {
      const names = tshark('-Y', `${carrier} && ${name}`, '-T', 'fields', '-e', name)
      expect(names.length).toBeGreaterThan(3)
      expect(names.filter((each) => !/\.example\.(com|net|org)$/.test(each))).toEqual([])
    }
  },
  SLOW_MS,
)
