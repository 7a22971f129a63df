import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { verifyNetwork } from '../../../src/network/verify-network'
import { verifyProxy } from '../../../src/network/verify-proxy'
import { connectControl, type SensorControl } from '../../../src/sensor/control-client'
import type { ConnectionTest, Rung, SensorStatus } from '../../../src/sensor/messages'
import { places } from '../../../src/settings/places'
import { openSettings } from '../../../src/settings/settings'
import { until } from '../../until'
import { startDnsmasq, type DnsmasqOptions } from '../namespaces/dnsmasq'
import { clearLabs, labTest, newLab, type Cable, type Lab } from '../namespaces/lab'
import type { Namespace } from '../namespaces/namespace'
import type { Program } from '../namespaces/program'
import type { ApplianceRoom, RoomOptions } from '../network/appliance-room'
import { clearRooms, newRoom } from '../network/rooms'
import { causing } from './causing'

/** The rungs of address and gateway on an appliance that really asks a DHCP server for them. */

jest.setTimeout(120_000)
afterEach(clearRooms)
afterEach(clearLabs)

const LEASES = { from: '10.1.0.50', to: '10.1.0.50', netmask: '255.255.255.0', router: '10.1.0.1', dns: ['10.1.0.1'] }

interface Appliance {
  lab: Lab
  cable: Cable
  server: Namespace
  room: ApplianceRoom
  control: SensorControl
}

interface Around {
  /** What its DHCP server leases, if there is one. */
  leases?: DnsmasqOptions['dhcp']
  /** Where the platform is. */
  platform?: string
  /** Does a router advertise itself for IPv6, and does the appliance listen to it? */
  hasIpv6?: boolean
  /** Is the cable in when the appliance is turned on? */
  isPlugged?: boolean
}

/** Turn an appliance on, on a network of which it knows nothing. */
async function turnOn(
  backend: string,
  options: RoomOptions,
  { leases, platform = '10.1.0.1', hasIpv6 = false, isPlugged = true }: Around,
): Promise<Appliance> {
  const lab = newLab()
  const [machine, server] = [lab.machine('appliance'), lab.machine('server')]
  const cable = lab.cable(machine, 'eth0', server, 'eth0')
  server.address('eth0', '10.1.0.1/24')
  if (!isPlugged) cable.pull()
  if (leases !== undefined) await serve(lab, server, leases)
  if (hasIpv6) {
    server.address('eth0', 'fd01::1/64')
    await startDnsmasq(lab, server, { port: 'eth0', more: ['--enable-ra', '--dhcp-range=fd01::,ra-only,64,10m'] })
  }
  const room = newRoom(lab, machine, options)
  await room.start()
  const where = places(join(lab.folder, 'nps'))
  const settings = await openSettings(where, { network: verifyNetwork, proxy: verifyProxy })
  const { sensor } = settings
  await settings.saveSensor({
    ...sensor,
    management: { ...sensor.management, port: 'eth0', backend: backend as typeof sensor.management.backend },
    platform: { url: `https://${platform}`, ca: '' },
  })
  if (hasIpv6) await settings.saveNetwork({ ...settings.network, ipv6: 'auto' })
  await settings.close()
  const program = room.program('src/cli/main.js', 'sensor', '--folder', join(lab.folder, 'nps'), '--announce')
  await program.says(/ready/)
  return { lab, cable, server, room, control: await connectControl(where.socket) }
}

function serve(lab: Lab, server: Namespace, dhcp: DnsmasqOptions['dhcp'] = LEASES): Promise<Program> {
  return startDnsmasq(lab, server, { port: 'eth0', dhcp, names: {} })
}

/** A test of the connection of an appliance that has just been turned on. */
async function climb(backend: string, options: RoomOptions, around: Around): Promise<ConnectionTest> {
  const { room, control } = await turnOn(backend, options, around)
  try {
    if (around.leases !== undefined) await until(() => room.file('etc/resolv.conf').includes('10.1.0.1'))
    if (around.hasIpv6 === true) await until(async () => (await networkOf(control)).gateway6 !== '')
    if (around.hasIpv6 === true) await until(async () => (await networkOf(control)).ipv6.length > 0)
    await control.ask('connection.test', { start: true })
    let test = await look(control)
    await until(async () => !(test = await look(control)).isRunning, 60_000)
    return test
  } finally {
    control.close()
  }
}

async function look(control: SensorControl): Promise<ConnectionTest> {
  const outcome = await control.ask('connection.test', { start: false })
  if (!outcome.ok) throw new Error(outcome.issues[0]?.message)
  return outcome.answer
}

async function networkOf(control: SensorControl): Promise<SensorStatus['network']> {
  const outcome = await control.ask('status', {})
  if (!outcome.ok) throw new Error(outcome.issues[0]?.message)
  return outcome.answer.network
}

const rungOf = ({ rungs }: ConnectionTest, name: RegExp): Rung | undefined => rungs.find((rung) => name.test(rung.name))

describe.each([
  {
    name: 'systemd-networkd',
    backend: 'systemd-networkd',
    needs: ['networkctl'],
    options: { hasNetworkd: existsSync('/lib/systemd/systemd-networkd') },
  },
  { name: 'iproute2 with dhclient', backend: 'iproute2', needs: ['dhclient'], options: {} },
  { name: 'iproute2 with udhcpc', backend: 'iproute2', needs: ['udhcpc'], options: { without: ['dhclient'] } },
])('$name', ({ backend, needs, options }) => {
  const there = labTest('dnsmasq', 'unshare', 'nsenter', ...needs)
  const causes = causing(there)

  there('a lease: its address, its server, and how long it still holds', async () => {
    const test = await climb(backend, options, { leases: LEASES })
    expect(rungOf(test, /^Address from DHCP$/)).toMatchObject({
      state: 'passed',
      measured: expect.stringMatching(
        /^10\.1\.0\.50, netmask 255\.255\.255\.0; lease from 10\.1\.0\.1, (1 h|59 min|58 min) left$/,
      ),
    })
    expect(rungOf(test, /^Gateway 10\.1\.0\.1$/)).toMatchObject({ state: 'passed' })
  })

  causes(31, 'no DHCP server is on the network', async () => {
    const test = await climb(backend, options, {})
    const rung = rungOf(test, /^Address from DHCP$/)
    expect(rung?.trouble?.message).toContain('no server answers')
    return rung?.trouble?.number
  })

  causes(25, 'the DHCP server names no gateway, and the platform is on another network', async () => {
    const { router: _none, ...leases } = LEASES
    const test = await climb(backend, options, { leases, platform: '10.2.0.9' })
    expect(rungOf(test, /^Address from DHCP$/)).toMatchObject({ state: 'passed' })
    const rung = rungOf(test, /^Gateway$/)
    expect(rung?.trouble?.message).toBe('10.2.0.9 is not on this network, and the DHCP server names no gateway.')
    expect(rung?.trouble?.advice).toContain('option 3')
    return rung?.trouble?.number
  })

  there('a lease without a gateway will do for a platform on the same network', async () => {
    const { router: _none, ...leases } = LEASES
    const rung = rungOf(await climb(backend, options, { leases }), /^Gateway$/)
    expect(rung).toMatchObject({ state: 'skipped', measured: 'the DHCP server names none' })
  })
})

/** What only one of them has to show. */
const UDHCPC = { backend: 'iproute2', options: { without: ['dhclient'] } }
const there = labTest('dnsmasq', 'unshare', 'nsenter', 'udhcpc')

const causes = causing(there)

causes(31, 'DHCP gives no IPv4 address, and the platform can only be reached with one', async () => {
  const test = await climb(UDHCPC.backend, UDHCPC.options, { hasIpv6: true, platform: '10.2.0.9' })
  expect(rungOf(test, /^Address from DHCP$/)).toMatchObject({ state: 'passed' })
  const rung = rungOf(test, /^Gateway fe80:/)
  expect(rung?.trouble?.message).toBe('DHCP has given no IPv4 address, and 10.2.0.9 can only be reached with one.')
  return rung?.trouble?.number
})

there(
  'turned on without a cable and before the DHCP server, an appliance shows both when they come, and the cable when it goes',
  async () => {
    const { lab, cable, server, control } = await turnOn(UDHCPC.backend, UDHCPC.options, { isPlugged: false })
    try {
      const network = (): Promise<SensorStatus['network']> => networkOf(control)
      // What it was told at the start has come to its end by then: nothing of ours looks at the port any more.
      await until(async () => {
        const outcome = await control.ask('errors', { limit: 10 })
        return outcome.ok && outcome.answer.some(({ message }) => message.includes('no DHCP server'))
      })
      expect(await network()).toMatchObject({ linkIsUp: false, address: '' })
      cable.plugIn()
      await until(async () => (await network()).linkIsUp)
      await serve(lab, server)
      await until(async () => (await network()).address === '10.1.0.50')
      await until(async () => (await network()).gateway === '10.1.0.1')
      cable.pull()
      await until(async () => !(await network()).linkIsUp)
    } finally {
      control.close()
    }
  },
)
