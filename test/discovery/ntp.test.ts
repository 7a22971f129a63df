import { describe as describeAsset } from '../../src/asset/describe'
import { groupsOf } from '../../src/asset/identity'
import { Inventory } from '../../src/asset/inventory'
import { loadSignatures } from '../../src/capture/signature-files'
import { Ear } from '../../src/discovery/ear'
import { FlowMeter } from '../../src/flow/flow-meter'
import { captureTest } from '../captures/captures-folder'
import { ethernet, hex, ipv4, LINK, udp } from '../wire/frames'
import { framesOf, linesOf, Listening } from './overhear'

/** A server's answer at stratum 1, set by GPS, and what chrony asks. */
const ANSWER = hex('24 01 06 ec 00000000 00000010 47505300', '00'.repeat(24), 'eeb79258 3f2b4cd6')
const REQUEST = hex('23 00 06 20', '00'.repeat(36), '7cfec85f f58a2b13')

function frame(source: string, destination: string, fromPort: number, toPort: number, payload: Buffer): Buffer {
  return ethernet('0800', ipv4(udp(fromPort, toPort, payload), { source, destination }))
}

function give({ take }: Pick<Listening, 'take'>, bytes: Buffer, atSeconds: number): void {
  take(bytes, 0, bytes.length, bytes.length, atSeconds * 1e6, LINK.ethernet)
}

captureTest.each([
  ['ipfixprobe__tests__functional__inputs__ntp.pcap', /^(37\.187|46\.28|80\.74|213\.151)\./],
  ['tcpdump__tests__ntp-time-ef.pcap', /^162\.159\./],
])('time servers of the outside in %s are no assets', async (file, outside) => {
  const lines = linesOf(await framesOf(file))
  expect(lines.some((line) => / ntp ntp-request /.test(line))).toBe(true)
  expect(lines.filter((line) => outside.test(line) || / role ntp server$/.test(line))).toEqual([])
})

test('a machine of this network that gives the time of a receiver is a time server, whoever asks how often', () => {
  const listening = new Listening()
  for (let turn = 0; turn < 300; turn++) {
    const client = `10.0.0.${2 + (turn % 100)}`
    give(listening, frame(client, '10.0.0.1', 40_000 + turn, 123, REQUEST), 64 * turn)
    give(listening, frame('10.0.0.1', client, 123, 40_000 + turn, ANSWER), 64 * turn)
  }
  const said = listening.lines.filter((line) => line.startsWith('10.0.0.1 '))
  expect(said).toEqual(['10.0.0.1 ntp role ntp server', '10.0.0.1 ntp ntp-stratum 1', '10.0.0.1 ntp ntp-reference GPS'])
  const groups = groupsOf(listening.inventory, () => false)
  const server = groups.find(({ hosts }) => hosts.some(({ ip }) => ip === '10.0.0.1'))!
  const { deviceType, details } = describeAsset(server, loadSignatures())
  expect({ deviceType, details }).toEqual({
    deviceType: 'time server',
    details: { role: ['ntp server'], 'ntp-stratum': ['1'], 'ntp-reference': ['GPS'] },
  })
})

test('in which manner a client asks is kept only with consent (R-165)', () => {
  const requests = (fingerprints: boolean): string[] => {
    const inventory = new Inventory({ capacity: 10 })
    const meter = new FlowMeter({ capacity: 16, seed: 1 })
    meter.listener = new Ear(inventory, { fingerprints })
    give({ take: meter.packet }, frame('10.0.0.5', '192.0.2.1', 40_000, 123, REQUEST), 1)
    return [...inventory.hosts()].flatMap(({ evidence }) => evidence.all.map(({ value }) => value))
  }
  expect(requests(true)).toEqual(['client v4 0 n 32 0 0 - -'])
  expect(requests(false)).toEqual([])
})
