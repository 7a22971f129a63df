import {
  CATALOGUE,
  CHECK_ORDER,
  ERROR_NUMBERS,
  explain,
  headline,
  type CatalogueEntry,
} from '../../src/errors/catalogue'
import { inCheckOrder, issue } from '../../src/errors/issue'
import { SensorError } from '../../src/errors/sensor-error'

const entry = (number: number): CatalogueEntry => CATALOGUE[number as keyof typeof CATALOGUE]

test("the product's numbers and texts, to the letter (R-263 to R-286)", () => {
  expect(ERROR_NUMBERS.map(headline)).toEqual([
    '10 Internal Error',
    '12 DNS Lookup Failed',
    '13 Invalid IP Address',
    '14 Invalid Gateway IP',
    '15 Invalid DNS1 IP',
    '16 Invalid DNS2 IP',
    '17 Loopback IP Error',
    '18 Invalid N/W CFG',
    '19 Invalid Proxy Host',
    '20 Proxy User not Specified',
    '21 Proxy Password not Specified',
    '22 Invalid Prxy CFG',
    '23 Invalid PERS code',
    '24 Registration Failed',
    '25 Gateway Unreachable',
    '26 DNS1 Unreachable',
    '27 DNS2 Unreachable',
    '28 Invalid Password',
    '29 DNS 1 & 2 cannot be same',
    '30 Appliance in ECO state',
    '31 Communication Failed with Cloud',
    '32 Prxy Unreachable',
    '33 NTLM unsupported',
  ])
})

test('11 and everything below 10 are unused (R-286)', () => {
  expect(ERROR_NUMBERS.filter((number) => number < 10 || (number as number) === 11)).toEqual([])
})

test('every text is a whole sentence and every id is there once', () => {
  for (const number of ERROR_NUMBERS) {
    expect(entry(number).means).toMatch(/^[A-Z{].*\.$/)
    expect(entry(number).try).toMatch(/^[A-Z].*\.$/)
  }
  expect(new Set(ERROR_NUMBERS.map((number) => entry(number).id)).size).toBe(ERROR_NUMBERS.length)
})

test('every text fits the two rows of the LCD (G-14)', () => {
  for (const number of ERROR_NUMBERS) expect(entry(number).says.length).toBeLessThanOrEqual(2 * 16)
})

test('the order of checks of G-12 names every number once', () => {
  expect([...CHECK_ORDER].sort((a, b) => a - b)).toEqual(ERROR_NUMBERS)
})

test('the issue that wins comes first; of two with one number the one found first', () => {
  const issues = [issue('a', 10), issue('b', 29), issue('c', 18), issue('d', 13), issue('e', 18)]
  expect(inCheckOrder(issues).map(({ field }) => field)).toEqual(['d', 'c', 'e', 'b', 'a'])
})

test('an explanation has its places filled, and no value is taken for a place', () => {
  expect(explain(25, { value: '10.0.0.1' })).toBe('The gateway 10.0.0.1 does not answer.')
  expect(explain(13, { value: '{reason}', reason: '$& \\1' })).toBe(
    '{reason} cannot be the address of this appliance: $& \\1.',
  )
})

test('a SensorError shows number, text and explanation, and keeps its cause', () => {
  const cause = new Error('ECONNREFUSED')
  const error = new SensorError(31, { platform: 'p.example', reason: 'it refuses' }, { cause })
  expect(error.message).toBe(
    '31 Communication Failed with Cloud. The platform at p.example cannot be reached: it refuses.',
  )
  expect(error).toMatchObject({ number: 31, cause })
})
