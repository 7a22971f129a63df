import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SensorError } from '../../../errors/sensor-error'
import { clientsOf, generateIproute2, IPROUTE2_FOLDER, leaseDone } from '../../../network/generate-iproute2'
import { managementDevice, type NetworkSettings } from '../../../settings/network-settings'
import type { NetworkBackend } from './backend'
import type { Box } from './box'
import { clients, findClient, startClient, stopClients } from './dhcp-client'
import { forgetOfferedServers } from './time-servers'
import { removeVlans } from './vlans'

/** Written before anything is done, and gone once all of it is undone. */
const FIRST = join(IPROUTE2_FOLDER, 'link.batch')

/**
 * ip(8) and a DHCP client, for machines without a network service. The kernel forgets all of it at a boot; what is
 * settled comes back when the sensor starts and tells us again.
 */
export class Iproute2 implements NetworkBackend {
  readonly name = 'iproute2'

  constructor(private readonly box: Box) {}

  async check(settings: NetworkSettings): Promise<void> {
    for (const family of clientsOf(settings)) await findClient(this.box, family)
  }

  async apply(port: string, settings: NetworkSettings): Promise<void> {
    const { box } = this
    const files = generateIproute2(port, settings)
    const device = managementDevice(port, settings)
    await stopClients(box)
    for (const stale of ['server4', 'dns4', 'dns6', 'ntp4', 'ntp6']) await box.remove(join(IPROUTE2_FOLDER, stale))
    for (const family of [4, 6] as const) await box.remove(leaseDone(family))
    await forgetOfferedServers(box)
    for (const [name, text] of files) {
      await box.write(join(IPROUTE2_FOLDER, name), text, name === 'dhcp-event' ? 0o755 : 0o644)
    }
    // The device of the same VLAN as well: it is made anew.
    await removeVlans(box, port, '')
    await box.must('ip', '-batch', FIRST)
    await this.setKernelValues(files.get('sysctl.conf') ?? '')
    await box.must('ip', '-batch', join(IPROUTE2_FOLDER, 'address.batch'))
    const fixed = files.get('resolv.conf')
    if (fixed !== undefined) await box.write('/etc/resolv.conf', fixed)
    for (const family of clientsOf(settings)) {
      await startClient(box, { device, family, hostname: settings.hostname })
    }
  }

  async settle(): Promise<void> {
    // Nothing of it outlives a boot.
  }

  async passOn(): Promise<void> {
    // Written with the rest, and by the DHCP client's script at each renewal.
  }

  async dhcpServer(): Promise<string | undefined> {
    return (await this.box.read(join(IPROUTE2_FOLDER, 'server4')))?.trim() || undefined
  }

  /** What has no lease is not waited for here: that is for whoever misses it. */
  async isDone(_device: string, settings: NetworkSettings): Promise<boolean> {
    return clientsOf(settings).every((family) => existsSync(leaseDone(family)))
  }

  async isAlive(port: string, settings: NetworkSettings): Promise<boolean> {
    for (const [name, text] of generateIproute2(port, settings)) {
      if ((await this.box.read(join(IPROUTE2_FOLDER, name))) !== text) return false
    }
    return (await clients()).length === clientsOf(settings).length
  }

  async isAtWork(): Promise<boolean> {
    return existsSync(FIRST) || (await clients()).length > 0
  }

  async withdraw(port: string): Promise<void> {
    const { box } = this
    await stopClients(box)
    await forgetOfferedServers(box)
    await removeVlans(box, port, '')
    await box.must('ip', 'address', 'flush', 'dev', port, 'scope', 'global')
    // What came from routers goes with IPv6 itself, and the port of a VLAN has none.
    const disable = join('/proc/sys/net/ipv6/conf', port, 'disable_ipv6')
    for (const value of ['1', '0']) await this.setKernelValue(disable, value)
    const names = existsSync(IPROUTE2_FOLDER) ? await readdir(IPROUTE2_FOLDER) : []
    for (const path of names.map((name) => join(IPROUTE2_FOLDER, name))) if (path !== FIRST) await box.remove(path)
    await box.remove(FIRST)
  }

  /** sysctl(8) is not on every box, and these are only files. */
  private async setKernelValues(conf: string): Promise<void> {
    for (const line of conf.split('\n').filter((each) => each !== '')) {
      const [key = '', value = ''] = line.split(' = ')
      // net.ipv6.conf.eth0.5.autoconf: dots in the name of a device stay.
      const [, device = '', leaf = ''] = /^net\.ipv6\.conf\.(.+)\.(\w+)$/.exec(key) ?? []
      await this.setKernelValue(join('/proc/sys/net/ipv6/conf', device, leaf), value)
    }
  }

  private async setKernelValue(path: string, value: string): Promise<void> {
    // A kernel without IPv6 has nothing to turn off.
    const now = await this.box.read(path)
    if (now === undefined || now.trim() === value) return
    await this.box.set(path, value)
  }
}

/** ip(8) from iproute2 is there; the one of busybox takes no batch. */
export async function hasIproute2(box: Box): Promise<boolean> {
  const ran = await box.look('ip', '-V').catch((error: unknown) => {
    if (error instanceof SensorError) return undefined
    throw error
  })
  return ran !== undefined && /iproute2/.test(ran.stdout)
}
