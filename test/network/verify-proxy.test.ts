import fc from 'fast-check'
import { normaliseProxy, verifyProxy } from '../../src/network/verify-proxy'
import { DEFAULT_PROXY, type ProxySettings } from '../../src/settings/proxy-settings'

const GOOD: ProxySettings = {
  enabled: true,
  host: 'proxy.example.com',
  port: 3128,
  auth: 'basic',
  user: 'alice',
  password: 'secret',
}

const found = (changes: Partial<ProxySettings>): string[] =>
  verifyProxy({ ...GOOD, ...changes }).map(({ field, number }) => `${field} ${number}`)

/** The characters of, and the apostrophe and colon that C-06 adds for the dialog. */
const SPECIALS = '_-\\/|~!?@#$%^&*+=(){}[]<>;"`,.'

test('the proxy off is never wrong', () => {
  expect(found({ enabled: false, host: '', port: 0, user: '', password: '' })).toEqual([])
})

test.each([
  ...[
    'proxy',
    'proxy.example.com',
    'PROXY.EXAMPLE.COM',
    'proxy.example.com.',
    'xn--bcher-kva.example',
    '3com.com',
    'a',
  ],
  ...['1-2.example', '176.34.20.5', '010.001.001.005', 'fd00::5', `${'a'.repeat(63)}.example`, ' proxy '],
])('host %s', (host) => {
  expect(found({ host })).toEqual([])
})

test.each([
  ['', 19],
  ['   ', 19],
  ['proxy_1', 19],
  ['pro xy', 19],
  ['-proxy', 19],
  ['proxy-.example', 19],
  ['.proxy', 19],
  ['proxy..example', 19],
  ['proxy..', 19],
  ['bücher.example', 19],
  [`${'a'.repeat(64)}.example`, 19],
  [`${'a.'.repeat(127)}example`, 19],
  ['10.0.0.300', 19],
  ['10.0.0', 19],
  ['12345', 19],
  ['0.0.0.0', 19],
  ['224.0.0.1', 19],
  ['255.255.255.255', 19],
  ['http://proxy', 19],
  ['https://proxy:3128/', 19],
  ['socks5://proxy', 19],
  ['proxy:3128', 19],
  ['10.0.0.5:3128', 19],
  ['127.0.0.1', 17],
  ['127.000.000.001', 17],
  ['::1', 17],
  ['localhost', 17],
  ['proxy.localhost', 17],
])('host %j is %d', (host, number) => {
  expect(found({ host })).toEqual([`host ${number}`])
})

test.each(['socks://p', 'socks4://p', 'SOCKS5://user:hunter2@p:1080', 'socks5h://p'])(
  '%s is told apart (R-114)',
  (host) => {
    const [issue] = verifyProxy({ ...GOOD, host })
    expect(issue?.message).toMatch(/SOCKS proxies are not supported/)
    expect(issue?.message).not.toContain('hunter2')
  },
)

test.each([
  ['port', { port: 1 }, []],
  ['highest port', { port: 65_535 }, []],
  ['no port', { port: NaN }, ['port 22']],
  ['port 0', { port: 0 }, ['port 22']],
  ['port too high', { port: 65_536 }, ['port 22']],
  ['negative port', { port: -1 }, ['port 22']],
  ['half a port', { port: 80.5 }, ['port 22']],
  ['no user', { user: '' }, ['user 20']],
  ['a domain without a user', { user: 'CORP\\' }, ['user 20']],
  ['no password', { password: '' }, ['password 21']],
  ['neither', { auth: 'ntlm', user: '', password: '' }, ['user 20', 'password 21']],
  ['domain and user', { auth: 'ntlm', user: 'CORP\\alice' }, []],
  ['a user with every character of R-124 and the dot of C-04', { user: 'aZ9_-\\.@' }, []],
  ['32 characters of user', { user: 'u'.repeat(32) }, []],
  ['33 characters of user', { user: 'u'.repeat(33) }, ['user 22']],
  ['a space in the user', { user: 'al ice' }, ['user 22']],
  ['a colon in the user', { user: 'al:ice' }, ['user 22']],
  ['two backslashes first (R-126)', { user: '\\\\CORP\\alice' }, ['user 22']],
  ['16 characters of password', { password: 'p'.repeat(16) }, []],
  ['17 characters of password', { password: 'p'.repeat(17) }, ['password 22']],
  ['a password of one space', { password: ' ' }, []],
  ['a letter beyond ASCII', { password: 'pässword' }, ['password 22']],
  ['a control character', { password: 'a\tb' }, ['password 22']],
  ['NoAuth needs neither', { auth: 'none', user: '', password: '' }, []],
  ['NoAuth looks at neither', { auth: 'none', user: 'al ice', password: 'ä' }, []],
  ['another authentication', { auth: 'digest' as never }, ['auth 22']],
] as [string, Partial<ProxySettings>, string[]][])('%s', (_name, changes, issues) => {
  expect(found(changes)).toEqual(issues)
})

test('every issue comes at once, the one that wins first', () => {
  expect(found({ host: '', port: 0, user: '', password: '' })).toEqual(['host 19', 'port 22', 'user 20', 'password 21'])
  expect(found({ host: '127.0.0.1', port: 0 })).toEqual(['host 17', 'port 22'])
})

test('every character of C-06 may be in a password, and no message ever shows one', () => {
  const characters = `${SPECIALS} ':abcXYZ019`
  for (const character of characters) expect(found({ password: character })).toEqual([])
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 4, maxLength: 40 }), (password) => {
      fc.pre(!/^[a-z ]*$/.test(password))
      for (const { field, message } of verifyProxy({ ...GOOD, password })) {
        expect(field).toBe('password')
        expect(message).not.toContain(password)
      }
    }),
    { numRuns: 500, verbose: 1 },
  )
})

test('values are kept in one form: host lower case and without its last dot, addresses plain', () => {
  const kept = (changes: Partial<ProxySettings>): ProxySettings =>
    normaliseProxy({ ...GOOD, ...changes }, DEFAULT_PROXY)
  expect(kept({ host: ' Proxy.EXAMPLE.com. ', user: ' CORP\\Alice ' })).toEqual({ ...GOOD, user: 'CORP\\Alice' })
  expect(kept({ host: '010.001.001.005' }).host).toBe('10.1.1.5')
  expect(kept({ host: 'FD00:0::5' }).host).toBe('fd00::5')
  expect(kept({ password: ' p ' }).password).toBe(' p ')
})

test('NoAuth clears user and password (R-140), off keeps everything for the next time (R-136)', () => {
  expect(normaliseProxy({ ...GOOD, auth: 'none' }, GOOD)).toEqual({ ...GOOD, auth: 'none', user: '', password: '' })
  expect(normaliseProxy({ ...DEFAULT_PROXY, enabled: false }, GOOD)).toEqual({ ...GOOD, enabled: false })
})

test('any host name of RFC 1123 and any port go', () => {
  fc.assert(
    fc.property(fc.domain(), fc.integer({ min: 1, max: 65_535 }), (host, port) => {
      expect(found({ host, port })).toEqual([])
      expect(verifyProxy(normaliseProxy({ ...GOOD, host, port }, DEFAULT_PROXY))).toEqual([])
    }),
    { numRuns: 500, verbose: 1 },
  )
})

test('whatever is typed, verify answers and never throws', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      (host, port, user, password) => {
        for (const { number } of verifyProxy({ ...GOOD, host, port, user, password })) {
          expect([17, 19, 20, 21, 22]).toContain(number)
        }
      },
    ),
    { numRuns: 1000, verbose: 1 },
  )
})
