import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../../until'
import { clearLabs, labTest } from '../namespaces/lab'
import type { Program } from '../namespaces/program'
import {
  addresses,
  allAnswer,
  defaultRoutes,
  defaultRoutes6,
  dhcpServer,
  hide,
  LEASES,
  newSite,
  processes,
  startTimeServer,
  startTimeService,
  STATIC,
  STATIC6,
} from './appliance-site'
import { RoomNetwork } from './room-network'
import { clearRooms } from './rooms'

afterEach(clearRooms)
afterEach(clearLabs)

const NETWORKD = '/lib/systemd/systemd-networkd'

describe.each([
  {
    name: 'systemd-networkd',
    backend: 'systemd-networkd',
    needs: ['networkctl'],
    options: { hasNetworkd: existsSync(NETWORKD) },
  },
  { name: 'iproute2 with dhclient', backend: 'iproute2', needs: ['dhclient'], options: {} },
  { name: 'iproute2 with udhcpc', backend: 'iproute2', needs: ['udhcpc'], options: { without: ['dhclient'] } },
])('$name', ({ backend, needs, options }) => {
  const netTest = labTest('dnsmasq', 'unshare', 'nsenter', ...needs)
  // With the other client only what a client does is another.
  const isOtherClient = needs.includes('udhcpc')
  const restTest = isOtherClient ? (): void => undefined : netTest

  netTest('which one is in use is found', async () => {
    const site = await newSite(options)
    await new RoomNetwork(site.room, 'eth0', 'auto').apply(STATIC)
    expect(JSON.parse(site.room.file('run/nps/network/in-force.json'))).toMatchObject({ backend })
  })

  netTest('static, then DHCP, then static: each leaves nothing of the one before', async () => {
    const site = await newSite(options)
    await dhcpServer(site)
    const network = new RoomNetwork(site.room, 'eth0', backend)
    expect(await network.apply(STATIC)).toEqual([])
    const fixed = { port: 'eth0', linkIsUp: true, address: '10.1.0.20', netmask: '255.255.255.0', gateway: '10.1.0.1' }
    expect(await network.facts()).toMatchObject({ ...fixed, dns: ['10.1.0.1', '10.1.0.2'] })
    expect(addresses(site)).toEqual(['10.1.0.20/24'])
    expect(await network.answers('10.1.0.1')).toBe(true)

    expect(await network.apply({})).toEqual([])
    const [leased = ''] = addresses(site)
    expect(leased).toMatch(/^10\.1\.0\.(5\d|60)\/24$/)
    expect(addresses(site)).toHaveLength(1)
    expect(await network.facts()).toMatchObject({ gateway: '10.1.0.1', dns: ['10.1.0.1'] })

    expect(await network.apply({ ...STATIC, address: '10.1.0.21', dns2: '' })).toEqual([])
    expect(addresses(site)).toEqual(['10.1.0.21/24'])
    expect(await network.facts()).toMatchObject({ dns: ['10.1.0.1'] })
    expect(defaultRoutes(site)).toEqual(['10.1.0.1'])
  })

  netTest(
    'without a DHCP server there is no lease, and it comes when there is one',
    async () => {
      const site = await newSite(options)
      const network = new RoomNetwork(site.room, 'eth0', backend, 2000)
      expect(await network.apply({})).toEqual([{ field: 'mode', why: 'no lease' }])
      expect(addresses(site)).toEqual([])
      await dhcpServer(site)
      await until(() => addresses(site).length === 1, 70_000)
    },
    90_000,
  )

  netTest('a lease is renewed, and a second server takes over when the first is gone', async () => {
    const site = await newSite(options)
    const first = await dhcpServer(site, [], { ...LEASES, to: '10.1.0.50' })
    const network = new RoomNetwork(site.room, 'eth0', backend)
    expect(await network.apply({ hostname: 'nps-box' })).toEqual([])
    expect(addresses(site)).toEqual(['10.1.0.50/24'])
    expect(first.text).toContain('client provides name: nps-box')
    expect(site.room.do('hostname').trim()).toBe('nps-box')
    // Asked again by the person: the same lease, freshly acknowledged.
    const acks = (program: Program): number => program.lines.filter((line) => line.includes('DHCPACK')).length
    const before = acks(first)
    expect(await network.apply({ hostname: 'nps-box' })).toEqual([])
    expect(acks(first)).toBeGreaterThan(before)
    await first.stop()
    await dhcpServer(site, [], { ...LEASES, from: '10.1.0.77', to: '10.1.0.77' })
    expect(await network.apply({})).toEqual([])
    expect(addresses(site)).toEqual(['10.1.0.77/24'])
    expect(site.room.do('hostname').trim()).toBe('appliance')
  })

  netTest('a lease without an end is one, too', async () => {
    const site = await newSite(options)
    await dhcpServer(site, [], { ...LEASES, leaseSeconds: 'infinite' })
    const network = new RoomNetwork(site.room, 'eth0', backend)
    expect(await network.apply({})).toEqual([])
    expect(await network.lease()).toEqual({ server: '10.1.0.1' })
    // Nobody can tell of it any more, and it is in force all the same.
    hide(site, 'ip')
    expect(await network.lease()).toEqual({})
    expect((await network.facts()).address).toMatch(/^10\.1\.0\./)
  })

  // With systemd-networkd there is no script.
  const scriptTest = options.hasNetworkd === undefined && !isOtherClient ? netTest : (): void => undefined

  scriptTest(
    'what a DHCP client was about to say of a lease is not said any more once other settings come',
    async () => {
      const site = await newSite(options)
      await dhcpServer(site)
      const network = new RoomNetwork(site.room, 'eth0', backend)
      expect(await network.apply({})).toEqual([])
      const leased = addresses(site)
      const { machine } = site.room
      // Another one of its family speaks, and does not come to an end.
      const speaks = ['flock', '/run/nps/network/dhcp-event.lock', 'sh', '-c', 'echo speaks; exec sleep 1000']
      await machine.start(site.room.inside(...speaks)).says(/speaks/)
      machine.start(site.room.inside(...EXPIRES))
      await until(() => processes(site).includes('flock 9'))
      expect(processes(site)).toContain('/bin/sh /run/nps/network/dhcp-event ')
      expect(addresses(site)).toEqual(leased)
      expect(await network.apply(STATIC)).toEqual([])
      expect(processes(site)).not.toContain('/run/nps/network/dhcp-event ')
      expect(addresses(site)).toEqual(['10.1.0.20/24'])
      expect((await network.facts()).dns).toEqual(['10.1.0.1', '10.1.0.2'])
    },
  )

  scriptTest('a lease that has expired takes with it what came with it', async () => {
    const site = await newSite(options)
    await dhcpServer(site, ['--dhcp-option=option:ntp-server,10.1.0.1'])
    mkdirSync(join(site.room.etc, 'chrony'))
    const network = new RoomNetwork(site.room, 'eth0', backend)
    expect(await network.apply({})).toEqual([])
    expect((await network.lease()).server).toBe('10.1.0.1')
    expect(site.room.file('run/chrony-dhcp/nps.sources')).toContain('10.1.0.1')
    site.room.do(...EXPIRES)
    expect(await network.lease()).toEqual({})
    expect(await network.facts()).toMatchObject({ address: '', gateway: '', dns: [] })
    expect(site.room.file('run/chrony-dhcp/nps.sources').trim()).toBe('')
  })

  scriptTest('an IPv6 lease that has expired does so, too, and leaves that of IPv4 alone', async () => {
    const site = await newSite(options)
    const offers6 = [
      '--enable-ra',
      '--dhcp-range=fd01::100,fd01::1ff,64,10m',
      '--dhcp-option=option6:ntp-server,[fd01::1]',
      '--dhcp-option=option6:dns-server,[fd01::1]',
    ]
    await dhcpServer(site, ['--dhcp-option=option:ntp-server,10.1.0.1', ...offers6])
    mkdirSync(join(site.room.etc, 'chrony'))
    const network = new RoomNetwork(site.room, 'eth0', backend)
    const offered = (): string[] =>
      [...site.room.file('run/chrony-dhcp/nps.sources').matchAll(/^server (\S+)/gm)].map((match) => match[1]!)
    expect(await network.apply({ ipv6: 'dhcp' })).toEqual([])
    const { ipv6, dns } = await network.facts()
    expect(dns).toEqual(['10.1.0.1', 'fd01::1'])
    expect(offered()).toEqual(['10.1.0.1', 'fd01::1'])
    const [address = '', length = ''] = ipv6[0]!.split('/')
    const old = [`old_ip6_address=${address}`, `old_ip6_prefixlen=${length}`, 'interface=eth0']
    // No longer for what begins now, but whatever has begun goes on.
    site.room.do('env', 'reason=DEPREF6', ...old, '/run/nps/network/dhcp-event')
    expect((await network.facts()).ipv6).toEqual(ipv6)
    site.room.do('env', 'reason=EXPIRE6', ...old, '/run/nps/network/dhcp-event')
    expect(await network.facts()).toMatchObject({ ipv6: [], dns: ['10.1.0.1'] })
    expect(offered()).toEqual(['10.1.0.1'])
    expect(addresses(site)).toHaveLength(1)
  })

  const timeTest = labTest('dnsmasq', 'chronyd', 'unshare', 'nsenter', ...needs)

  timeTest('time servers that DHCP offers are asked, those of the settings alone where there are some', async () => {
    const site = await newSite(options)
    const offers = ['--dhcp-option=option:ntp-server,10.1.0.1,10.1.0.3']
    // udhcpc(8) is for IPv4 alone.
    const offers6 = [
      '--enable-ra',
      '--dhcp-range=fd01::100,fd01::1ff,64,10m',
      '--dhcp-option=option6:ntp-server,[fd01::1],[fd01::3]',
    ]
    await dhcpServer(site, isOtherClient ? offers : [...offers, ...offers6])
    await startTimeServer(site)
    const asked = await startTimeService(site)
    const network = new RoomNetwork(site.room, 'eth0', backend)
    expect(asked()).toEqual([])
    await network.apply({ ipv6: isOtherClient ? 'off' : 'dhcp' })
    const offered = ['10.1.0.1', '10.1.0.3', ...(isOtherClient ? [] : ['fd01::1', 'fd01::3'])]
    await until(() => asked().join() === offered.join())
    await allAnswer(
      site,
      offered.filter((server) => server.endsWith('1')),
    )

    await network.apply({ ntp: '10.1.0.9' })
    await network.settle({ ntp: '10.1.0.9' })
    expect(asked()).toEqual(['10.1.0.9'])
    await network.apply({})
    await network.settle({})
    await until(() => asked().join() === '10.1.0.1,10.1.0.3')
    // With a static address nobody offers anything any more.
    await network.apply(STATIC)
    expect(asked()).toEqual([])
  })

  // With iproute2 the DHCP client's script tells, whenever it is called.
  const laterTest = options.hasNetworkd ? timeTest : (): void => undefined

  laterTest(
    'DNS and time servers are passed on when they come later, and when DHCPv6 comes with a router',
    async () => {
      const site = await newSite(options)
      const asked = await startTimeService(site)
      let network = new RoomNetwork(site.room, 'eth0', backend, 1000)
      expect(await network.apply({})).toEqual([{ field: 'mode', why: 'no lease' }])
      expect((await network.facts()).dns).toEqual([])
      const offers6 = [
        '--enable-ra',
        '--dhcp-range=fd01::100,fd01::1ff,slaac,64,10m',
        '--dhcp-option=option6:ntp-server,[fd01::1]',
      ]
      const server = await dhcpServer(site, ['--dhcp-option=option:ntp-server,10.1.0.1', ...offers6])
      const replies6 = (): number => server.lines.filter((line) => line.includes('DHCPREPLY(eth0) fd01::1')).length
      const passedOn = (...servers: string[]): Promise<void> =>
        until(async () => {
          await network.passOn()
          return asked().join() === servers.join()
        }, 70_000)
      await passedOn('10.1.0.1')
      expect((await network.facts()).dns).toEqual(['10.1.0.1'])
      network = new RoomNetwork(site.room, 'eth0', backend)
      expect(await network.apply({ ...STATIC, ipv6: 'auto' })).toEqual([])
      await passedOn('fd01::1')
      // Those of the settings alone, which settle() tells of.
      const before = replies6()
      expect(await network.apply({ ...STATIC, ipv6: 'auto', ntp: '10.1.0.9' })).toEqual([])
      await until(() => replies6() > before)
      await passedOn()
    },
  )

  // The shortest lease that dnsmasq gives is of two minutes, and so this takes one.
  restTest(
    'a lease is renewed by itself when half of its time is over',
    async () => {
      const site = await newSite(options)
      const server = await dhcpServer(site, [], { ...LEASES, leaseSeconds: 120 })
      expect(await new RoomNetwork(site.room, 'eth0', backend).apply({})).toEqual([])
      const [leased = ''] = addresses(site)
      const acks = (): number => server.lines.filter((line) => line.includes('DHCPACK')).length
      const before = acks()
      await until(() => acks() > before, 110_000)
      expect(addresses(site)).toEqual([leased])
    },
    150_000,
  )

  restTest('a static address that another machine has is seen before it is taken', async () => {
    const site = await newSite(options)
    const network = new RoomNetwork(site.room, 'eth0', backend)
    site.server.address('eth0', '10.1.0.20/24')
    const mac = site.server.run('cat', '/sys/class/net/eth0/address').trim()
    expect(await network.whoElseHas('10.1.0.20')).toEqual([mac])
    expect(await network.whoElseHas('10.1.0.33')).toEqual([])
    await network.apply({ ...STATIC, address: '10.1.0.33' })
    // Its own is no conflict.
    expect(await network.whoElseHas('10.1.0.33')).toEqual([])
  })

  restTest('IPv6: static, by router advertisement, and off', async () => {
    const site = await newSite(options)
    await dhcpServer(site, ['--dhcp-range=fd01::,ra-only,64,10m', '--enable-ra'])
    const network = new RoomNetwork(site.room, 'eth0', backend)
    expect(await network.apply({ ...STATIC, ...STATIC6 })).toEqual([])
    // What the kernel took from the router before that stays beside it until it expires.
    expect((await network.facts()).ipv6).toContain('fd01::20/64')
    expect(await network.answers('fd01::1')).toBe(true)
    const local = /inet6 (fe80:\S+)\//.exec(site.server.run('ip', '-o', 'address', 'show', 'dev', 'eth0'))?.[1] ?? ''
    expect(await network.answers(local)).toBe(true)
    expect(await network.answers('fe80::dead')).toBe(false)
    expect(defaultRoutes6(site)).toContain('fd01::1')

    expect(await network.apply({ ...STATIC, ipv6: 'auto' })).toEqual([])
    const { ipv6 } = await network.facts()
    expect(ipv6.filter((each) => /^fd01::.*\/64$/.test(each))).toHaveLength(1)
    expect(ipv6).not.toContain('fd01::20/64')

    expect(await network.apply(STATIC)).toEqual([])
    expect((await network.facts()).ipv6).toEqual([])
    expect(defaultRoutes6(site)).toEqual([])
  })

  restTest('an IPv6 address that another machine has is found by duplicate address detection', async () => {
    const site = await newSite(options)
    const network = new RoomNetwork(site.room, 'eth0', backend, 6000)
    site.server.address('eth0', 'fd01::20/64')
    expect(await network.apply({ ...STATIC, ...STATIC6 })).toEqual([
      { field: 'ipv6Address', why: expect.stringMatching(/duplicate|not set/) },
    ])
    expect(await network.apply({ ...STATIC, ...STATIC6, ipv6Address: 'fd01::21' })).toEqual([])
  })

  restTest('IPv6 by DHCPv6, with the router that advertises itself', async () => {
    const site = await newSite(options)
    await dhcpServer(site, ['--dhcp-range=fd01::100,fd01::1ff,64,10m', '--enable-ra'])
    const network = new RoomNetwork(site.room, 'eth0', backend)
    expect(await network.apply({ ...STATIC, ipv6: 'dhcp' })).toEqual([])
    expect((await network.facts()).ipv6).toEqual([expect.stringMatching(/^fd01::1[0-9a-f]{2}\/(64|128)$/)])
    await until(() => defaultRoutes6(site).length === 1)
  })

  restTest('an MTU is taken and given up again', async () => {
    const site = await newSite(options)
    const network = new RoomNetwork(site.room, 'eth0', backend)
    const mtu = (): string => site.room.do('cat', '/sys/class/net/eth0/mtu').trim()
    await network.apply({ ...STATIC, mtu: '1400' })
    await until(() => mtu() === '1400')
    await network.apply(STATIC)
    await until(() => mtu() === '1500')
  })

  restTest('what was settled comes back after a power cut; what was only tried does not', async () => {
    const site = await newSite(options)
    const first = new RoomNetwork(site.room, 'eth0', backend)
    await first.apply(STATIC)
    await first.settle(STATIC)
    await first.apply({ ...STATIC, address: '10.1.0.99', hostname: 'tried' })
    expect(addresses(site)).toEqual(['10.1.0.99/24'])
    await site.room.cutPower('eth0')
    await site.room.start()
    if (options.hasNetworkd) await until(() => addresses(site).join() === '10.1.0.20/24')
    expect(await new RoomNetwork(site.room, 'eth0', backend).restore(STATIC)).toEqual([])
    expect(addresses(site)).toEqual(['10.1.0.20/24'])
    expect(site.room.file('etc/hostname')).toBe('appliance\n')
  })

  restTest('a start does not touch what is in force', async () => {
    const site = await newSite(options)
    const server = await dhcpServer(site)
    await new RoomNetwork(site.room, 'eth0', backend).apply({})
    const asked = server.lines.length
    expect(await new RoomNetwork(site.room, 'eth0', backend).restore({})).toEqual([])
    expect(server.lines).toHaveLength(asked)
  })
})

/** What dhclient(8) does when a lease has expired. */
const EXPIRES = ['env', 'reason=EXPIRE', 'interface=eth0', '/run/nps/network/dhcp-event']
