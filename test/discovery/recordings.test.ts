import { resolve } from 'node:path'
import { expectHardy, heardBy, notedOfCut } from './hostile-voices'
import { framesOf, linesOf } from './overhear'

// Real programs, recorded by ourselves: fixtures/README.md says which.

const FOLDER = resolve(__dirname, '../../../test/discovery/fixtures')

/** By protocol, of which the recording has the name: all that is known by it afterwards. */
const HEARD: Record<string, string[]> = {
  telnet: [
    '10.99.0.1 telnet telnet-banner Linux 6.1.0-000000000 (server1) (pts/0)',
    '10.99.0.1 telnet telnet-banner server1 login:',
  ],
  'ws-discovery': ['10.99.0.1 ws-discovery wsd-types wsdp:Device pub:Computer'],
  ipp: [
    '10.99.0.1 ipp friendly-name Office printer',
    '10.99.0.1 ipp http-server CUPS/2.4.2',
    '10.99.0.1 ipp model Example LaserPrinter 4000',
    '10.99.0.2 ipp http-agent CUPS/2.4.2 (Linux 6.1.0-000000000; x86_64) IPP/2.0',
  ],
  rdp: ['10.99.0.2 rdp hostname workpc7', '10.99.0.2 rdp nt-build 18363'],
  // Not a router, though it announces itself as one.
  mndp: ['10.99.0.1 mndp hostname server1'],
  knx: ['10.99.0.1 knx model gateway7', '10.99.0.1 knx role knx device', '10.99.0.1 knx serial 010203040506'],
  radius: ['10.99.0.1 radius hostname switch7'],
  eigrp: ['10.99.0.1 eigrp role eigrp router'],
  rtsp: ['10.99.0.1 rtsp rtsp-server GStreamer RTSP server'],
  mms: [
    '10.99.0.1 mms firmware 1.5.0',
    '10.99.0.1 mms maker libiec61850.com',
    '10.99.0.1 mms model LIBIEC61850',
    '10.99.0.4 mms firmware Firmware 12.4.1 build 20260311 (hotfix 3)',
    '10.99.0.4 mms maker Example Substation Automation and Protection Engineering',
    '10.99.0.4 mms model Bay Controller and Feeder Protection Terminal EX-7700 Type C',
  ],
}

/** The voice that hears what has none of its own. */
const CARRIED_BY: Record<string, string> = { mms: 's7comm' }

/** Those of them that have the length or the end of each text in their messages. */
const NEVER_HALF = ['ws-discovery', 'ipp', 'rdp', 'mndp', 'knx', 'radius', 'rtsp', 'mms']

describe.each(Object.entries(HEARD))('%s', (source, expected) => {
  const recording = framesOf(resolve(FOLDER, `${source}.pcap`))

  test('is heard in a recording of real programs', async () => {
    const lines = linesOf(await recording).filter((line) => line.includes(` ${source} `))
    expect(lines.sort()).toEqual(expected)
  })

  test('takes what is cut or changed without a throw, and what it notes is fit to be shown', async () => {
    const frames = await recording
    expectHardy(CARRIED_BY[source] ?? source, frames, frames.slice(0, 16))
  })
})

test.each(NEVER_HALF)('what is cut in %s is not said by half', async (source) => {
  const { voice, messages } = heardBy(CARRIED_BY[source] ?? source, await framesOf(resolve(FOLDER, `${source}.pcap`)))!
  expect(messages.flatMap((message) => notedOfCut(voice, message))).toEqual([])
})
