import { existsSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { Address6 } from 'ip-address'
import { SensorError } from '../../../errors/sensor-error'
import { DEFAULT_NETWORK, managementDevice, type NetworkSettings } from '../../../settings/network-settings'
import type { SensorSettings } from '../../../settings/sensor-settings'
import type { Lease, NetworkFacts, NetworkHost, NotTaken, Way } from '../../types'
import { answers } from '../answers'
import { whoElseHas } from '../arp-probe'
import { readFacts } from '../facts'
import { lookUp } from '../look-up'
import type { NetworkBackend } from './backend'
import { Box } from './box'
import { setHostname, settleHostname } from './hostname'
import { awaitInForce, deviceState, PATIENCE, type Patience } from './in-force'
import { hasIproute2, Iproute2 } from './iproute2'
import { isRunning, Networkd } from './networkd'
import { setTimeServers } from './time-servers'
import { wayTo } from './way-to'

/**
 * Says that all of apply() was carried out for these settings, and nothing of another since. Lies where a boot empties,
 * as what it tells of is gone then, too.
 */
const MARK = '/run/nps/network/in-force.json'

export type Management = SensorSettings['management']

export interface RealNetworkOptions {
  /** As sensor.ini has it now. */
  management: () => Management
  box?: Box
  patience?: Patience
}

/** The network of this Linux machine, set up by whichever backend it has. */
export class RealNetwork implements NetworkHost {
  private readonly management: () => Management
  private readonly box: Box
  private readonly patience: Patience
  private readonly networkd: Networkd
  private readonly iproute2: Iproute2
  /** As far as is known what is in force, and by what. */
  private settings = DEFAULT_NETWORK
  private inUse: NetworkBackend | undefined
  /** The port that the default route has left by, where none is named. */
  private leftBy = ''

  constructor({ management, box = new Box(), patience = PATIENCE }: RealNetworkOptions) {
    this.management = management
    this.box = box
    this.patience = patience
    this.networkd = new Networkd(box)
    this.iproute2 = new Iproute2(box)
  }

  /** Without a management port in sensor.ini it is the one that the default route leaves by: to look at, not to change. */
  async facts(): Promise<NetworkFacts> {
    const { port } = this.management()
    if (port !== '') return readFacts(managementDevice(port, this.settings))
    const facts = await readFacts(undefined)
    // A default route that is gone for now, as with a lease, takes no port and no MAC away.
    if (facts.port === '' && this.leftBy !== '') return readFacts(this.leftBy)
    this.leftBy = facts.port
    return facts
  }

  async check(settings: NetworkSettings): Promise<void> {
    const { port } = this.management()
    if (port === '') return void (await this.leaveAlone(settings))
    const { backend } = await this.backends()
    await this.refuseIfUnable(port, backend, settings)
  }

  async apply(settings: NetworkSettings): Promise<NotTaken[]> {
    const { port } = this.management()
    if (port === '') return this.leaveAlone(settings)
    const { backend, other } = await this.backends()
    await this.refuseIfUnable(port, backend, settings)
    await this.box.remove(MARK)
    // Never two masters for one port: the other one may be what was in use until now.
    if (await other.isAtWork(port)) await other.withdraw(port)
    this.settings = settings
    this.inUse = backend
    const device = managementDevice(port, settings)
    await backend.apply(port, settings)
    await setHostname(this.box, settings.hostname)
    const lacks = await awaitInForce(
      async () => ({
        isDone: await backend.isDone(device, settings),
        state: {
          ...(await deviceState(this.box, device)),
          dhcpServer: settings.mode === 'dhcp' ? await backend.dhcpServer(device) : undefined,
        },
      }),
      settings,
      this.patience,
    )
    await backend.passOn(device)
    await this.box.write(MARK, markOf(backend, port, settings))
    return lacks
  }

  async settle(settings: NetworkSettings): Promise<void> {
    const { port } = this.management()
    if (port === '') return
    const backend = this.inUse ?? (await this.backends()).backend
    await backend.settle(port, settings)
    await settleHostname(this.box, settings.hostname)
    await setTimeServers(this.box, settings.ntp)
  }

  async restore(settings: NetworkSettings): Promise<NotTaken[]> {
    const { port } = this.management()
    if (port === '') return this.leaveAlone(settings)
    refuseIfNotRoot()
    const { backend, other } = await this.backends()
    const isWhole = (await this.box.read(MARK)) === markOf(backend, port, settings) && !(await other.isAtWork(port))
    this.settings = settings
    const isInForce = isWhole && (await backend.isAlive(port, settings))
    if (isInForce) this.inUse = backend
    const lacks = isInForce ? [] : await this.apply(settings)
    await this.settle(settings)
    // Its last step may be what was broken off, and a boot has read the name of before.
    await setHostname(this.box, settings.hostname)
    return lacks
  }

  async passOn(): Promise<void> {
    try {
      await this.inUse?.passOn(managementDevice(this.management().port, this.settings))
    } catch (error) {
      // A networkctl(1) that hangs: it is asked again at the next look.
      if (!(error instanceof SensorError)) throw error
    }
  }

  async answers(address: string, timeoutMs: number): Promise<boolean> {
    // RFC 4007 section 11: a link-local address alone does not say on which port.
    const isLinkLocal = isIPv6(address) && new Address6(address).isLinkLocal()
    return answers(isLinkLocal ? `${address}%${(await this.facts()).port}` : address, timeoutMs)
  }

  wayTo(address: string): Promise<Way | undefined> {
    return wayTo(this.box, address)
  }

  async lease(): Promise<Lease> {
    try {
      return await this.knownLease()
    } catch (error) {
      // No ip(8), or a networkctl(1) that hangs: the address is as good as ever.
      if (error instanceof SensorError) return {}
      throw error
    }
  }

  private async knownLease(): Promise<Lease> {
    const { port } = await this.facts()
    const { addresses } = await deviceState(this.box, port)
    // A machine without any backend may have a lease all the same, from whoever set it up.
    const used = await this.backends().catch(() => undefined)
    const server = await used?.backend.dhcpServer(port)
    const seconds = addresses.find(({ family, dynamic }) => family === 'inet' && dynamic)?.valid_life_time
    return {
      ...(server === undefined ? {} : { server }),
      ...(seconds === undefined ? {} : { leftMs: seconds * 1000 }),
    }
  }

  lookUp(server: string, name: string, timeoutMs: number): Promise<string[]> {
    return lookUp(server, name, timeoutMs)
  }

  async whoElseHas(address: string, timeoutMs: number): Promise<string[] | undefined> {
    const { port, mac } = await this.facts()
    return whoElseHas(port, mac, address, timeoutMs)
  }

  /**
   * No management port is named, so the network is whoever's it was before us. What is shipped, and what is in force
   * already, is accepted; all else refused with error 10, so that nobody is told of a change that did not happen.
   */
  private async leaveAlone(settings: NetworkSettings): Promise<NotTaken[]> {
    const { mode, address, netmask, gateway, dns1, dns2 } = settings
    const further = { ...settings, mode: 'dhcp', address: '', netmask: '', gateway: '', dns1: '', dns2: '' }
    const facts = await this.facts()
    const isInForce =
      mode === 'dhcp' ||
      isDeepStrictEqual(
        [address, netmask, gateway, [dns1, dns2].filter((server) => server !== '')],
        [facts.address, facts.netmask, facts.gateway, facts.dns],
      )
    if (isInForce && isDeepStrictEqual(further, DEFAULT_NETWORK)) return []
    throw new SensorError(10, { reason: 'no management port is named', kind: 'no-port' })
  }

  private async refuseIfUnable(port: string, backend: NetworkBackend, settings: NetworkSettings): Promise<void> {
    refuseIfNotRoot()
    if (!existsSync(`/sys/class/net/${port}`)) {
      const reason = `there is no port ${port}, which sensor.ini names as management port`
      throw new SensorError(10, { reason, kind: 'other-port' })
    }
    await backend.check(settings)
  }

  /** The one in use, and the one that must not be. */
  private async backends(): Promise<{ backend: NetworkBackend; other: NetworkBackend }> {
    const { box, networkd, iproute2 } = this
    const { backend } = this.management()
    if (backend === 'systemd-networkd' || (backend === 'auto' && (await isRunning(box)))) {
      return { backend: networkd, other: iproute2 }
    }
    if (await hasIproute2(box)) return { backend: iproute2, other: networkd }
    const reason = 'this machine has neither systemd-networkd running nor ip(8) of iproute2'
    throw new SensorError(10, { reason, kind: 'no-backend' })
  }
}

/** Some of what it takes may be anybody's, and that alone would be half of the settings. */
function refuseIfNotRoot(): void {
  const uid = process.geteuid?.() ?? 0
  if (uid === 0) return
  const reason = `only root may set the network of this machine up, and the sensor runs as user ${uid}`
  throw new SensorError(10, { reason, kind: 'not-root' })
}

function markOf({ name }: NetworkBackend, port: string, settings: NetworkSettings): string {
  return `${JSON.stringify({ backend: name, port, settings })}\n`
}
