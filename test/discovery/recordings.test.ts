import { resolve } from 'node:path'
import { expectHardy, heardBy, notedOfCut } from './hostile-voices'
import { framesOf, linesOf } from './overhear'

// Real programs, recorded by ourselves: fixtures/README.md says which.

const FOLDER = resolve(__dirname, '../../../test/discovery/fixtures')

/** By recording, mostly named after its protocol: all that is known by it afterwards. */
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
  'rdp-tls': ['10.99.0.1 rdp hostname server1', '10.99.0.2 rdp ja4 t13d311000_e8f1e7e78f70_1f22a2ca17c4'],
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
  // The phone is asked by way of the server, and answers so.
  sip: [
    '10.99.0.1 sip sip-agent kamailio (5.6.3 (x86_64/linux))',
    '10.99.0.2 sip sip-agent sipsak 0.9.8.1',
    '10.99.0.3 sip sip-agent baresip v1.0.0 (x86_64/linux)',
  ],
  tls: ['10.99.0.2 tls ja4 t10i080000_051fb07a0855_000000000000'],
  lldp: [
    '00:16:3e:00:00:01 lldp firmware Boot 1.4',
    '00:16:3e:00:00:01 lldp hardware Rev. C',
    '00:16:3e:00:00:01 lldp hostname server1',
    '00:16:3e:00:00:01 lldp lldp-capabilities phone',
    '00:16:3e:00:00:01 lldp maker Example',
    '00:16:3e:00:00:01 lldp model Phone 700',
    '00:16:3e:00:00:01 lldp serial PH00000007',
    '00:16:3e:00:00:01 lldp software 7.2.1',
    '00:16:3e:00:00:01 lldp system-description Example phone',
  ],
  // The server calls workpc7 by another name.
  dhcp: [
    '00:16:3e:00:00:02 dhcp dhcp-parameters 1,3,12,15',
    '00:16:3e:00:00:02 dhcp hostname workpc7.example.lan',
    '00:16:3e:00:00:02 dhcp hostname workpc8',
    '00:16:3e:00:00:02 dhcp hostname workpc8.example.lan',
    '00:16:3e:00:00:03 dhcp dhcp-parameters 1,3,6,12,15,28,42',
    '00:16:3e:00:00:03 dhcp dhcp-vendor-class udhcp 1.35.0',
    '00:16:3e:00:00:03 dhcp hostname workpc9',
    '00:16:3e:00:00:03 dhcp hostname workpc9.example.lan',
    '10.99.0.1 dhcp gateway told by DHCP',
    '10.99.0.1 dhcp service udp/67 dhcp',
  ],
  // Nothing of 10.99.0.1 is said by the proxy, which sends its answers on.
  http: [
    '10.99.0.1 http friendly-name Router & modem',
    '10.99.0.1 http friendly-name Speaker & lamp',
    '10.99.0.1 http http-realm Büro 7',
    '10.99.0.1 http http-server Debian/6.1.0-000000000 UPnP/1.1 MiniUPnPd/2.3.1',
    '10.99.0.1 http http-server Linux/6.1.0-000000000, UPnP/1.0, Portable SDK for UPnP devices/1.8.4',
    '10.99.0.1 http http-server nginx/1.22.1',
    '10.99.0.1 http maker Example',
    '10.99.0.1 http maker Ivo Clarysse, Henner Zeller',
    '10.99.0.1 http model-number 0.1',
    '10.99.0.1 http model-number 4000',
    '10.99.0.1 http serial RT000007',
    '10.99.0.1 http upnp-device urn:schemas-upnp-org:device:InternetGatewayDevice:2',
    '10.99.0.1 http upnp-device urn:schemas-upnp-org:device:MediaRenderer:1',
    '10.99.0.1 http upnp-model Example Router',
    '10.99.0.1 http upnp-model gmediarender',
    '10.99.0.2 http hostname WORKPC7',
    '10.99.0.2 http http-agent curl/7.88.1',
    '10.99.0.4 http hostname SERVER1',
    '10.99.0.4 http hostname server1',
    '10.99.0.4 http http-server squid/5.7',
    '10.99.0.4 http ntlm-server 6.1.0',
  ],
}

/** The voice that hears what has none of its own. */
const CARRIED_BY: Record<string, string> = { mms: 's7comm' }

/** The protocol of a recording that is not named after it alone. */
const PROTOCOLS: Record<string, string> = { 'rdp-tls': 'rdp' }

function protocolOf(name: string): string {
  return PROTOCOLS[name] ?? name
}

function voiceOf(name: string): string {
  return CARRIED_BY[name] ?? protocolOf(name)
}

/** Those of them that have the length or the end of each text in their messages. */
const NEVER_HALF = [
  'ws-discovery',
  'ipp',
  'rdp',
  'rdp-tls',
  'mndp',
  'knx',
  'radius',
  'rtsp',
  'mms',
  'sip',
  'dhcp',
  'http',
]

describe.each(Object.entries(HEARD))('%s', (name, expected) => {
  const recording = framesOf(resolve(FOLDER, `${name}.pcap`))

  test('is heard in a recording of real programs', async () => {
    const lines = linesOf(await recording).filter((line) => line.includes(` ${protocolOf(name)} `))
    expect(lines.sort()).toEqual(expected)
  })

  test('takes what is cut or changed without a throw, and what it notes is fit to be shown', async () => {
    const frames = await recording
    expectHardy(voiceOf(name), frames, frames.slice(0, 16))
  })
})

test.each(NEVER_HALF)('what is cut in %s is not said by half', async (name) => {
  const { voice, messages } = heardBy(voiceOf(name), await framesOf(resolve(FOLDER, `${name}.pcap`)))!
  expect(messages.flatMap((message) => notedOfCut(voice, message))).toEqual([])
})
