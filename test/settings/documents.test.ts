import { Address6 } from 'ip-address'
import fc, { type Arbitrary } from 'fast-check'
import { defaults, formatDocument, loadDocument, type Schema, type Values } from '../../src/settings/document'
import {
  ASSETS_INI,
  NETWORK_INI,
  PROXY_INI,
  REGISTRATION_INI,
  SCHEMAS,
  SECRETS_INI,
  SENSOR_INI,
} from '../../src/settings/documents'

/** Plain objects, as settings are everywhere. */
const record = <T>(parts: { [K in keyof T]: Arbitrary<T[K]> }): Arbitrary<T> =>
  fc.record<T>(parts, { noNullPrototype: true }) as Arbitrary<T>

const anyText = (maxLength: number): Arbitrary<string> =>
  fc
    .oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength }),
      fc.string({ unit: 'binary', maxLength }),
      fc.constantFrom('true', 'false', 'null', '__proto__', "'", '"', '\\\\', ' ;', '#'),
    )
    .filter((text) => text.length <= maxLength)
const seconds = (most: number): Arbitrary<number> => fc.integer({ min: 1, max: most })
const optionalIpv4 = fc.oneof(fc.ipV4(), fc.constant(''))
const range = fc.oneof(
  fc.ipV4(),
  fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`),
  fc.ipV6(),
  fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([address, prefix]) => `${address}/${prefix}`),
)
const mac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((bytes) =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/..(?=.)/g, '$&:'),
)
const anyMac = fc
  .tuple(mac, fc.boolean())
  .map(([text, isLoud]) => (isLoud ? text.toUpperCase().replaceAll(':', '-') : text))
const base64 = (length: number): Arbitrary<string> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('base64'))

const optionalIpv6 = fc.oneof(
  fc.constant(''),
  fc.ipV6().map((address) => new Address6(address).correctForm()),
)
const optionalNumber = (min: number, max: number): Arbitrary<string> =>
  fc.oneof(fc.constant(''), fc.integer({ min, max }).map(String))

const network: Arbitrary<Values<typeof NETWORK_INI>> = record({
  management: record({
    mode: fc.constantFrom('dhcp', 'static'),
    address: optionalIpv4,
    netmask: optionalIpv4,
    gateway: optionalIpv4,
    dns1: optionalIpv4,
    dns2: optionalIpv4,
    ipv6: fc.constantFrom('off', 'auto', 'dhcp', 'static'),
    ipv6Address: optionalIpv6,
    ipv6Prefix: optionalNumber(1, 128),
    ipv6Gateway: optionalIpv6,
    ipv6Dns: optionalIpv6,
    vlan: optionalNumber(1, 4094),
    mtu: optionalNumber(576, 9216),
    hostname: anyText(64),
    ntp: anyText(1024),
  }),
})
const proxy: Arbitrary<Values<typeof PROXY_INI>> = record({
  proxy: record({
    enabled: fc.boolean(),
    host: fc.oneof(fc.domain(), fc.ipV4(), anyText(253)),
    port: fc.integer({ min: 1, max: 65_535 }),
    auth: fc.constantFrom('none', 'basic', 'ntlm'),
    user: anyText(32),
  }),
})
const secrets: Arbitrary<Values<typeof SECRETS_INI>> = record({
  proxy: record({ password: fc.string({ unit: 'grapheme-ascii', maxLength: 16 }) }),
  console: record({
    pin: fc.oneof(
      fc.constant(''),
      fc.tuple(base64(16), base64(32)).map(([salt, hash]) => `scrypt:${salt}:${hash}`),
    ),
  }),
})
const sensor: Arbitrary<Values<typeof SENSOR_INI>> = record({
  sensor: record({ name: anyText(128), model: anyText(64), serial: anyText(64) }),
  management: record({
    port: fc.stringMatching(/^[a-z0-9.:@-]{0,15}$/),
    backend: fc.constantFrom('auto', 'systemd-networkd', 'iproute2'),
    trialSeconds: fc.integer({ min: 1, max: 3600 }),
  }),
  platform: record({ url: fc.webUrl({ validSchemes: ['https'] }), ca: anyText(100) }),
  capture: record({
    source: fc.oneof(
      fc
        .uniqueArray(fc.stringMatching(/^[a-z0-9.:@-]{1,15}$/), { minLength: 1, maxLength: 4 })
        .map((names) => ({ kind: 'interface' as const, names })),
      anyText(100)
        .filter((path) => /^\S/.test(path))
        .map((path) => ({ kind: 'replay' as const, path })),
    ),
    replaySpeed: fc.oneof(
      seconds(10_000),
      fc.integer({ min: 1, max: 1_000_000 }).map((hundredths) => hundredths / 100),
    ),
    dropDuplicates: fc.boolean(),
    openOverlays: fc.boolean(),
    memoryMegabytes: fc.integer({ min: 512, max: 16_384 }),
  }),
  inventory: record({
    industrial: fc.boolean(),
    fingerprints: fc.constantFrom('platform', 'yes', 'no'),
    ignoredHostnames: fc.array(fc.domain()),
  }),
  report: record({
    newAssetsSeconds: seconds(86_400),
    updatesSeconds: seconds(86_400),
    heartbeatSeconds: seconds(300),
    spoolMegabytes: seconds(1_000_000),
    export: fc.array(fc.constantFrom('ipfix://192.0.2.1:4739', 'ipfix+tcp://[2001:db8::1]', 'ipfix://Flows.example.')),
    exportSeconds: seconds(3600),
    exportExternalAddresses: fc.boolean(),
  }),
  console: record({ vendor: anyText(32), lock: fc.boolean() }),
})
const assets: Arbitrary<Values<typeof ASSETS_INI>> = record({
  groups: record({
    inventoried: fc.array(range),
    nonInventoried: fc.array(range),
    excludedRanges: fc.array(range),
    excludedMacs: fc.array(anyMac),
  }),
  inventory: record({
    industrial: fc.boolean(),
    fingerprints: fc.constantFrom('undecided', 'yes', 'no'),
    ignoredHostnames: fc.array(fc.domain()),
  }),
  monitored: fc.array(
    record({
      name: fc.oneof(fc.constantFrom('Mail', 'mail', 'Cloud [x].y', ''), anyText(256)),
      fqdns: fc.array(
        fc.oneof(
          fc.domain(),
          anyText(256).filter((text) => text !== ''),
        ),
      ),
      ranges: fc.array(range),
    }),
  ),
})
const registration: Arbitrary<Values<typeof REGISTRATION_INI>> = record({
  registration: record({
    state: fc.constantFrom('Unregistered', 'Registered', 'Deregistered'),
    sensorId: fc.oneof(fc.uuid(), fc.constant('')),
    name: anyText(128),
    sensing: fc.constantFrom('Sensing', 'Paused', 'ECO'),
    configurationVersion: fc.nat(),
    since: fc.nat({ max: 4_000_000_000_000 }),
  }),
})

const CASES: [string, Schema, Arbitrary<Values<Schema>>][] = [
  [NETWORK_INI.file, NETWORK_INI, network as never],
  [PROXY_INI.file, PROXY_INI, proxy as never],
  [SECRETS_INI.file, SECRETS_INI, secrets as never],
  [SENSOR_INI.file, SENSOR_INI, sensor as never],
  [ASSETS_INI.file, ASSETS_INI, assets as never],
  [REGISTRATION_INI.file, REGISTRATION_INI, registration as never],
]

test('every file has its property below', () => {
  expect(CASES.map(([file]) => file)).toEqual(SCHEMAS.map(({ file }) => file))
})

describe.each(CASES)('%s', (_file, schema, arbitrary) => {
  const load = (text: string): Values<Schema> => {
    const { values, mistakes } = loadDocument(schema, Buffer.from(text))
    expect(mistakes).toEqual([])
    return values as Values<Schema>
  }

  test('load(save(x)) is x', () => {
    fc.assert(
      fc.property(arbitrary, (values) => {
        expect(load(formatDocument(schema, undefined, values))).toEqual(values)
      }),
      { numRuns: 200, verbose: 1 },
    )
  })

  test('load(save(y over x)) is y, and saving y again changes nothing', () => {
    fc.assert(
      fc.property(arbitrary, arbitrary, (x, y) => {
        const second = formatDocument(schema, formatDocument(schema, undefined, x), y)
        expect(load(second)).toEqual(y)
        expect(formatDocument(schema, second, y)).toBe(second)
      }),
      { numRuns: 200, verbose: 1 },
    )
  })

  test('no file is as shipped, and so is an empty one', () => {
    expect(loadDocument(schema, undefined)).toMatchObject({ values: defaults(schema), mistakes: [] })
    expect(load('')).toEqual(defaults(schema))
    expect(load(formatDocument(schema, undefined, defaults(schema)))).toEqual(defaults(schema))
  })
})

test('a person keeps their comments, their order and their spacing', () => {
  const before = [
    '; Rack 3, second from the top',
    '',
    '[management]',
    'gateway=10.1.0.1        ; the old router',
    '# Asked for on Monday',
    'mode = static',
    'address = 010.001.000.009',
    'netmask = "255.255.0.0"',
    '',
    '; the end',
    '',
  ].join('\n')
  const { values } = loadDocument(NETWORK_INI, Buffer.from(before))
  if (!values) throw new Error('not read')
  expect(values.management).toMatchObject({ address: '10.1.0.9', dns1: '' })
  const { management } = values
  const after = formatDocument(NETWORK_INI, before, {
    management: { ...management, gateway: '10.1.0.2', dns1: '10.1.0.3' },
  })
  // What the person has not written is added behind it, with its comment.
  const [theirs = ''] = after.split('; Secondary')
  expect(theirs.split('\n').filter((line) => !line.startsWith('; Primary'))).toEqual([
    '; Rack 3, second from the top',
    '',
    '[management]',
    'gateway=10.1.0.2        ; the old router',
    '# Asked for on Monday',
    'mode = static',
    'address = 010.001.000.009',
    'netmask = "255.255.0.0"',
    '',
    '; the end',
    'dns1 = 10.1.0.3',
    '',
  ])
})

test('a list keeps the lines that stay, and a group that goes takes its comments along', () => {
  const before = [
    '[groups]',
    'inventoried[] = 10.0.0.0/8 ; the plant',
    '; the office:',
    'inventoried[] = 192.168.1.0/24',
    'non-inventoried[] =',
    'excluded-ranges[] =',
    'excluded-macs[] =',
    '',
    '[inventory]',
    'industrial = yes',
    'fingerprints = undecided',
    'ignored-hostnames[] =',
    '',
    '; asked for by sales',
    '[monitored crm]',
    'name = CRM',
    'fqdns[] = crm.example.com',
    'ranges[] =',
    '',
    '; mail moved out in May',
    '[monitored mail]',
    'name = Mail',
    'fqdns[] =',
    'ranges[] = 203.0.113.0/28',
    '',
  ].join('\n')
  const { values } = loadDocument(ASSETS_INI, Buffer.from(before))
  if (!values) throw new Error('not read')
  const after = formatDocument(ASSETS_INI, before, {
    ...values,
    groups: { ...values.groups, inventoried: ['172.16.0.0/12', '10.0.0.0/8'] },
    monitored: values.monitored.slice(1),
  })
  expect(after.split('\n')).toEqual([
    '[groups]',
    'inventoried[] = 172.16.0.0/12',
    'inventoried[] = 10.0.0.0/8 ; the plant',
    '; the office:',
    'non-inventoried[] =',
    'excluded-ranges[] =',
    'excluded-macs[] =',
    '',
    '[inventory]',
    'industrial = yes',
    'fingerprints = undecided',
    'ignored-hostnames[] =',
    '',
    '; mail moved out in May',
    '[monitored mail]',
    'name = Mail',
    'fqdns[] =',
    'ranges[] = 203.0.113.0/28',
    '',
  ])
})

test('ten thousand ranges, the most the platform sends, are saved over ten thousand others', () => {
  const ranges = (from: number): string[] =>
    Array.from({ length: 10_000 }, (_, at) => `10.${from}.${at >> 8}.${at & 255}`)
  const { groups, ...rest } = defaults(ASSETS_INI)
  const before = formatDocument(ASSETS_INI, undefined, { ...rest, groups: { ...groups, inventoried: ranges(1) } })
  const wanted = { ...rest, groups: { ...groups, inventoried: [...ranges(2), ...ranges(1)].slice(5000, 15_000) } }
  const after = formatDocument(ASSETS_INI, before, wanted)
  expect(loadDocument(ASSETS_INI, Buffer.from(after)).values).toEqual(wanted)
})

test('values that the file could not hold are not written', () => {
  const { proxy } = defaults(PROXY_INI)
  expect(() => formatDocument(PROXY_INI, undefined, { proxy: { ...proxy, port: 0 } })).toThrow(/proxy\.ini.*port/)
  expect(() => formatDocument(SECRETS_INI, undefined, { ...defaults(SECRETS_INI), proxy: { password: 'é' } })).toThrow(
    /secrets\.ini/,
  )
})

/** Hand-made mistakes: the file, and where each is said to be. */
const MISTAKES: [string, Schema, string | Buffer, [line: number, key: string, message: RegExp][]][] = [
  ['unknown key', NETWORK_INI, '[management]\nmode = dhcp\nadress = 10.0.0.1\n', [[3, 'adress', /no such key/]]],
  ['bad value', NETWORK_INI, '[management]\nmode = automatic\n', [[2, 'mode', /not one of dhcp, static/]]],
  ['bad address', NETWORK_INI, '[management]\naddress = 10.0.0.256\n', [[2, 'address', /not an address/]]],
  ['unknown section', NETWORK_INI, '\n[network]\nmode = dhcp\n', [[2, '[network]', /no such section/]]],
  ['section twice', NETWORK_INI, '[management]\n\n[management]\n', [[3, '[management]', /already/]]],
  ['key twice', NETWORK_INI, '[management]\nmode = dhcp\nmode = static\n', [[3, 'mode', /line 2 already/]]],
  ['key without section', NETWORK_INI, 'mode = dhcp\n', [[1, 'mode', /above every/]]],
  ['a heading with a dot is only a name', NETWORK_INI, '[management.x]\n', [[1, '[management.x]', /no such section/]]],
  ['__proto__ as a section', NETWORK_INI, '[__proto__]\nmode = dhcp\n', [[1, '[__proto__]', /no such section/]]],
  ['__proto__ as a key', NETWORK_INI, '[management]\n__proto__ = 1\n', [[2, '__proto__', /no such key/]]],
  ['toString as a section', NETWORK_INI, '[toString]\n', [[1, '[toString]', /no such section/]]],
  ['a list where there is none', NETWORK_INI, '[management]\ndns1[] = 10.0.0.1\n', [[2, 'dns1', /without \[\]/]]],
  ['no list where there is one', ASSETS_INI, '[groups]\ninventoried = 10.0.0.0/8\n', [[2, 'inventoried', /a list/]]],
  [
    'one bad item',
    ASSETS_INI,
    '[groups]\ninventoried[] = 10.0.0.0/8\ninventoried[] = ten\n',
    [[3, 'inventoried', /range/]],
  ],
  ['two groups with one heading', ASSETS_INI, '[monitored a]\n[monitored a]\n', [[2, '[monitored a]', /already/]]],
  ['a group without a heading of its own', ASSETS_INI, '[monitored]\n', [[1, '[monitored]', /no such section/]]],
  ['no = sign', PROXY_INI, '[proxy]\nenabled\n', [[2, 'enabled', /no = sign/]]],
  ['port out of range', PROXY_INI, '[proxy]\nport = 65536\n', [[2, 'port', /1 to 65535/]]],
  [
    'a collector that is none',
    SENSOR_INI,
    '[report]\nexport[] = http://a\n',
    [[2, 'export', /not a collector such as/]],
  ],
  ['a collector that is no list', SENSOR_INI, '[report]\nexport = ipfix://a\n', [[2, 'export', /write export\[\] =/]]],
  ['too long a heartbeat', SENSOR_INI, '[report]\nheartbeat-seconds = 301\n', [[2, 'heartbeat-seconds', /1 to 300/]]],
  [
    'a port twice',
    SENSOR_INI,
    '[capture]\nsource = interface eth1 eth2 eth1\n',
    [[2, 'source', /eth1 is there twice/]],
  ],
  ['a port that cannot be', SENSOR_INI, '[capture]\nsource = interface eth1 a/b\n', [[2, 'source', /^a\/b is not/]]],
  ['too little memory', SENSOR_INI, '[capture]\nmemory-megabytes = 511\n', [[2, 'memory-megabytes', /512 to 16384/]]],
  ['memory with its unit', SENSOR_INI, '[capture]\nmemory-megabytes = 1 GB\n', [[2, 'memory-megabytes', /whole/]]],
  ['http platform', SENSOR_INI, '[platform]\nurl = http://platform\n', [[2, 'url', /https/]]],
  ['a password cut short', SECRETS_INI, '[proxy]\npassword = ab#c\n', [[2, 'password', /would be lost/]]],
  ['not UTF-8', NETWORK_INI, Buffer.from('[management]\n; caf\xe9\n', 'latin1'), [[2, '', /UTF-8/]]],
  [
    'all at once, in the order of the file',
    NETWORK_INI,
    '[management]\nmode = x\ngateway = y\nz = 1\n',
    [
      [2, 'mode', /dhcp/],
      [3, 'gateway', /address/],
      [4, 'z', /no such key/],
    ],
  ],
]

test.each(MISTAKES)('%s', (_name, schema, file, expected) => {
  const { values, mistakes } = loadDocument(schema, Buffer.from(file))
  expect(values).toBeUndefined()
  expect(mistakes).toEqual(
    expected.map(([line, key, message]) => ({ file: schema.file, line, key, message: expect.stringMatching(message) })),
  )
})

test('a mistake in a secret does not repeat the secret', () => {
  for (const file of [
    'password = pa;ss-w0rd',
    'password = "pass-w0rd',
    'password = pass-w0rd-far-too-long',
    'pass-w0rd',
  ]) {
    const { mistakes } = loadDocument(SECRETS_INI, Buffer.from(`[proxy]\n${file}\n`))
    expect(mistakes).toHaveLength(1)
    if (file !== 'pass-w0rd') expect(JSON.stringify(mistakes)).not.toContain('w0rd')
  }
})
