import { hex, LINK, uint16 } from '../wire/frames'
import { hearHostile, isUnfit } from './hostile-frames'
import { linesOf } from './overhear'
import { noted } from './said'

// What real devices sent and other projects' tests and notes quote, of protocols that we have no capture of

function heard(source: string, sourcePort: number, isTcp: boolean, bytes: Buffer): string[] {
  return noted(source, { bytes, sourcePort, isTcp })
}

test('a GE F650 relay publishes GOOSE (a frame quoted in the tests of elsereno, and without its head of libasn)', () => {
  const bytes = hex(
    '01a0f4082f77 00a0f4082f77 88b8 0001 0091 0000 0000 618186',
    '801a 4745446576696365463635302f4c4c4e3024474f2467636230 31 8103 009c40',
    '8218 4745446576696365463635302f4c4c4e3024474f4f534531 830b 463635305f474f4f534531',
    '8408 386ebbf34217280a 850101 86010a 870100 880101 890100 8a0108',
    'ab20 830100 8403030000 830100 8403030000 830100 8403030000 830100 8403030000',
  )
  const frame = { bytes, wireBytes: bytes.length, linkType: LINK.ethernet, atMicros: 0 }
  expect(linesOf([frame])).toEqual([
    '00:a0:f4:08:2f:77 goose goose-control-block GEDeviceF650/LLN0$GO$gcb01',
    '00:a0:f4:08:2f:77 goose goose-id F650_GOOSE1',
    '00:a0:f4:08:2f:77 goose role goose publisher',
  ])
  const noted = hearHostile([frame], Date.now() % 2 ** 31)
  expect(noted.filter(isUnfit)).toEqual([])
})

test('a Niagara station answers a hello (its beginning, quoted in the tests of elsereno)', () => {
  const bytes = hex(
    '666f7820612030202d3120666f782068656c6c6f0a7b0a666f782e76657273696f',
    '6e3d733a312e300a69643d693a320a686f73744e616d653d733a3139322e313638',
    '2e322e31350a686f7374416464726573733d733a3139322e3136382e322e31350a',
    '6170702e6e616d653d733a53746174696f6e0a6170702e76657273696f6e3d733a',
    '332e352e34312e310a766d2e6e616d653d733a4a390a766d2e76657273696f6e3d',
    '733a322e330a6f732e6e616d653d733a514e580a6f732e76657273696f6e3d733a',
    '362e332e320a73746174696f6e2e6e616d653d733a4c6567696f6e5f48515f5634',
    '0a6c616e673d733a656e0a',
  )
  expect(heard('fox', 1911, true, bytes)).toEqual([
    '10.0.0.1 hostname 192.168.2.15',
    '10.0.0.1 fox-os QNX',
    '10.0.0.1 vm-version 2.3',
    '10.0.0.1 software Station',
    '10.0.0.1 software-version 3.5.41.1',
    '10.0.0.1 station Legion_HQ_V4',
    '10.0.0.1 role fox station',
  ])
})

test('an HP LaserJet 4 says what it will tell by itself (a sample in the PJL Technical Reference Manual)', () => {
  const lines = [
    '@PJL INFO USTATUS',
    'DEVICE=OFF [3 ENUMERATED]',
    'OFF',
    'ON',
    'VERBOSE',
    'JOB=OFF [2 ENUMERATED]',
    'OFF',
  ]
  const bytes = Buffer.from(`${lines.join('\r\n')}\r\nON\r\n\f`)
  expect(heard('printer', 9100, true, bytes)).toEqual(['10.0.0.1 role printer'])
})

// Its publisher blackened two addresses; those, the name of the radio network and half of the MAC are made up here.
test('a Ubiquiti airGateway answers (quoted in public notes on discovery protocols)', () => {
  const bytes = hex(
    '01 00 007d 02 000a 802aa8000001 0a000001 02 000a 802aa8000002 0a000001 01 0006 802aa8000001',
    '0a 0004 001d2ac9 0b 000a',
    Buffer.from('airGateway'),
    '0c 0003',
    Buffer.from('AGW'),
    '0d 000c',
    Buffer.from('radionetwork'),
    '0e 0001 03 03 0025',
    Buffer.from('AirGW.ar933x.v1.1.6.28062.150731.1510'),
    '10 0002 e4c2',
  )
  expect(heard('ubiquiti-discovery', 10001, false, bytes)).toEqual([
    '10.0.0.1 has 80:2a:a8:00:00:01',
    '10.0.0.1 has 80:2a:a8:00:00:02',
    '10.0.0.1 hostname airGateway',
    '10.0.0.1 model AGW',
    '10.0.0.1 firmware AirGW.ar933x.v1.1.6.28062.150731.1510',
    '10.0.0.1 maker Ubiquiti',
  ])
})

// Of the MAC the half that is not Canon's is made up here, and the address.
test('a Canon MX700 is found and names itself (quoted by an owner of one on a forum)', () => {
  const discovered = (ip: string) => hex('424a4e50 8101 0000 0001 0000 00000010', '0001 0800 06 04 000085000001', ip)
  expect(heard('printer', 8611, false, discovered('0a000001'))).toEqual([
    '10.0.0.1 has 00:00:85:00:00:01',
    '10.0.0.1 role printer',
  ])
  // What it says of another address, or cut off, is nothing about its own.
  expect(heard('printer', 8611, false, discovered('0a000002'))).toEqual(['10.0.0.1 role printer'])
  expect(heard('printer', 8611, false, discovered('0a0000'))).toEqual(['10.0.0.1 role printer'])
  const identity = hex(
    '424a4e50813000000002000000000095',
    '00954d46473a43616e6f6e3b434d443a424a4c2c424a526173746572332c4253',
    '4343652c4e4343652c504c493b534f4a3a54585430312c424a4e50323b4d444c',
    '3a4d58373030207365726965733b434c533a5052494e5445523b4445533a4361',
    '6e6f6e204d58373030207365726965733b5645523a312e3035303b5354413a31',
    '303b4852493a4f54483b4d53493a4441542c45333b',
  )
  expect(heard('printer', 8611, false, identity)).toEqual([
    '10.0.0.1 role printer',
    '10.0.0.1 maker Canon',
    '10.0.0.1 model MX700 series',
    '10.0.0.1 firmware 1.050',
  ])
})

// Its publisher blackened the nine characters of PSE, which are zeros here.
test('a Canon MG5500 names itself (quoted in public notes on transport protocols)', () => {
  const bytes = hex(
    '424a4e508130000000010000000000f2',
    '00f24d46473a43616e6f6e3b434d443a424a4c2c424a526173746572332c4253',
    '4343652c4e4343652c495645432c49564543504c493b534f4a3a424a4e50322c',
    '424a4e50653b4d444c3a4d4735353030207365726965733b434c533a5052494e',
    '5445523b4445533a43616e6f6e204d4735353030207365726965733b5645523a',
    '332e3039303b5354413a31303b4653493a30303b4852493a323b4d53493a414f',
    '46462c423234302c4441542c45332c484653462c4a4f46462c4b323130303037',
    '30302c4c4f46463b5044523a333b5053453a3030303030303030303b4349443a',
    '43415f49564543315459504534 5f494a503b',
  )
  expect(heard('printer', 8612, false, bytes)).toEqual([
    '10.0.0.1 role printer',
    '10.0.0.1 maker Canon',
    '10.0.0.1 model MG5500 series',
    '10.0.0.1 firmware 3.090',
  ])
})

/** The head of TPKT and of COTP before what an S7 says. */
const overTransport = (body: Buffer): Buffer => hex('0300', uint16(7 + body.length), '02f080', body)

test('an S7-1214 begins a session of S7comm-plus (quoted in public notes on industrial security)', () => {
  const bytes = hex(
    '0300008902f0807201007a32000004ca0000000136110287248711a100000120821f0000a38169001500a3823200170000013a823b00048200',
    '823c00048140823d00048480c040823e00048480c040823f00151b313b36455337203231342d31414533302d30584230203b56322e32',
    '8240001505323b37393482410003000300a20000000072010000',
  )
  expect(heard('s7comm', 102, true, bytes)).toEqual([
    '10.0.0.1 s7-order-number 6ES7 214-1AE30-0XB0',
    '10.0.0.1 order-number 6ES7 214-1AE30-0XB0',
    '10.0.0.1 firmware V2.2',
  ])
})

test('an S7-1215C begins one (quoted in the tests of an open client)', () => {
  const body = hex(
    '720100c832000004ca0000000136000287358728a100000120821f0000a3816900151330313a42443432364230393146303837333141',
    'a3822b00048280808002a3822d0015104f4d53502e52454c2e383038392e3231a3822f100214be767496ceed7704d7aa07662c3659f9',
    '303bfdcea3823200170000013a823b00048400823c00048300823d00048480c200823e00048480c100823f00151b313b36455337',
    '203231352d31414734302d30584230203b56342e328240001506323b3130373482410003000300a20000000072010000',
  )
  expect(heard('s7comm', 102, true, overTransport(body))).toEqual([
    '10.0.0.1 s7-order-number 6ES7 215-1AG40-0XB0',
    '10.0.0.1 order-number 6ES7 215-1AG40-0XB0',
    '10.0.0.1 firmware V4.2',
  ])
  // Who configures it says the same back, in a message of a later version: it is not his order number.
  const echoed = overTransport(hex('72020080 31', body.subarray(5)))
  const request = overTransport(hex('720100c8 31', body.subarray(5)))
  for (const bytes of [echoed, request]) {
    expect(noted('s7comm', { bytes, sourcePort: 50000, destinationPort: 102, isTcp: true })).toEqual([])
  }
})

test('a TwinCAT 2 tells its name and version (quoted in the tests of an open client)', () => {
  const bytes = hex(
    '0000 38000000 ac10176f0101 8980 0a0a0a1e0101 2103 0100 0500 18000000 00000000 00000000',
    '00000000 02 0b 2d0a 54436174506c634374726c 0000000000',
  )
  expect(heard('ads', 48898, true, bytes)).toEqual([
    '10.0.0.1 role ads server',
    '10.0.0.1 maker Beckhoff',
    '10.0.0.1 ads-device TCatPlcCtrl',
    '10.0.0.1 firmware 2.11.2605',
    '10.0.0.1 ads-net-id 10.10.10.30.1.1',
  ])
  // The same with an error in the answer, or as all there is in it, and then what comes next.
  const failed = Buffer.from(bytes)
  failed.writeUInt32LE(0x701, 38)
  const bare = hex('0000 24000000', bytes.subarray(6, 26), '04000000', bytes.subarray(30, 38), '01070000', bytes)
  for (const error of [failed, bare]) expect(heard('ads', 48898, true, error)).toEqual([])
})

// Its name, and the digits of its fingerprint, are made up here.
test('a computer with TwinCAT 3 answers a search (quoted in a script for nmap)', () => {
  const bytes = hex(
    '03661471 00000000 01000080 c0a800060101 1027 04000000',
    '0500 1000',
    Buffer.from('DESKTOP-EXAMPLE\0'),
    '0400 1401 14010000 0a000000 00000000 654a0000 02000000',
    Buffer.alloc(256),
    '0300 0400 0301b80f 1200 4100',
    Buffer.from(`${'0'.repeat(64)}\0`),
  )
  expect(heard('ads', 48899, false, bytes)).toEqual([
    '10.0.0.1 hostname DESKTOP-EXAMPLE',
    '10.0.0.1 ads-net-id 192.168.0.6.1.1',
    '10.0.0.1 ads-system 2 10.0.19045',
    '10.0.0.1 firmware 3.1.4024',
  ])
  expect(heard('ads', 48899, false, bytes.subarray(0, 300))).toEqual([])
})

// Half of its MAC and the number of its licence are made up here.
test('a MikroTik RB962 with RouterOS 7.19 announces itself (quoted in the tests of a scanner)', () => {
  const bytes = hex(
    '000003d4 0001 0006 c4ad34000001',
    '0005 0008 4d696b726f54696b',
    '0007 0023 372e31392e332028737461626c652920323032352d30372d30332031313a32333a3034',
    '0008 0008 4d696b726f54696b 000a 0004 82640000 000b 0009 303030302d30303030',
    '000c 0013 5242393632556947532d354861635432486e54',
    '000e 0001 01 000f 0010 fe80000000000000c6ad34fffe000001 0010 0006 657468657235 0011 0004 0a640901',
  )
  expect(noted('mndp', { bytes, sourcePort: 5678, destinationPort: 5678 })).toEqual([
    '10.0.0.1 hostname MikroTik',
    '10.0.0.1 maker MikroTik',
    '10.0.0.1 model RB962UiGS-5HacT2HnT',
    '10.0.0.1 version 7.19.3',
    '10.0.0.1 os RouterOS',
    '10.0.0.1 role mndp router',
  ])
})
