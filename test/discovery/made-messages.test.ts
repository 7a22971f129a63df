import { findMmsIdentity } from '../../src/discovery/protocols/mms'
import { parseGoose } from '../../src/discovery/protocols/goose'
import { findRdpClient } from '../../src/discovery/protocols/rdp'
import { findNtlm } from '../../src/discovery/protocols/ntlm'
import { parseNeighbour } from '../../src/discovery/protocols/neighbour-discovery'
import { parseBacnet } from '../../src/discovery/protocols/bacnet'
import type { Heard, Voice } from '../../src/discovery/voice'
import { INDUSTRIAL_VOICES, OFFICE_VOICES } from '../../src/discovery/voices'
import { hex } from '../wire/frames'
import { hearHostileMessages } from './hostile-voices'

// Protocols that none of the captures has: messages made by the letter of their standards.

function voiceOf(source: string): Voice {
  return [...OFFICE_VOICES, ...INDUSTRIAL_VOICES].find((each) => each.source === source)!
}

function message(bytes: Buffer | string, sourcePort: number, destinationPort = 50000, isTcp = true): Heard {
  return {
    bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes,
    source: { ip: '10.0.0.1', port: sourcePort },
    destination: { port: destinationPort },
    isTcp,
    atMs: 0,
  }
}

function heard(source: string, given: Heard): string[] {
  const lines: string[] = []
  voiceOf(source).hear(given, {
    add: (of, kind, value) => lines.push(`${of.ip} ${kind} ${value.toString()}`),
    bond: () => undefined,
    announce: () => undefined,
    relate: () => undefined,
  })
  hearHostileMessages(voiceOf(source), [given], 1)
  return lines
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
  expect(heard('telnet', message(bytes, 23))).toEqual([expect.stringContaining('telnet-banner Ubuntu 20.04 LTS')])
})

test('an IMAP server greets', () => {
  const greeting = message('* OK [CAPABILITY IMAP4rev1] Dovecot (Ubuntu) ready.\r\n', 143)
  expect(heard('imap', greeting)).toEqual(['10.0.0.1 mail-banner * OK [CAPABILITY IMAP4rev1] Dovecot (Ubuntu) ready.'])
})

test('a printer answers IPP', () => {
  const head = Buffer.from('HTTP/1.1 200 OK\r\nServer: CUPS/2.3\r\n\r\n')
  const name = Buffer.from('printer-make-and-model')
  const bytes = hex(head, '0200 0000 00000001 04 41 0016', name, '0010', Buffer.from('HP LaserJet 4250'), '03')
  expect(heard('ipp', message(bytes, 631))).toContain('10.0.0.1 model HP LaserJet 4250')
})

test('a camera says hello by WS-Discovery; who probes for one is none', () => {
  const hello = `<s:Envelope><s:Body><d:Hello><d:Types>dn:NetworkVideoTransmitter</d:Types>
    <d:Scopes>onvif://www.onvif.org/name/Front%20door</d:Scopes></d:Hello></s:Body></s:Envelope>`
  expect(heard('ws-discovery', message(hello, 3702, 3702, false))).toEqual([
    '10.0.0.1 wsd-types dn:NetworkVideoTransmitter',
    '10.0.0.1 onvif Front door',
  ])
  const probe = '<s:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body>'
  expect(heard('ws-discovery', message(probe, 50000, 3702, false))).toEqual([])
})

test('a remote desktop client gives its name and build where nothing is encrypted', () => {
  const name = Buffer.alloc(32)
  name.write('WORKPC', 'utf16le')
  const core = hex('01c0 d800 04000800 0004 0003 01ca 03aa 09040000 280a0000', name, '00'.repeat(180))
  expect(findRdpClient(hex('0300 0000', core))).toEqual({ name: 'WORKPC', build: 2600 })
  expect(heard('rdp', message(hex('0300 0100', core), 50000, 3389))).toContain('10.0.0.1 hostname WORKPC')
})

test('an answer to Identify of MMS, in whatever stands around it', () => {
  const identity = ber('a2', berText('80', 'Maker'), berText('81', 'IED-7'), berText('82', '1.4'))
  const found = findMmsIdentity(hex('0100 6112', ber('a1', hex('020101'), identity)))
  expect(found).toEqual({ vendor: Buffer.from('Maker'), model: Buffer.from('IED-7'), revision: Buffer.from('1.4') })
  expect(findMmsIdentity(hex('a1 05 020101 a200'))).toBeUndefined()
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
})

test('a neighbour advertisement is for its target, not for who sends it', () => {
  const target = 'fe80 0000 0000 0000 0000 0000 0000 0007'
  const bytes = hex('88 00 0000 60000000', target, '02 01 02000000000a')
  expect(parseNeighbour(bytes, 'fe80::1')).toEqual({ isRouter: false, ownIp: 'fe80::7', mac: '02:00:00:00:00:0a' })
})

test('MikroTik and Ubiquiti announce themselves', () => {
  const mndp = hex('00000000', '0005 0004', Buffer.from('core'), '0008 0008', Buffer.from('MikroTik'))
  expect(heard('mndp', message(mndp, 5678, 5678, false))).toContain('10.0.0.1 hostname core')
  const ubiquiti = hex('01 00 0006', '0b 0003', Buffer.from('ap1'))
  expect(heard('ubiquiti-discovery', message(ubiquiti, 10001, 50000, false))).toContain('10.0.0.1 hostname ap1')
})

test('a printer gives its IEEE 1284 identifier', () => {
  const bytes = hex(Buffer.from('BJNP'), '82 30 0000 0001 0000 00000020', Buffer.from('MFG:Canon;MDL:MX880 series;'))
  expect(heard('printer', message(bytes, 8611, 50000, false))).toEqual([
    '10.0.0.1 role printer',
    '10.0.0.1 maker Canon',
    '10.0.0.1 model MX880 series',
  ])
})

test('an access point names itself to RADIUS', () => {
  const bytes = hex('01 01 0019', '00'.repeat(16), '20 05', Buffer.from('ap7'))
  expect(heard('radius', message(bytes, 50000, 1812, false))).toEqual(['10.0.0.1 hostname ap7'])
})

test('a station says hello by Niagara Fox', () => {
  const hello = 'fox a 0 -1 fox hello\n{\nfox.version=s:1.0\nhostName=s:jace-3\nos.name=s:QNX\n};;\n'
  expect(heard('fox', message(hello, 1911))).toEqual(
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
  expect(heard('knx', message(bytes, 3671, 50000, false))).toContain('10.0.0.1 serial 00c501021304')
})

test('a camera names its RTSP server', () => {
  const answer = 'RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Hipcam RealServer/V1.0\r\n\r\n'
  expect(heard('rtsp', message(answer, 554))).toEqual(['10.0.0.1 rtsp-server Hipcam RealServer/V1.0'])
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
