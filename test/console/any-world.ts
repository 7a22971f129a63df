import fc from 'fast-check'
import { pastItem } from '../../src/console/operations'
import { CATALOGUE, ERROR_NUMBERS, type ErrorNumber } from '../../src/errors/catalogue'
import { machineItems } from '../../src/console/machine-items'
import type { FlowSummary, MachineSummary } from '../../src/report/summary'
import type { ConnectionTest, PastSettings, RecentError, SensorStatus } from '../../src/sensor/messages'
import { aStatus } from './a-status'
import { NOW } from './pictures'

/** Values as long as they get: names, addresses, sentences of errors. */

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
export const aHost = fc.oneof(
  fc.constant(''),
  label,
  fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.')),
)
export const anAddress = fc.oneof(fc.constant(''), fc.ipV4(), fc.constant('255.255.255.255'), fc.ipV6())
/** What people call an appliance: blanks, other alphabets, and what nobody should. */
const aName = fc.oneof(
  fc.constant(''),
  fc.string({ unit: fc.constantFrom(...'abcdefgXYZ019 -_é漢Ж\u202e\n\x1b'), maxLength: 128 }),
)
const word = fc.oneof(fc.stringMatching(/^[a-z]{1,12}$/), aHost, anAddress)
export const aSentence = fc.array(word, { minLength: 1, maxLength: 40 }).map((words) => words.join(' '))
const aNumber = fc.constantFrom<ErrorNumber>(...ERROR_NUMBERS)
const aCount = fc.oneof(fc.nat(9), fc.nat(), fc.constant(Number.MAX_SAFE_INTEGER))
const aTrouble = fc.record({ number: aNumber, message: aSentence })
const sometimes = <T>(value: fc.Arbitrary<T>, otherwise: T): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary: value })
const aTime = fc.integer({ min: NOW - 400 * 86_400_000, max: NOW })

const counters = fc.record(
  Object.fromEntries(Object.keys(aStatus().worker.counters).map((name) => [name, aCount])),
) as unknown as fc.Arbitrary<SensorStatus['worker']['counters']>

const ports = fc.array(
  fc.record({
    name: label,
    method: fc.constantFrom('', 'ring', 'libpcap'),
    packets: aCount,
    bytes: aCount,
    kernelDrops: aCount,
    portDrops: aCount,
  }),
  { maxLength: 4 },
)

export const anyStatus: fc.Arbitrary<SensorStatus> = fc
  .record({
    name: aName,
    model: fc.stringMatching(/^[A-Z0-9-]{1,64}$/),
    serial: fc.stringMatching(/^[A-Z0-9-]{1,64}$/),
    version: fc.stringMatching(/^[0-9.]{1,32}$/),
    registration: fc.constantFrom('Unregistered', 'Registered', 'Deregistered'),
    sensing: fc.constantFrom('Sensing', 'Paused', 'ECO'),
    vendor: fc.constantFrom('Qualys', 'A vendor with a name of many words and letters'),
    network: fc.record({
      mode: fc.constantFrom('dhcp', 'static'),
      port: fc.constantFrom('eth0', 'enp0s31f6'),
      linkIsUp: fc.boolean(),
      mac: fc.constant('02:00:00:00:00:01'),
      address: anAddress,
      netmask: fc.constantFrom('', '255.255.255.255'),
      gateway: anAddress,
      dns: fc.array(anAddress.filter(Boolean), { maxLength: 2 }),
      ipv6: fc.subarray(['2001:db8:1234:5678:9abc:def0:1234:5678/128', 'fd00::1/64']),
    }),
    proxy: fc.record({
      enabled: fc.boolean(),
      host: aHost,
      port: fc.integer({ min: 1, max: 65_535 }),
      auth: fc.constantFrom('none', 'basic', 'ntlm'),
    }),
    link: fc.record({
      platform: aHost,
      isUp: fc.boolean(),
      sinceMs: sometimes(aTime, 0),
      trouble: sometimes(aTrouble, undefined as never),
      nextAttemptMs: fc.constantFrom(0, NOW + 42_000),
    }),
    worker: fc.record({
      isRunning: fc.boolean(),
      restarts: aCount,
      source: fc.oneof(fc.constant(''), aHost),
      trouble: sometimes(aSentence, ''),
      counters,
      ports,
    }),
    mirror: fc
      .record({ verdict: aSentence, also: sometimes(fc.array(aSentence, { maxLength: 3 }), []) })
      .map((words) => ({ ...aStatus().mirror, ...words })),
    spool: fc.record({
      batches: aCount,
      bytes: aCount,
      oldestMs: aTime,
      budgetBytes: aCount,
      lastsMs: aCount,
      merged: aCount,
      dropped: aCount,
      uploaded: aCount,
    }),
    settingsTrouble: sometimes(fc.array(aSentence, { maxLength: 3 }), []),
    consoleIsLocked: fc.constantFrom(true, ...new Array<boolean>(19).fill(false)),
  })
  .map((status) => status as SensorStatus)

const anEnd = fc.record({ class: fc.constant('external' as const), name: fc.oneof(aHost, anAddress) })
const aFlow: fc.Arbitrary<FlowSummary> = fc.record({
  client: anEnd,
  server: anEnd,
  port: fc.integer({ min: 0, max: 65_535 }),
  proto: fc.constantFrom('tcp', 'udp'),
  c2sPackets: fc.nat(),
  s2cPackets: fc.nat(),
  c2sBytes: aCount,
  s2cBytes: fc.nat(),
  firstMs: aTime,
  lastMs: aTime,
})
const anError: fc.Arbitrary<RecentError> = fc.record({
  atMs: aTime,
  number: aNumber,
  message: aSentence,
  during: aSentence,
  times: aCount,
})
const aTest: fc.Arbitrary<ConnectionTest> = fc.record({
  isRunning: fc.boolean(),
  startedMs: aTime,
  rungs: fc.array(
    fc
      .record({
        name: aHost.map((name) => `Platform ${name}`),
        state: fc.constantFrom('waiting', 'running', 'passed', 'failed', 'skipped'),
        measured: sometimes(aSentence, ''),
        trouble: aTrouble,
      })
      .map(({ trouble, ...rung }) => (rung.state === 'failed' ? { ...rung, trouble } : rung)),
    { maxLength: 14 },
  ),
  isReached: fc.boolean(),
  code: fc.constantFrom('', '4000-0W0A-000K'),
}) as fc.Arbitrary<ConnectionTest>
const aPast: fc.Arbitrary<PastSettings> = fc.record({
  id: fc.constantFrom('1', '2'),
  untilMs: aTime,
  family: fc.constantFrom('network', 'proxy'),
  changes: fc.array(
    fc.record({
      label: fc.constantFrom('IP address', 'Netmask', 'Gateway', 'DNS1', 'DNS2', 'Proxy IP Address'),
      now: fc.oneof(aHost, anAddress),
      then: fc.oneof(aHost, anAddress),
    }),
    { minLength: 1, maxLength: 6 },
  ),
})

const said = {
  value: aSentence.filter((text) => text.trim() !== ''),
  confidence: fc.nat(100),
  source: fc.constantFrom('dhcp', 'ubiquiti-discovery'),
  atMs: aTime,
}
const aKind = fc.constantFrom('hostname', 'os', 'version', 'device', 'maker', 'model', 'vendor')
const aMachine: fc.Arbitrary<MachineSummary> = fc.record({
  id: fc.constantFrom('00:1b:21:10:00:07', '10.0.0.1'),
  addresses: fc.array(anAddress.filter(Boolean), { minLength: 1, maxLength: 5 }),
  macs: fc.array(fc.constant('00:1b:21:10:00:07'), { maxLength: 2 }),
  isGateway: fc.boolean(),
  firstMs: aTime,
  lastMs: aTime,
  attributes: fc.array(fc.record({ kind: aKind, ...said, clue: sometimes(aSentence, '') }), { maxLength: 7 }),
  said: fc.array(fc.record({ kind: fc.oneof(aKind, fc.constant('service')), ...said }), { maxLength: 9 }),
  reasons: fc.array(aSentence, { maxLength: 4 }),
})

/** What the sensor says when it is asked. */
export interface World {
  status: SensorStatus
  flows: FlowSummary[]
  errors: RecentError[]
  test: ConnectionTest
  past: ReturnType<typeof pastItem>[]
  machines: MachineSummary[]
  listed: ReturnType<typeof machineItems>
  isConnected: boolean
  decodesUtf8: boolean
}

export const anyWorld: fc.Arbitrary<World> = fc.record({
  status: anyStatus,
  flows: fc.array(aFlow, { maxLength: 40 }),
  errors: fc.array(anError, { maxLength: 5 }),
  test: aTest,
  past: fc.array(aPast.map(pastItem), { maxLength: 10 }),
  machines: fc.array(aMachine, { maxLength: 3 }),
  listed: fc.array(aMachine, { maxLength: 40 }).map((machines) => machineItems(machines, NOW)),
  isConnected: fc.boolean(),
  decodesUtf8: fc.boolean(),
})

/** What the sensor refuses an operation with. */
export const someIssues = fc.array(
  fc
    .record({
      field: fc.constantFrom('', 'address', 'netmask', 'gateway', 'dns2', 'host', 'port', 'user', 'password', 'pin'),
      number: aNumber,
      reason: aSentence,
    })
    .map(({ field, number, reason }) => ({ field, number, message: `${CATALOGUE[number].says}: ${reason}.` })),
  { minLength: 1, maxLength: 6 },
)
