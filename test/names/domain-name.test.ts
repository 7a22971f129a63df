import { domainName } from '../../src/names/domain-name'

test('names of hosts are let in, in lower case and without the last dot', () => {
  expect(domainName('WWW.Example.COM.')).toBe('www.example.com')
  expect(domainName('_ldap._tcp.example.com')).toBe('_ldap._tcp.example.com')
  expect(domainName('xn--bcher-kva.example')).toBe('xn--bcher-kva.example')
  expect(domainName('localhost')).toBe('localhost')
  expect(domainName(`${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`)).toHaveLength(253)
})

test('anything else is not', () => {
  const refused = [
    '',
    '.',
    'a..b',
    '-a.example',
    'a-.example',
    'a b.example',
    'a\nb.example',
    'a\x1b[31m.example',
    'a\x00.example',
    'bücher.example',
    '<script>',
    '192.0.2.1',
    '2001:db8::1',
    '123',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}example`,
  ]
  expect(refused.filter((name) => domainName(name) !== undefined)).toEqual([])
})
