import { cardPage } from '../../src/console/card-page'
import { connectionPage } from '../../src/console/connection-page'
import { errorsPage } from '../../src/console/errors-page'
import { flowsPage } from '../../src/console/flows-page'
import { header } from '../../src/console/header'
import { helpPage } from '../../src/console/help-page'
import { countOf, machineItems } from '../../src/console/machine-items'
import { machinePage } from '../../src/console/machine-page'
import { mirrorPage } from '../../src/console/mirror-page'
import { pastItem } from '../../src/console/operations'
import { statusPage } from '../../src/console/status-page'
import { issue } from '../../src/errors/issue'
import type { Input, PageText } from '../../src/form/state'
import { fitted, type Size } from '../../src/form/view'
import type { MachineList, MachineSummary } from '../../src/report/summary'
import type { ConnectionTest, RecentError, SensorStatus } from '../../src/sensor/messages'
import { Engine, NETWORK, PROXY } from '../form/driver'
import { aMinute, aMirror } from './a-mirror'
import { aStatus } from './a-status'

/** A fixed hour; durations on the screens are counted up to it. */
export const NOW = Date.UTC(2024, 0, 2, 3, 0, 0)

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

/** A screen, and how a person gets to it. */
export interface Picture {
  name: string
  status?: SensorStatus
  isConnected?: boolean
  silentMs?: number
  reach: (engine: Engine, size: Size) => unknown
}

function onTrial(awaits: 'platform' | 'person'): SensorStatus {
  const { network, ...status } = aStatus()
  return { ...status, network: { ...network, trial: { state: 'running', untilMs: NOW + 42_000, awaits } } }
}

export const PICTURES: Picture[] = [
  { name: 'main-menu', reach: () => undefined },
  { name: 'main-menu-communication-failure', status: lost, reach: () => undefined },
  { name: 'sensor-gone', isConnected: false, reach: (engine) => engine.input({ kind: 'gone' }) },
  { name: 'sensor-silent', silentMs: 14_000, reach: () => undefined },
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
  {
    name: 'network-proving',
    status: onTrial('platform'),
    reach: (engine) => {
      engine.openStatic(STATIC).type('10.0.0.9').press('tab', 'tab', 'tab', 'tab', 'tab', 'enter')
      engine.input({ kind: 'tick', nowMs: NOW + 5000 })
    },
  },
  {
    name: 'network-on-trial',
    status: onTrial('person'),
    reach: (engine) => engine.press('enter').done(NETWORK).press('enter').done(),
  },
  {
    name: 'network-still-on-trial',
    status: onTrial('person'),
    reach: (engine) => engine.press('enter').done(NETWORK).type('5'),
  },
  {
    name: 'network-gone-back',
    status: { ...aStatus(), network: { ...aStatus().network, trial: { state: 'gone back' } } },
    reach: (engine) => engine.press('enter').done(NETWORK).press('enter').done(),
  },
  { name: 'network-ipv6', reach: (engine) => engine.press('enter').done(FURTHER).type('3').press('enter') },
  {
    name: 'network-ipv6-static',
    reach: (engine) => {
      engine.press('enter').done(FURTHER).type('3').press('enter').type('4').press('enter')
      engine.type('2001:db8:1234:5678:9abc:def0:1234:5678').press('tab').type('64').press('tab')
    },
  },
  {
    name: 'network-more',
    reach: (engine) => {
      engine
        .press('enter')
        .done(FURTHER)
        .type('4')
        .press('enter')
        .type('5000')
        .press('tab', 'tab', 'tab', 'tab', 'enter')
      engine.refused(issue('vlan', 18, { reason: 'the VLAN 5000 is not a number from 1 to 4094' }))
    },
  },
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
    name: 'network-changed',
    reach: (engine) => engine.openStatic(STATIC).type('10.0.0.9').press('tab').type('/16').press('tab'),
  },
  {
    name: 'status',
    status: lost,
    reach: (engine, size) =>
      showPage(engine.type('4'), lost, size, { head: [], lines: statusPage(lost, size.columns - 1, NOW) }),
  },
  {
    name: 'connection-running',
    reach: (engine, size) =>
      showPage(engine.type('5'), aStatus(), size, connectionPage(TEST_RUNNING, size.columns - 1, NOW)),
  },
  {
    name: 'connection-failed',
    reach: (engine, size) =>
      showPage(engine.type('5'), aStatus(), size, connectionPage(TEST_FAILED, size.columns - 1, NOW)),
  },
  {
    name: 'mirror',
    status: registered,
    reach: (engine, size) => {
      const status = { ...registered, mirror: aMirror(NOW) }
      showPage(engine.type('6'), status, size, mirrorPage(status, size.columns - 1))
    },
  },
  {
    name: 'mirror-sick',
    status: registered,
    reach: (engine, size) => {
      const status = { ...registered, mirror: aMirror(NOW, { recent: SICK }) }
      showPage(engine.type('6'), status, size, mirrorPage(status, size.columns - 1))
    },
  },
  {
    name: 'flows',
    status: registered,
    reach: (engine, size) => showPage(engine.type('7'), registered, size, flowsPage(FLOWS, size.columns - 1)),
  },
  {
    name: 'errors',
    reach: (engine, size) => showPage(engine.type('8'), aStatus(), size, errorsPage(ERRORS, size.columns - 1, NOW)),
  },
  { name: 'restore', reach: (engine) => engine.type('9').press('enter').input(PAST) },
  { name: 'restore-empty', reach: (engine) => engine.type('9').press('enter').done() },
  { name: 'restore-review', reach: (engine) => engine.type('9').press('enter').input(PAST).press('enter') },
  { name: 'machines', status: registered, reach: (engine) => engine.type('mm').press('enter').input(MACHINES) },
  { name: 'machines-none', reach: (engine) => engine.type('mm').press('enter').done() },
  {
    name: 'machine-find',
    status: registered,
    reach: (engine) => engine.type('mm').press('enter').input(MACHINES).press('enter').type('prin'),
  },
  {
    name: 'machines-found',
    status: registered,
    reach: (engine) => {
      engine.type('mm').press('enter').input(MACHINES).press('enter').type('prin').press('tab', 'enter')
      engine.input({ ...MACHINES, values: { 'assets.count': countOf({ machines: [PRINTER], total: 1 }) } })
    },
  },
  {
    name: 'machine',
    status: registered,
    reach: (engine, size) => {
      engine.type('mm').press('enter').input(MACHINES).press('down')
      showPage(engine, registered, size, machinePage([PRINTER], size.columns - 1))
    },
  },
  { name: 'lock', reach: (engine) => engine.type('c').press('enter') },
  {
    name: 'lock-refused',
    reach: (engine) => {
      engine.type('c').press('enter', 'enter').type('0000').press('tab').type('1234').press('tab').type('1243')
      engine.press('enter', 'enter').input(notTheSame)
    },
  },
  { name: 'display', reach: (engine) => engine.type('d').press('enter') },
  { name: 'system', reach: (engine) => engine.press('end').type('sss').press('enter') },
  {
    name: 'reset-refused',
    reach: (engine) => {
      engine.press('end').type('sss').press('enter').type('f').press('enter').type('reset').press('tab', 'enter')
    },
  },
  {
    name: 'card',
    status: registered,
    reach: (engine, size) =>
      showPage(engine.press('end').type('ssss'), registered, size, cardPage(registered, size, false)),
  },
  {
    name: 'card-utf8',
    status: registered,
    reach: (engine, size) =>
      showPage(engine.press('end').type('ssss'), registered, size, cardPage(registered, size, true)),
  },
  {
    name: 'help',
    reach: (engine, size) =>
      showPage(engine.type('h'), aStatus(), size, helpPage(engine.state.screens, size.columns - 1)),
  },
  {
    name: 'locked',
    status: { ...registered, consoleIsLocked: true },
    reach: (engine) => engine.type('0000').press('tab', 'enter').refused(issue('pin', 28)),
  },
]

/** Open the page that has the focus in the menu, with these lines. */
function showPage(engine: Engine, status: SensorStatus, size: Size, page: Omit<PageText, 'rows'>): void {
  const fits = fitted(engine.press('enter').state, size, headerOf(status, size), page)
  engine.input({ kind: 'page', page: fits })
}

const SICK = aMinute({ oneWay: 31, twoWay: 2, copies: 34_000 })

const STATIC = {
  'network.mode': 'static',
  'network.address': '192.168.1.77',
  'network.netmask': '255.255.255.0',
  'network.gateway': '192.168.1.1',
  'network.dns1': '192.168.1.1',
  'network.dns2': '',
}

const FURTHER = {
  ...STATIC,
  'network.ipv6': 'off',
  'network.ipv6Address': '',
  'network.ipv6Prefix': '',
  'network.ipv6Gateway': '',
  'network.ipv6Dns': '',
  'network.vlan': '50',
  'network.mtu': '1400',
  'network.hostname': 'sensor-3',
  'network.ntp': 'ntp.example.com 10.0.0.1',
}

const TEST_RUNNING: ConnectionTest = {
  isRunning: true,
  startedMs: NOW - 3000,
  rungs: [
    { name: 'Cable eth0', state: 'passed', measured: 'link up' },
    { name: 'Gateway 192.168.1.1', state: 'passed', measured: 'answers after 2 ms' },
    { name: 'DNS1 192.168.1.1', state: 'running', measured: '' },
    { name: 'DNS2', state: 'skipped', measured: 'none is set' },
    { name: 'Platform platform.example.com', state: 'waiting', measured: '' },
  ],
  isReached: false,
  code: '',
}

const TEST_FAILED: ConnectionTest = {
  isRunning: false,
  startedMs: NOW - 9000,
  rungs: [
    ...TEST_RUNNING.rungs.slice(0, 2),
    {
      name: 'DNS1 192.168.1.1',
      state: 'failed',
      measured: 'no answer after 3 s',
      trouble: { number: 26, message: 'The DNS server 192.168.1.1 does not answer.' },
    },
    { name: 'DNS2', state: 'skipped', measured: 'none is set' },
    { name: 'Platform platform.example.com', state: 'skipped', measured: 'needs a DNS server' },
  ],
  isReached: false,
  code: '4000-0W0A-000K',
}

const ERRORS: RecentError[] = [
  {
    atMs: NOW - 12 * 60_000,
    number: 31,
    message: 'The platform at platform.example.com cannot be reached: no route to host.',
    during: 'Connection to the platform',
    times: 3,
  },
  {
    atMs: NOW - 26 * 3_600_000,
    number: 18,
    message: 'The network settings cannot be used: 10.9.9.1 is not in the network 10.0.0.0/24.',
    during: 'Set up Network',
    times: 1,
  },
]

/** What the sensor keeps of earlier settings, as the console hands it to the form. */
const PAST: Input = {
  kind: 'done',
  items: [
    pastItem({
      id: '7',
      untilMs: NOW - 3_600_000,
      family: 'network',
      changes: [
        { label: 'IP address', now: '192.168.1.77', then: '192.168.1.4' },
        { label: 'DNS2', now: '', then: '192.168.1.2' },
      ],
    }),
    pastItem({
      id: '6',
      untilMs: NOW - 50 * 3_600_000,
      family: 'proxy',
      changes: [
        { label: 'Proxy', now: 'off', then: 'on' },
        { label: 'Proxy IP Address', now: '', then: 'proxy.example.com' },
      ],
    }),
  ],
}

const PRINTER: MachineSummary = {
  id: '00:1b:21:10:00:07',
  addresses: ['192.168.50.20', 'fe80::21b:21ff:fe10:7'],
  macs: ['00:1b:21:10:00:07'],
  isGateway: false,
  firstMs: NOW - 4 * 86_400_000,
  lastMs: NOW - 40_000,
  attributes: [
    { kind: 'hostname', value: 'printer-3', confidence: 90, source: 'dhcp', atMs: NOW - 86_400_000, clue: '' },
    {
      kind: 'device',
      value: 'printer',
      confidence: 85,
      source: 'mdns',
      atMs: NOW - 40_000,
      clue: 'service-type: _ipp._tcp',
    },
    { kind: 'model', value: 'HP LaserJet 400 M401dn', confidence: 90, source: 'mdns', atMs: NOW - 40_000, clue: '' },
    {
      kind: 'vendor',
      value: 'Hewlett Packard',
      confidence: 95,
      source: 'oui',
      atMs: NOW - 40_000,
      clue: 'MAC: 00:1b:21:10:00:07',
    },
  ],
  said: [
    { kind: 'hostname', value: 'printer-3', confidence: 90, source: 'dhcp', atMs: NOW - 86_400_000 },
    { kind: 'service', value: 'tcp/631 ipp', confidence: 0, source: 'mdns', atMs: NOW - 40_000 },
  ],
  reasons: ['192.168.50.20 is bonded to its card by ARP, neighbour discovery or DHCP'],
}

const LISTED: MachineList = {
  total: 9871,
  machines: [
    PRINTER,
    { ...PRINTER, id: '10.0.0.9', addresses: ['10.0.0.9'], macs: [], attributes: [], lastMs: NOW - 40 * 3_600_000 },
    {
      ...PRINTER,
      id: 'fd00::9',
      addresses: ['fd00:1234:5678:9abc:def0:1234:5678:9abc'],
      attributes: [{ ...PRINTER.attributes[0]!, value: 'a-name-that-is-longer-than-its-column-by-far' }],
    },
  ],
}

const MACHINES = {
  kind: 'done',
  values: { 'assets.count': countOf(LISTED) },
  items: machineItems(LISTED.machines, NOW),
} satisfies Input

const notTheSame: Input = {
  kind: 'refused',
  issues: [{ field: 'again', number: 28, message: 'The new password was not typed the same twice.' }],
}

const FLOWS: Parameters<typeof flowsPage>[0] = [
  { ...flow('10.0.0.17', '192.0.2.7', 443, 1234, 1_234_567), service: { app: 'https', by: 'payload' } },
  { ...flow('2001:db8::1234:5678:9abc:def0', 'External', 53, 2, 240), service: { app: 'dns', by: 'port' } },
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

export function headerOf(status: SensorStatus, size: Size, isConnected = true, silentMs = 0): string[] {
  return header({ status, isConnected, sinceMs: NOW - 12_000, silentMs, trouble: '', mayLeave: true }, size, NOW)
}
