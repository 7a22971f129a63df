import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSignatures } from '../../src/capture/signature-files'
import { SignatureTable } from '../../src/fingerprint/signature-table'
import { CardMakers } from '../../src/fingerprint/card-makers'

const FOLDER = join(__dirname, '../../../src/fingerprint/tables')

const signatures = loadSignatures()

const NOBODY = [undefined, undefined, undefined]

function makersOf(...lines: string[]): CardMakers {
  return new CardMakers(Buffer.from(lines.map((line) => `${line}\n`).join('')))
}

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
  expect(signatures.conclude(kind, value)).toMatchObject(expected)
})

test('unknown kinds and values tell nothing', () => {
  expect(signatures.conclude('no-such-kind', 'x')).toBeUndefined()
  expect(signatures.conclude('smb-os', 'Plan 9')).toBeUndefined()
  expect(signatures.conclude('mysql-version', '8.0.29-debug')).toBeUndefined()
})

test('makers are found by the longest range', () => {
  expect(signatures.vendorOf(0x00000c123456)).toBe('Cisco Systems, Inc')
  const makers = makersOf('# comment', '70b3d5\tBig', '70b3d51\tMiddle', '70b3d5123\tSmall', '70b3d6234\tAlone')
  expect(makers.find(0x70b3d5123456)).toBe('Small')
  expect(makers.find(0x70b3d5133456)).toBe('Middle')
  expect(makers.find(0x70b3d5000000)).toBe('Big')
  expect(makers.find(0x70b3d6234000)).toBe('Alone')
  expect([0x70b3d6000000, 0x020000000000, 0xffffffffffff].map((mac) => makers.find(mac))).toEqual(NOBODY)
})

test('all makers in the table are found at both ends of their ranges, and nobody beside them', () => {
  const lines = readFileSync(join(FOLDER, 'card-makers.txt'), 'utf8').split('\n')
  const rows = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t'))
  const makers = new Map(rows.map(([range, maker]) => [range!, maker!]))
  expect(makers.size).toBe(rows.length)
  const expected = (mac: string): string | undefined =>
    makers.get(mac.slice(0, 9)) ?? makers.get(mac.slice(0, 7)) ?? makers.get(mac.slice(0, 6))
  const wrong = [...makers.keys()].flatMap((range) => {
    const [low, high] = [parseInt(range.padEnd(12, '0'), 16), parseInt(range.padEnd(12, 'f'), 16)]
    const macs = [low - 1, low, high, high + 1].filter((mac) => mac >= 0 && mac < 2 ** 48)
    return macs.filter((mac) => signatures.vendorOf(mac) !== expected(mac.toString(16).padStart(12, '0')))
  })
  expect(wrong).toEqual([])
})

test('a table without rows knows nobody', () => {
  const tables = [makersOf(), makersOf('# comment'), makersOf('', '', '')]
  expect(tables.map((makers) => makers.find(0x70b3d5123456))).toEqual(NOBODY)
})

test('a row that cannot be read is named', () => {
  expect(() => new SignatureTable('x.tsv', '# ok\nabc\t200\tos=Linux')).toThrow('x.tsv:2: no confidence')
  expect(() => new SignatureTable('x.tsv', 'abc\t20\tsystem=Linux')).toThrow('x.tsv:1: system is no attribute')
})

test('no pattern backtracks for ever on text that was made to be slow', () => {
  const hostile = ['a'.repeat(256), '1,'.repeat(128), 'Windows '.repeat(32), 'Linux 1.'.repeat(32), ' ('.repeat(128)]
  const kinds = ['http-agent', 'system-description', 'cdp-software', 'model', 'smb-os', 'dhcp-parameters']
  // One that did would run into the time limit of the test.
  // From some dozens on all patterns are in one.
  for (const kind of kinds) for (let value = 0; value < 100; value++) signatures.conclude(kind, `harmless ${value}`)
  const found = kinds.flatMap((kind) => hostile.map((text) => signatures.conclude(kind, text)))
  expect(found).toHaveLength(kinds.length * hostile.length)
})
