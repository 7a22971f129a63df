import { issue } from '../../src/errors/issue'
import { factsOf } from '../../src/console/facts'
import { flowsPage } from '../../src/console/flows-page'
import { header } from '../../src/console/header'
import { statusPage } from '../../src/console/status-page'
import { pageRows, view, type Size } from '../../src/form/view'
import type { SensorStatus } from '../../src/sensor/messages'
import { Engine, NETWORK, PROXY } from '../form/driver'
import { expectGolden } from '../form/golden'
import { aStatus } from './a-status'

/** A fixed hour; durations on the screens are counted up to it. */
const NOW = Date.UTC(2024, 0, 2, 3, 0, 0)

const SIZES: Size[] = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
]

const registered = aStatus({
  registration: 'Registered',
  sensing: 'Sensing',
  link: { platform: 'platform.example.com', isUp: true, sinceMs: NOW - 3 * 60_000, nextAttemptMs: 0 },
})
const lost: SensorStatus = {
  ...registered,
  link: {
    platform: 'platform.example.com',
    isUp: false,
    sinceMs: NOW - 7_500_000,
    nextAttemptMs: NOW + 42_000,
    trouble: { number: 31, message: 'The platform at platform.example.com cannot be reached: no route to host.' },
  },
  settingsTrouble: ['network.ini:7 address: not an address', 'proxy.ini:3 port: not a number'],
}

interface Picture {
  name: string
  status?: SensorStatus
  isConnected?: boolean
  reach: (engine: Engine, size: Size) => void
}

const PICTURES: Picture[] = [
  { name: 'main-menu', reach: () => undefined },
  { name: 'main-menu-communication-failure', status: lost, reach: () => undefined },
  { name: 'sensor-gone', isConnected: false, reach: (engine) => engine.input({ kind: 'gone' }) },
  { name: 'network', reach: (engine) => engine.press('enter').done(NETWORK) },
  {
    name: 'network-refused',
    reach: (engine) => {
      engine.openStatic().type('10.0.0.9').press('tab').type('255.255.255.0').press('tab').type('10.9.9.1')
      engine.press('tab').type('300.1.1.1').press('tab', 'tab', 'enter')
      engine.refused(
        issue('gateway', 18, { reason: '10.9.9.1 is not in the network 10.0.0.0/24' }),
        issue('dns1', 15, { value: '300.1.1.1', reason: 'each part is at most 255' }),
      )
    },
  },
  {
    name: 'network-busy',
    reach: (engine) => {
      engine.openStatic().type('10.0.0.9').press('tab', 'tab', 'tab', 'tab', 'tab', 'enter')
      engine.input({ kind: 'tick', nowMs: NOW + 12_000 })
    },
  },
  { name: 'network-done', reach: (engine) => engine.press('enter').done(NETWORK).press('enter').done() },
  { name: 'proxy', reach: (engine) => engine.type('2').press('enter').done(PROXY) },
  { name: 'proxy-details', reach: (engine) => engine.openProxy() },
  {
    name: 'proxy-user-kept',
    reach: (engine) => {
      const there = { ...PROXY, 'proxy.host': 'proxy.example.com', 'proxy.auth': 'ntlm', 'proxy.user': 'EX\\joe' }
      engine.openProxy(there, ['proxy.password']).press('tab', 'tab', 'enter').done().press('enter')
    },
  },
  { name: 'personalize', reach: (engine) => engine.type('3').press('enter').type('701922646046') },
  {
    name: 'personalize-done',
    status: registered,
    reach: (engine) => engine.type('3').press('enter').type('70192264604618').press('tab', 'enter').done(),
  },
  {
    name: 'status',
    status: lost,
    reach: (engine, size) => {
      engine.type('4').press('enter')
      const page = { head: [], lines: statusPage(lost, size.columns - 1, NOW) }
      engine.input({ kind: 'page', page: { ...page, rows: pageRows(engine.state, size, headerOf(lost, size), page) } })
    },
  },
  {
    name: 'flows',
    status: registered,
    reach: (engine, size) => {
      engine.type('5').press('enter')
      const page = flowsPage(FLOWS, size.columns - 1)
      engine.input({
        kind: 'page',
        page: { ...page, rows: pageRows(engine.state, size, headerOf(registered, size), page) },
      })
    },
  },
  {
    name: 'locked',
    status: { ...registered, consoleIsLocked: true },
    reach: (engine) => engine.type('0000').press('tab', 'enter').refused(issue('pin', 28)),
  },
]

const FLOWS: Parameters<typeof flowsPage>[0] = [
  flow('10.0.0.17', '192.0.2.7', 443, 1234, 1_234_567),
  flow('2001:db8::1234:5678:9abc:def0', 'External', 53, 2, 240),
  flow('10.0.0.18', 'Mail service', 25, 5_000_000, 7_300_000_000),
]

function flow(client: string, server: string, port: number, packets: number, bytes: number): (typeof FLOWS)[number] {
  return {
    client: { class: 'inventoried', name: client },
    server: { class: 'external', name: server },
    port,
    proto: port === 53 ? 'udp' : 'tcp',
    c2sPackets: packets,
    s2cPackets: 0,
    c2sBytes: bytes,
    s2cBytes: 0,
    firstMs: 0,
    lastMs: 1,
  }
}

function headerOf(status: SensorStatus, size: Size, isConnected = true): string[] {
  return header({ status, isConnected, sinceMs: NOW - 12_000, trouble: '', mayLeave: true }, size, NOW)
}

describe.each(SIZES)('at $columns x $rows', (size) => {
  test.each(PICTURES)('$name', ({ name, status = aStatus(), isConnected = true, reach }) => {
    const engine = new Engine(factsOf(status)).input({ kind: 'tick', nowMs: NOW })
    reach(engine, size)
    const notice = ['Personalization code to use  70192264604618']
    const { lines, cursor } = view(engine.state, size, { header: headerOf(status, size, isConnected), notice })
    const picture = lines.map(({ text }) => text.trimEnd())
    expectGolden(
      `console/${name}-${size.columns}x${size.rows}.txt`,
      [...picture, `(cursor: row ${cursor.row}, column ${cursor.column})`, ''].join('\n'),
    )
  })
})
