import { loadSignatures } from '../../src/capture/signature-files'
import { SignatureTable } from '../../src/fingerprint/signature-table'
import { CardMakers } from '../../src/fingerprint/card-makers'

const signatures = loadSignatures()

test.each([
  ['dhcp-vendor-class', 'android-dhcp-9', { os: 'Android', version: '9', device: 'phone' }],
  [
    'http-agent',
    'Mozilla/5.0 (Linux; Android 9; Nokia 2.2 Build/PPR1; wv)',
    { os: 'Android', version: '9', model: 'Nokia 2.2' },
  ],
  ['http-agent', 'Mozilla/5.0 (Windows NT 6.1; WOW64; rv:19.0) Gecko/20100101', { os: 'Windows', version: '7' }],
  [
    'smb-os',
    'Windows Server 2008 R2 Standard 7601 Service Pack 1',
    { os: 'Windows', version: 'Server 2008 R2 SP1 (build 7601)' },
  ],
  ['ntlm-server', '6.1.0', { os: 'Linux' }],
  ['cdp-platform', 'cisco WS-C3560-24TS', { maker: 'Cisco', model: 'WS-C3560-24TS', device: 'switch' }],
  ['tcp-handshake', 'syn 128 M,N,W,N,N,S 64240 8 1460', { os: 'Windows' }],
  ['mysql-version', '5.5.5-10.3.39-MariaDB-0+deb10u2', { os: 'Linux', version: 'Debian' }],
  ['hostname', 'DESKTOP-V1FA0UQ', { os: 'Windows', version: '10 or 11' }],
])('%s: %s', (kind, value, expected) => {
  expect(signatures.conclude(kind, value)[0]).toMatchObject(expected)
})

test('every table loads, and unknown kinds and values tell nothing', () => {
  expect(signatures.conclude('no-such-kind', 'x')).toEqual([])
  expect(signatures.conclude('smb-os', 'Plan 9')).toEqual([])
  expect(signatures.conclude('mysql-version', '8.0.29-debug')).toEqual([])
})

test('makers are found by the longest range', () => {
  expect(signatures.vendorOf(0x00000c123456)).toBe('Cisco Systems, Inc')
  const makers = new CardMakers('# comment\nBig\t70b3d5\nSmall\t70b3d5123\n')
  expect(makers.find(0x70b3d5123456)).toBe('Small')
  expect(makers.find(0x70b3d5000000)).toBe('Big')
  expect(makers.find(0x020000000000)).toBeUndefined()
})

test('what is no range of a maker is passed over', () => {
  const rows = [
    'Big\t70b3d5\r',
    'Odd\t70b3d 0000000c0000',
    'Nobody',
    '',
    'Small\t70b3d5123\r',
    'a b c d e f g h i j k l m',
  ]
  const makers = new CardMakers(rows.join('\n'))
  expect([0x70b3d5123456, 0x70b3d5d00000].map((mac) => makers.find(mac))).toEqual(['Small', 'Big'])
  expect([0x00000c000000, 0x000070b3d000].map((mac) => makers.find(mac))).toEqual([undefined, undefined])
  expect(new CardMakers('').find(0x70b3d5123456)).toBeUndefined()
})

test('a row that cannot be read is named', () => {
  expect(() => new SignatureTable('x.tsv', '# ok\nabc\t200\tos=Linux')).toThrow('x.tsv:2: no confidence')
  expect(() => new SignatureTable('x.tsv', 'abc\t20\tsystem=Linux')).toThrow('x.tsv:1: system is no attribute')
})

test('no pattern backtracks for ever on text that was made to be slow', () => {
  const hostile = ['a'.repeat(256), '1,'.repeat(128), 'Windows '.repeat(32), 'Linux 1.'.repeat(32), ' ('.repeat(128)]
  const kinds = ['http-agent', 'system-description', 'cdp-software', 'model', 'smb-os', 'dhcp-parameters']
  // One that did would run into the time limit of the test.
  const found = kinds.flatMap((kind) => hostile.map((text) => signatures.conclude(kind, text).length))
  expect(found).toHaveLength(kinds.length * hostile.length)
})
