import { existsSync, readFileSync } from 'node:fs'
import { APPLICATIONS, application, applicationNamed, applicationNumbered } from '../../src/services/application'
import { serviceByPort } from '../../src/services/by-port'
import { testWith } from '../needs'

/** Wireshark's copy of the IANA registry of service names and port numbers, a Debian package of tshark's. */
const REGISTRY = '/usr/share/wireshark/services'

const portsOf = (text: string | undefined): string[] => text?.split(' ') ?? []

test('the port of a flow tells its application, the registry before habit', () => {
  expect(serviceByPort('tcp', 443)?.title).toBe('HTTPS')
  expect(serviceByPort('tcp', 443)?.family).toBe('Web Services')
  expect(serviceByPort('udp', 47808)?.name).toBe('bacnet')
  expect(serviceByPort('tcp', 102)?.name).toBe('s7comm')
  expect(serviceByPort('udp', 514)?.name).toBe('syslog')
  expect(serviceByPort('tcp', 514)?.name).toBe('rsh')
  expect(serviceByPort('tcp', 50_123)).toBeUndefined()
  expect(serviceByPort('tcp', 0)).toBeUndefined()
  expect(serviceByPort('tcp', 65_536)).toBeUndefined()
})

test('applications go by a name and a number', () => {
  expect(applicationNumbered(application('ssh').number)?.name).toBe('ssh')
  expect(applicationNamed('ssh')).toBe(application('ssh'))
  expect(applicationNamed('no-such')).toBeUndefined()
  expect(applicationNumbered(0)).toBeUndefined()
  expect(applicationNumbered(APPLICATIONS.length + 1)).toBeUndefined()
  expect(APPLICATIONS.length).toBeGreaterThan(100)
})

test('every row is complete: a name of its own, ports that can be, none of them twice', () => {
  const names = APPLICATIONS.map(({ name }) => name)
  expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([])
  expect(names.filter((name) => !/^[a-z][a-z0-9-]*$/.test(name))).toEqual([])
  const ports = APPLICATIONS.flatMap(({ iana, usual }) => [...portsOf(iana), ...portsOf(usual)])
  expect(ports.filter((port, index) => ports.indexOf(port) < index)).toEqual([])
  expect(ports.filter((port) => !/^(tcp|udp)\/\d{1,5}$/.test(port) || Number(port.slice(4)) > 65_535)).toEqual([])
})

testWith(existsSync(REGISTRY), REGISTRY)('what is said to be in the IANA registry is in it', () => {
  const registered = new Set<string>()
  for (const line of readFileSync(REGISTRY, 'latin1').split('\n')) {
    const [range = '', ...transports] = (/^\S+\s+(\S+)/.exec(line)?.[1] ?? '').split('/')
    const [first = NaN, last = first] = range.split('-').map(Number)
    for (let port = first; port <= last; port++) for (const each of transports) registered.add(`${each}/${port}`)
  }
  expect(registered.size).toBeGreaterThan(5000)
  const missing = APPLICATIONS.flatMap(({ name, iana }) => {
    return portsOf(iana).flatMap((port) => (registered.has(port) ? [] : [`${name} ${port}`]))
  })
  expect(missing).toEqual([])
})
