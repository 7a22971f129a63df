import { HTTP, IPP } from '../../src/discovery/protocols/http'
import { findMmsIdentity } from '../../src/discovery/protocols/mms'
import { parseGoose } from '../../src/discovery/protocols/goose'
import { findRdpClient } from '../../src/discovery/protocols/rdp'
import { findNtlm } from '../../src/discovery/protocols/ntlm'
import { parseNeighbour } from '../../src/discovery/protocols/neighbour-discovery'
import { parseBacnet } from '../../src/discovery/protocols/bacnet'
import type { Heard, Notes } from '../../src/discovery/voice'
import { ethernet, hex, LINK, uint16 } from '../wire/frames'
import { hearHostile } from './hostile-frames'
import { noted, type Said } from './said'

// Protocols that none of the captures has: messages made by the letter of their standards.

function message(bytes: Buffer | string, sourcePort: number, destinationPort = 50000, isTcp = true): Said {
  return { bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, sourcePort, destinationPort, isTcp }
}

/** A stream as far as it came, but for its bytes. */
function overTcp(sourcePort: number, destinationPort: number): Omit<Heard, 'bytes'> {
  const [source, destination] = [{ ip: '10.0.0.1', port: sourcePort }, { port: destinationPort }]
  return { source, destination, isTcp: true, isSnapped: false, atMs: 0 }
}

function berText(tag: string, text: string): Buffer {
  return hex(tag, text.length.toString(16).padStart(2, '0'), Buffer.from(text, 'latin1'))
}

function ber(tag: string, ...parts: Buffer[]): Buffer {
  const contents = Buffer.concat(parts)
  return hex(tag, contents.length.toString(16).padStart(2, '0'), contents)
}

test('a telnet server greets behind its negotiation', () => {
  const bytes = hex('fffd18 fffa1801fff0 fffb01', Buffer.from('Ubuntu 20.04 LTS\r\nlogin: '))
  expect(noted('telnet', message(bytes, 23))).toEqual([expect.stringContaining('telnet-banner Ubuntu 20.04 LTS')])
})

test('an IMAP server greets', () => {
  const greeting = message('* OK [CAPABILITY IMAP4rev1] Dovecot (Ubuntu) ready.\r\n', 143)
  expect(noted('imap', greeting)).toEqual(['10.0.0.1 mail-banner * OK [CAPABILITY IMAP4rev1] Dovecot (Ubuntu) ready.'])
})

test('a printer answers IPP', () => {
  const head = Buffer.from('HTTP/1.1 200 OK\r\nServer: CUPS/2.3\r\n\r\n')
  const name = Buffer.from('printer-make-and-model')
  const bytes = hex(head, '0200 0000 00000001 04 41 0016', name, '0010', Buffer.from('HP LaserJet 4250'), '03')
  expect(noted('ipp', message(bytes, 631))).toContain('10.0.0.1 model HP LaserJet 4250')
})

test('who prints has its name in a head that comes in pieces', () => {
  const head = 'POST /ipp HTTP/1.1\r\nUser-Agent: CUPS/2.3\r\n\r\n'
  const heard = overTcp(50000, 631)
  const add = jest.fn()
  const notes = { add } as Partial<Notes> as Notes
  expect(IPP.hear({ ...heard, bytes: Buffer.from(head.slice(0, -2)) }, notes)).toBe(true)
  expect(add).not.toHaveBeenCalled()
  expect(IPP.hear({ ...heard, bytes: Buffer.from(head) }, notes)).toBe(false)
  expect(add).toHaveBeenCalledWith(heard.source, 'http-agent', 'CUPS/2.3')
})

test('a web server asks in several headers of one name', () => {
  const asked = ['Basic realm="Boiler house"', 'Negotiate', 'NTLM'].map((text) => `WWW-Authenticate: ${text}\r\n`)
  const head = `HTTP/1.1 401 Unauthorized\r\n${asked.join('')}\r\n`
  expect(noted('http', message(head, 80))).toEqual(['10.0.0.1 http-realm Boiler house'])
})

test('a client logs on to a proxy with NTLM, its name behind 200 bytes of response', () => {
  const none = '0000 0000 48000000'
  const fields = hex(none, 'c800 c800 48000000', none, none, '0600 0600 10010000', none, '02000000', '00'.repeat(8))
  const token = hex(Buffer.from('NTLMSSP\0'), '03000000', fields, '00'.repeat(200), Buffer.from('WORKPC'))
  const head = `GET http://a/ HTTP/1.1\r\nProxy-Authorization: NTLM ${token.toString('base64')}\r\n\r\n`
  expect(noted('http', message(head, 50000, 3128))).toEqual(['10.0.0.1 hostname WORKPC'])
})

test('what a UPnP device has within is not described as itself', () => {
  const inner = '<deviceList><device><serialNumber>7</serialNumber></device></deviceList>'
  const type = '<deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType>'
  const body = `<root><device>${type}<friendlyName>A &lt; B</friendlyName>${inner}</device></root>`
  expect(noted('http', message(`HTTP/1.1 200 OK\r\n\r\n${body}`, 49152))).toEqual([
    '10.0.0.1 friendly-name A < B',
    '10.0.0.1 upnp-device urn:schemas-upnp-org:device:Basic:1',
  ])
})

test('XML is waited for until it says whether it is of UPnP', () => {
  const heard = overTcp(49152, 50000)
  const wantsMore = (body: string): unknown => {
    const bytes = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n${body}`)
    return HTTP.hear({ ...heard, bytes }, { add: () => undefined } as Partial<Notes> as Notes)
  }
  expect(wantsMore('<?xml version="1.0"?>\r\n')).toBe(true)
  expect(wantsMore('<root xmlns="urn:schemas-upnp-org:device-1-0"><device>')).toBe(true)
  expect(wantsMore(`<?xml version="1.0"?><feed>${' '.repeat(256)}`)).toBe(false)
})

test('a remote desktop server has its name in a certificate of version 1, in UTF-16', () => {
  const name = ber('1e', Buffer.from('WORKPC', 'utf16le').swap16())
  const subject = ber('30', ber('31', ber('30', hex('0603 550403'), name)))
  const signed = ber('30', ber('02', hex('07')), ber('30'), ber('30'), ber('30'), subject)
  const certificate = ber('30', signed)
  const lengthen = (bytes: Buffer): Buffer => hex(bytes.length.toString(16).padStart(6, '0'), bytes)
  const handshake = hex('0b', lengthen(lengthen(lengthen(certificate))))
  const record = hex('16 0303', handshake.length.toString(16).padStart(4, '0'), handshake)
  expect(noted('rdp', message(record, 3389))).toEqual(['10.0.0.1 hostname WORKPC'])
})

test('a camera says hello by WS-Discovery; who probes for one is none', () => {
  const hello = `<s:Envelope><s:Body><d:Hello><d:Types>dn:NetworkVideoTransmitter</d:Types>
    <d:Scopes>onvif://www.onvif.org/name/Front%20door</d:Scopes></d:Hello></s:Body></s:Envelope>`
  expect(noted('ws-discovery', message(hello, 3702, 3702, false))).toEqual([
    '10.0.0.1 wsd-types dn:NetworkVideoTransmitter',
    '10.0.0.1 onvif Front door',
  ])
  const probe = '<s:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body>'
  expect(noted('ws-discovery', message(probe, 50000, 3702, false))).toEqual([])
})

test('a remote desktop client gives its name and build where nothing is encrypted', () => {
  const name = Buffer.alloc(32)
  name.write('WORKPC', 'utf16le')
  const core = hex('01c0 d800 04000800 0004 0003 01ca 03aa 09040000 280a0000', name, '00'.repeat(180))
  expect(findRdpClient(hex('0300 0000', core))).toEqual({ name: 'WORKPC', build: 2600 })
  expect(noted('rdp', message(hex('0300 0100', core), 50000, 3389))).toContain('10.0.0.1 hostname WORKPC')
})

test('an answer to Identify of MMS, and nothing else that MMS says', () => {
  const about = (service: Buffer, tag = 'a1') =>
    hex('01000100', ber('61', ber('30', hex('020103'), ber('a0', ber(tag, hex('020101'), service)))))
  const identity = ber('a2', berText('80', 'Maker'), berText('81', 'IED-7'), berText('82', '1.4'))
  const found = findMmsIdentity(about(identity))
  expect(found).toEqual({ vendor: Buffer.from('Maker'), model: Buffer.from('IED-7'), revision: Buffer.from('1.4') })
  for (const other of [about(identity, 'a0'), about(ber('a4', identity)), about(ber('a2', hex('8000'))), identity]) {
    expect(findMmsIdentity(other)).toBeUndefined()
  }
})

test('a GOOSE message names its control block', () => {
  const pdu = ber(
    '61',
    berText('80', 'IED1LD0/LLN0$GO$gcb1'),
    hex('810203e8'),
    berText('82', 'ds'),
    berText('83', 'g1'),
  )
  const found = parseGoose(hex('0001 0000 0000 0000', pdu))
  expect(found).toEqual({ reference: Buffer.from('IED1LD0/LLN0$GO$gcb1'), identifier: Buffer.from('g1') })
  const frame = ethernet('88b8', hex('0001 0000 0000 0000', pdu))
  hearHostile([{ bytes: frame, wireBytes: frame.length, linkType: LINK.ethernet, atMicros: 0 }], 1)
  for (let length = 0; length < pdu.length; length++) {
    const cut = parseGoose(hex('0001 0000 0000 0000', pdu.subarray(0, length)))
    expect([undefined, found?.reference]).toContainEqual(cut?.reference)
    expect([undefined, found?.identifier]).toContainEqual(cut?.identifier)
  }
})

test('a neighbour advertisement is for its target, not for who sends it', () => {
  const target = 'fe80 0000 0000 0000 0000 0000 0000 0007'
  const bytes = hex('88 00 0000 60000000', target, '02 01 02000000000a')
  expect(parseNeighbour(bytes, 'fe80::1')).toEqual({ isRouter: false, ownIp: 'fe80::7', mac: '02:00:00:00:00:0a' })
})

test('MikroTik and Ubiquiti announce themselves', () => {
  const mndp = hex('00000000', '0005 0004', Buffer.from('core'), '0008 0008', Buffer.from('MikroTik'))
  expect(noted('mndp', message(mndp, 5678, 5678, false))).toContain('10.0.0.1 hostname core')
  const ubiquiti = hex('01 00 0006', '0b 0003', Buffer.from('ap1'))
  expect(noted('ubiquiti-discovery', message(ubiquiti, 10001, 50000, false))).toContain('10.0.0.1 hostname ap1')
})

test('a printer gives its IEEE 1284 identifier', () => {
  const bytes = hex(Buffer.from('BJNP'), '82 30 0000 0001 0000 00000020', Buffer.from('MFG:Canon;MDL:MX880 series;'))
  expect(noted('printer', message(bytes, 8611, 50000, false))).toEqual([
    '10.0.0.1 role printer',
    '10.0.0.1 maker Canon',
    '10.0.0.1 model MX880 series',
  ])
})

test('a printer names its model in PJL, when its line is whole', () => {
  const answer = Buffer.from('@PJL INFO ID\r\n"HP LaserJet 4200"\r\n\f')
  expect(noted('printer', message(answer, 9100, 50000))).toEqual([
    '10.0.0.1 role printer',
    '10.0.0.1 model HP LaserJet 4200',
  ])
  const withFirmware = Buffer.from('@PJL INFO ID\r\n"Brother HL-5450DN series:8C5-E09:Ver.1.06"\r\n\f')
  expect(noted('printer', message(withFirmware, 9100, 50000))).toContain('10.0.0.1 model Brother HL-5450DN series')
  expect(noted('printer', message(answer.subarray(0, 25), 9100, 50000))).toEqual(['10.0.0.1 role printer'])
})

test('what a broadcast device of BACnet sends on was said by another', () => {
  const iAm = '10 00 c402000007 2205c4 9103 210a'
  const forwarded = hex('81 04 001c 0a000009 bac0', '01 20 ffff 00 ff', iAm)
  expect(noted('bacnet', message(forwarded, 47808, 47808, false))).toEqual([
    '10.0.0.9 bacnet-instance 7',
    '10.0.0.9 role bacnet device',
    '10.0.0.9 bacnet-vendor 10',
  ])
})

test('an access point names itself to RADIUS', () => {
  const bytes = hex('01 01 0019', '00'.repeat(16), '20 05', Buffer.from('ap7'))
  expect(noted('radius', message(bytes, 50000, 1812, false))).toEqual(['10.0.0.1 hostname ap7'])
})

test('a station says hello by Niagara Fox', () => {
  const hello = 'fox a 0 -1 fox hello\n{\nfox.version=s:1.0\nhostName=s:jace-3\nos.name=s:QNX\n};;\n'
  expect(noted('fox', message(hello, 1911))).toEqual(
    expect.arrayContaining(['10.0.0.1 hostname jace-3', '10.0.0.1 fox-os QNX', '10.0.0.1 role fox station']),
  )
})

test('a KNX device describes itself', () => {
  const device = hex(
    '36 01 02 00 1101 0000 00c501021304 e000170c 000e8c00a1b2',
    Buffer.from('IP interface'),
    '00'.repeat(18),
  )
  const bytes = hex('0610 0204 003c', device)
  expect(noted('knx', message(bytes, 3671, 50000, false))).toContain('10.0.0.1 serial 00c501021304')
})

test('a camera names its RTSP server', () => {
  const answer = 'RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Hipcam RealServer/V1.0\r\n\r\n'
  expect(noted('rtsp', message(answer, 554))).toEqual(['10.0.0.1 rtsp-server Hipcam RealServer/V1.0'])
  const silent = 'RTSP/1.0 200 OK\r\nServer:\r\nPublic: OPTIONS\r\n\r\n'
  expect(noted('rtsp', message(silent, 554))).toEqual([])
})

test('a phone names itself to SIP, and where it does not, no other header is its name', () => {
  const registers = (agent: string): Said =>
    message(`REGISTER sip:a SIP/2.0\r\nUser-Agent:${agent}\r\nAllow: INVITE\r\n\r\n`, 5060, 5060, false)
  expect(noted('sip', registers(' Phone 7'))).toEqual(['10.0.0.1 sip-agent Phone 7'])
  expect(noted('sip', registers(' '))).toEqual([])
  // One that backtracked over it would run into the time limit of the test.
  expect(noted('sip', registers(`${' '.repeat(3900)}\n`))).toEqual([])
})

test('a head is waited for, and read as far as it goes where the capture has cut it off', () => {
  const http = message('GET / HTTP/1.1\r\nUser-Agent: Wget/1.21\r\nCookie: 0123', 40000, 80)
  expect(noted('http', http)).toEqual([])
  expect(noted('http', { ...http, snapped: 700 })).toEqual(['10.0.0.1 http-agent Wget/1.21'])
  const sip = message('SIP/2.0 200 OK\r\nServer: kamailio\r\nAllow: INV', 5060, 5060, false)
  expect(noted('sip', sip)).toEqual([])
  expect(noted('sip', { ...sip, snapped: 90 })).toEqual(['10.0.0.1 sip-agent kamailio'])
})

test('a page about UPnP is no description of who serves it', () => {
  const body = '<root xmlns="urn:schemas-upnp-org:device-1-0"><manufacturer>Example</manufacturer></root>'
  const answer = (type: string) => message(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n\r\n${body}`, 80)
  expect(noted('http', answer('text/html'))).toEqual([])
  expect(noted('http', answer('text/xml; charset="utf-8"'))).toEqual(['10.0.0.1 maker Example'])
})

test('what a proxy says that it sends on is not its own', () => {
  const head = 'GET / HTTP/1.1\r\nUser-Agent: Browser/1\r\n'
  expect(noted('http', message(`${head}\r\n`, 50000, 80))).toEqual(['10.0.0.1 http-agent Browser/1'])
  for (const by of ['Via: 1.1 proxy7', 'Forwarded: for=10.0.0.7', 'X-Forwarded-For: 10.0.0.7']) {
    expect(noted('http', message(`${head}${by}\r\n\r\n`, 50000, 80))).toEqual([])
  }
})

test('an S7 whose list does not fit into one message says nothing by half', () => {
  const record = (index: string, text: string): Buffer => hex(index, Buffer.from(text.padEnd(32, '\0')))
  const list = hex('ff09 0000 001c 0000 0022 000a', record('0001', 'Mixer 7'), record('0005', 'S C-C2UR28922012'))
  const part = hex('32 07 0000 0000 000c 0000', '0001120884840101 00000000', list)
  const answer = (body: Buffer): Said => message(hex('0300', uint16(7 + body.length), '02f080', body), 102)
  expect(noted('s7comm', answer(part))).toEqual(['10.0.0.1 hostname Mixer 7', '10.0.0.1 serial S C-C2UR28922012'])
  expect(noted('s7comm', answer(part.subarray(0, -25)))).toEqual(['10.0.0.1 hostname Mixer 7'])
})

/** A message of NTP: first byte, stratum, poll and precision, root delay and dispersion, reference, and the time last. */
function ntp(head: string, delays: string, reference: string | Buffer, transmit = 'eeb79258 3f2b4cd6'): Buffer {
  return hex(head, delays, reference, '00'.repeat(24), transmit)
}

test('a time server tells its stratum, and whom it follows', () => {
  const secondary = ntp('24 02 06 e6', '000002b7 000008ac', '0a000001')
  expect(noted('ntp', message(secondary, 123, 40000, false))).toEqual([
    '10.0.0.1 role ntp server',
    '10.0.0.1 ntp-stratum 2',
    '10.0.0.1 ntp-reference 10.0.0.1',
  ])
  const primary = ntp('25 01 06 ec', '00000000 00000010', Buffer.from('GPS\0'))
  expect(noted('ntp', message(primary, 123, 123, false))).toEqual([
    '10.0.0.1 role ntp broadcast server',
    '10.0.0.1 ntp-stratum 1',
    '10.0.0.1 ntp-reference GPS',
  ])
  const ofNoName = ntp('1c 01 09 ea', '00000000 000002d2', '7f7f0100')
  expect(noted('ntp', message(ofNoName, 123, 40000, false))).toEqual([
    '10.0.0.1 role ntp server',
    '10.0.0.1 ntp-stratum 1',
  ])
})

test('peers of NTP are no servers', () => {
  expect(noted('ntp', message(ntp('21 03 0a e9', '00000100 00000100', '0a000002'), 123, 123, false))).toEqual([
    '10.0.0.1 role ntp peer',
    '10.0.0.1 ntp-stratum 3',
    '10.0.0.1 ntp-reference 10.0.0.2',
  ])
})

test.each([
  ['is not synchronised', 'e4 02 06 e8', '494e4954', undefined],
  ['refuses with a kiss code', '24 00 06 e8', '52415445', undefined],
  ['follows nobody any more', '24 10 06 e8', '0a000001', undefined],
  ['has no time', '24 02 06 e8', '0a000001', '00'.repeat(8)],
  ['speaks a version that there is not', '2c 02 06 e8', '0a000001', undefined],
])('who %s serves no time', (_why, head, reference, transmit) => {
  expect(noted('ntp', message(ntp(head, '00'.repeat(8), reference, transmit), 123, 40000, false))).toEqual([])
})

test('a time server has port 123', () => {
  const bytes = ntp('24 02 06 e6', '000002b7 000008ac', '0a000001')
  expect(noted('ntp', message(bytes, 40000, 123, false))).toEqual([])
})

test.each([
  // Heard from chrony 4.3 and from NTPsec 1.2.2.
  ['client v4 0 n 32 0 0 - -', '23 00 06 20', '00'.repeat(8), '00000000', ''],
  ['client v4 0 0 32 0 0 - -', '23 00 00 20', '00'.repeat(8), '00000000', ''],
  // A member of a Windows domain, with both authenticators, and a request that has its own check sum.
  ['client v3 3 17 -23 0 1 - ms-sntp', 'db 00 11 e9', '00000000 00010000', '00000000', `51040000 ${'00'.repeat(16)}`],
  [
    'peer v3 3 17 -23 0 1 - ms-sntp',
    'd9 00 11 e9',
    '00000000 00010000',
    '00000000',
    `51040000 00000100 ${'00'.repeat(64)}`,
  ],
  ['client v3 3 17 -23 0 1 - +', 'db 00 11 e9', '00000000 00010000', '00000000', `00000001 ${'5a'.repeat(16)}`],
  ['client v4 3 n -20 0 0 1N14 -', 'e3 00 06 ec', '00'.repeat(8), '314e3134', ''],
  ['client v4 3 n -24 0 n INIT -', 'e3 00 06 e8', '00000000 00000002', '494e4954', ''],
])('a client asks for the time: %s', (signature, head, delays, reference, behind) => {
  const bytes = hex(ntp(head, delays, reference), behind)
  expect(noted('ntp', message(bytes, 40000, 123, false))).toEqual([`10.0.0.1 ntp-request ${signature}`])
})

test('a client that is synchronised has no manner of its own', () => {
  const bytes = ntp('23 03 06 e8', '000003f8 0008029b', '2e1c6f36')
  expect(noted('ntp', message(bytes, 40000, 123, false))).toEqual([])
})

/** An answer of NTP's mode 6 with this data, to a question about the server, or about an association of it. */
function ntpControl(data: string, flags = '82', association = '0000'): Buffer {
  const count = data.length.toString(16).padStart(4, '0')
  return hex('d6', flags, '0001 c016', association, '0000', count, Buffer.from(data))
}

test('a time server names its program and system, as NTPsec does behind much else', () => {
  const data =
    'leap=0, stratum=2, refid=10.0.0.1,\r\nclock=0xeeb792de.bd05421d, processor="x86_64",\r\n' +
    'system="Linux/6.1.0-18-amd64", version="ntpd ntpsec-1.2.2",\r\nmintc=0\r\n'
  expect(noted('ntp', message(ntpControl(data), 123, 40000, false))).toEqual([
    '10.0.0.1 processor x86_64',
    '10.0.0.1 ntp-system Linux/6.1.0-18-amd64',
    '10.0.0.1 ntp-version ntpd ntpsec-1.2.2',
  ])
  expect(noted('ntp', message(ntpControl(data), 40000, 123, false))).toEqual([])
  expect(noted('ntp', message(ntpControl(data, 'c2'), 123, 40000, false))).toEqual([])
  expect(noted('ntp', message(ntpControl(data, '82', '0007'), 123, 40000, false))).toEqual([])
})

test('of variables of NTP that are split only whole ones count, with quotes or without', () => {
  const first = ntpControl('version=Domain Time II 5.2.b,hostname=clock7,system=Win2012 x64,proc', 'a2')
  expect(noted('ntp', message(first, 123, 40000, false))).toEqual([
    '10.0.0.1 ntp-version Domain Time II 5.2.b',
    '10.0.0.1 hostname clock7',
    '10.0.0.1 ntp-system Win2012 x64',
  ])
  expect(noted('ntp', message(ntpControl('system="Linux/6.1.0-18-am', 'a2'), 123, 40000, false))).toEqual([])
})

test('NTLM: an offset beyond the message gives an empty text', () => {
  const bytes = hex(
    Buffer.from('NTLMSSP\0'),
    '03000000',
    '00'.repeat(32),
    '0400 0400 ffffff7f',
    '00'.repeat(8),
    '01000000',
  )
  expect(findNtlm(bytes)).toMatchObject({ type: 3, computer: '' })
})

test('BACnet: the name of an object is not the name of the device', () => {
  // Read-property answer: analog-input 1, object-name, "Sensor".
  expect(parseBacnet(hex('30 01 0c 0c00000001 194d 3e 750700', Buffer.from('Sensor'), '3f'))).toBeUndefined()
})
