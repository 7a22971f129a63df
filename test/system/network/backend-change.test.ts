import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../../until'
import { clearLabs, labTest } from '../namespaces/lab'
import {
  addresses,
  defaultRoutes,
  defaultRoutes6,
  dhcpServer,
  newSite,
  processes,
  STATIC,
  STATIC6,
} from './appliance-site'
import type { Site } from './appliance-site'
import { RoomNetwork } from './room-network'
import { clearRooms } from './rooms'

/** Another backend than before for the same settings: they come up whole under it, and the one of before is gone. */

afterEach(clearRooms)
afterEach(clearLabs)

const there = labTest('dnsmasq', 'unshare', 'nsenter', 'networkctl', 'dhclient')

const BOTH_STATIC = { ...STATIC, ...STATIC6 }
const OFFERS = ['--dhcp-option=option:ntp-server,10.1.0.1']

/** A file as distributions ship them, for whatever port there is. */
const WIDE = '[Match]\nName=*\n\n[Network]\nDHCP=yes\n'

there.each([
  ['DHCP', {}],
  ['static addresses', BOTH_STATIC],
])('systemd-networkd, then iproute2, then systemd-networkd again: %s', async (_, settings) => {
  const site = await newSite({ hasNetworkd: true })
  const server = await dhcpServer(site, OFFERS)
  mkdirSync(join(site.room.etc, 'chrony'))
  writeFileSync(join(site.room.etc, 'systemd', 'network', '80-wide.network'), WIDE)
  const networkd = new RoomNetwork(site.room, 'eth0', 'systemd-networkd')
  const iproute2 = new RoomNetwork(site.room, 'eth0', 'iproute2')
  const isWhole = async (network: RoomNetwork): Promise<void> => {
    const { dns } = await network.facts()
    if (settings === BOTH_STATIC) {
      expect(addresses(site)).toEqual(['10.1.0.20/24'])
      expect(defaultRoutes6(site)).toEqual(['fd01::1'])
      expect(dns).toEqual(['10.1.0.1', '10.1.0.2', 'fd01::1'])
    } else {
      expect(addresses(site)).toEqual([expect.stringMatching(/^10\.1\.0\.(5\d|60)\/24$/)])
      expect(dns).toEqual(['10.1.0.1'])
    }
    expect(defaultRoutes(site)).toEqual(['10.1.0.1'])
    expect(await network.answers('10.1.0.1')).toBe(true)
  }

  expect(await networkd.restore(settings)).toEqual([])
  await isWhole(networkd)
  expect(filesOfNetworkd(site)).toEqual(['etc 06-nps-eth0.network', 'run 05-nps-eth0.network'])

  // As at a start of the sensor with another line in sensor.ini.
  expect(await iproute2.restore(settings)).toEqual([])
  await isWhole(iproute2)
  expect(filesOfNetworkd(site)).toEqual(['etc 06-nps-eth0.network'])
  expect(stateOfNetworkd(site)).toBe('unmanaged')
  // Also once it reads its files again, and at its next start.
  site.room.do('networkctl', 'reload')
  await site.room.cutPower('eth0')
  await site.room.start()
  expect(stateOfNetworkd(site)).toBe('unmanaged')
  expect(addresses(site)).toEqual([])
  const again = new RoomNetwork(site.room, 'eth0', 'iproute2')
  expect(await again.restore(settings)).toEqual([])
  await isWhole(again)
  // What is in force already is not touched.
  const asked = server.lines.length
  expect(await again.restore(settings)).toEqual([])
  expect(server.lines).toHaveLength(asked)

  const back = new RoomNetwork(site.room, 'eth0', 'systemd-networkd')
  expect(await back.apply(settings)).toEqual([])
  await isWhole(back)
  expect(processes(site)).not.toContain('dhclient')
  expect(readdirSync(join(site.room.ram, 'nps', 'network'))).toEqual(['in-force.json'])
  await back.settle(settings)
  await site.room.cutPower('eth0')
  await site.room.start()
  await until(() => addresses(site).length === 1)
})

there('one that cannot be is refused before the one in use is touched', async () => {
  const site = await newSite({ hasNetworkd: true, without: ['dhclient', 'udhcpc'] })
  await dhcpServer(site)
  expect(await new RoomNetwork(site.room, 'eth0', 'auto').restore({})).toEqual([])
  const leased = addresses(site)
  const iproute2 = new RoomNetwork(site.room, 'eth0', 'iproute2')
  await expect(iproute2.restore({})).rejects.toThrow('there is no DHCP client')
  expect(addresses(site)).toEqual(leased)
  expect(stateOfNetworkd(site)).toBe('configured')

  expect(await iproute2.restore(STATIC)).toEqual([])
  await site.room.stopNetworkd()
  const networkd = new RoomNetwork(site.room, 'eth0', 'systemd-networkd')
  await expect(networkd.apply({})).rejects.toThrow('systemd-networkd does not run')
  expect(addresses(site)).toEqual(['10.1.0.20/24'])
})

there('resolv.conf goes back to systemd-resolved, whose link iproute2 has replaced', async () => {
  const site = await newSite({ hasNetworkd: true })
  const resolved = '/run/systemd/resolve/stub-resolv.conf'
  site.room.do('sh', '-c', `mkdir -p /run/systemd/resolve; touch /run/systemd/resolve/resolv.conf ${resolved}`)
  const linkOf = (): string => site.room.do('readlink', '-f', '/etc/resolv.conf').trim()
  site.room.do('ln', '-sf', resolved, '/etc/resolv.conf')
  expect(await new RoomNetwork(site.room, 'eth0', 'iproute2').apply(STATIC)).toEqual([])
  expect(linkOf()).toBe('/etc/resolv.conf')
  expect(await new RoomNetwork(site.room, 'eth0', 'systemd-networkd').apply(STATIC)).toEqual([])
  expect(linkOf()).toBe(resolved)
})

function filesOfNetworkd({ room }: Site): string[] {
  const names = (folder: string, word: string): string[] =>
    readdirSync(folder)
      .filter((name) => name.includes('-nps-'))
      .map((name) => `${word} ${name}`)
  return [...names(join(room.etc, 'systemd', 'network'), 'etc'), ...names(join(room.ram, 'systemd', 'network'), 'run')]
}

function stateOfNetworkd({ room }: Site): string | undefined {
  const listed = room.do('networkctl', 'list', '--json=short', 'eth0')
  return /"AdministrativeState":"(\w+)"/.exec(listed)?.[1]
}
