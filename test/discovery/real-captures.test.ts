import { BOND } from '../../src/asset/inventory'
import { captureTest } from '../captures/captures-folder'
import { HEARD_IN_CAPTURES, HEARD_OUTSIDE } from './heard-in-captures'
import { expectHardy, heardBy, notedOfCut } from './hostile-voices'
import { framesOf, give, linesOf, Listening, type Frame } from './overhear'

/** Names that are asked for, or that belong to somebody else: nobody may get them. */
const NOBODYS: [file: string, ...names: string[]][] = [
  ['zeek__testing__btest__Traces__wikipedia.pcap', 'BRWC0CB383D1F42'],
  ['ipfixprobe__tests__functional__inputs__netbios.pcap', 'ERUCFBGL', 'DESKTOP-VF53J00', 'ISATAP', 'TISKARNA'],
  ['ICS-Security-Tools__pcaps__beckoff__addroute1.pcapng', 'P3P.SOGOU.COM', 'WWW.BAIDU.COM', 'WORKGROUP'],
  ['tcpdump__tests__eapon1.pcap', 'ARBEITSGRUPPE'],
  ['ipfixprobe__tests__functional__inputs__dnssd.pcap', 'Preacher'],
  ['icsnpp-profinet-io-cm__testing__traces__profinet_io_cm_mixed_2.pcapng', 'turck', 'flm-pn-bk-2tx4', 'WPAD'],
]

/** Protocols that have the length or the end of each text in their messages. */
const NEVER_HALF = [
  'snmp',
  'kerberos',
  'smb',
  'ntlm',
  'sip',
  'mysql',
  'nbns',
  'mdns',
  'dhcp',
  'http',
  'ssdp',
  's7comm',
  'bacnet',
]

/** Frames of a capture that are changed and cut, at most. */
const MOST_FRAMES = 16

/** One that each new line was learned from, and the one before it: streams have their beginning in that. */
function tellingFrames(frames: readonly Frame[]): Frame[] {
  const telling: Frame[] = []
  let known = 0
  for (let until = 1; until <= Math.min(frames.length, 400) && telling.length < MOST_FRAMES; until++) {
    const lines = linesOf(frames.slice(Math.max(0, until - 12), until)).length
    if (lines > known) telling.push(...frames.slice(Math.max(0, until - 2), until))
    known = lines
  }
  return telling
}

describe.each(Object.entries(HEARD_IN_CAPTURES))('%s', (source, [file, ...expected]) => {
  captureTest(`is heard in ${file}`, async () => {
    const lines = linesOf(await framesOf(file))
    expect(lines).toEqual(expect.arrayContaining(expected))
  })

  captureTest('takes what is cut or changed without a throw, and what it notes is fit to be shown', async () => {
    const frames = await framesOf(file)
    expectHardy(source, frames, tellingFrames(frames))
  })
})

captureTest.each(HEARD_OUTSIDE)('servers that are admitted are heard in %s', async (file, ...expected) => {
  const lines = linesOf(await framesOf(file), { admits: () => true })
  for (const line of expected) expect(lines).toContainEqual(expect.stringContaining(line))
})

captureTest('ARP tells whose card an address is', async () => {
  const listening = new Listening()
  for (const frame of await framesOf('zeek__testing__btest__Traces__wikipedia.pcap')) give(listening, frame)
  const claimed = [...listening.inventory.hosts()].filter(({ bond }) => bond === BOND.claim)
  expect(claimed.map(({ ip, mac }) => `${ip} ${mac.toString(16)}`)).toEqual(
    expect.arrayContaining(['141.142.220.1 137fbe8cff', '141.142.220.195 1aa0baf35d', '141.142.220.226 f04da247ba25']),
  )
})

captureTest('a set-up of SMB is read however much has been said before it', async () => {
  const lines = linesOf(await framesOf('arkime__tests__pcap__wireshark-smb-on-windows10.pcap'))
  expect(lines).toContain('192.168.199.133 smb ntlm-server 10.0.10586')
})

/** Messages that are snapped, or whose rest is yet to come. */
captureTest.each(NEVER_HALF)('what is cut in %s is not said by half', async (source) => {
  const { voice, messages } = heardBy(source, await framesOf(HEARD_IN_CAPTURES[source]![0]))!
  expect(messages.slice(0, 50).flatMap((message) => notedOfCut(voice, message))).toEqual([])
})

captureTest.each(NOBODYS)('in %s nobody is called what is only asked for', async (file, ...names) => {
  const called = linesOf(await framesOf(file)).filter((line) => / hostname /.test(line))
  const wrong = called.filter((line) => names.some((name) => line.toLowerCase().endsWith(` ${name.toLowerCase()}`)))
  expect(wrong).toEqual([])
})
