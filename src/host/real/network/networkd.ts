import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fixedDns, generateNetworkd } from '../../../network/generate-networkd'
import { managementDevice, type NetworkSettings } from '../../../settings/network-settings'
import type { NetworkBackend } from './backend'
import type { Box } from './box'
import { removeVlans } from './vlans'

/**
 * What is only tried lies in /run, which a power cut empties, and comes first in the order of names, so it wins over what
 * lies in /etc for the next boot (systemd.network(5)). Going back needs nothing that could be lost.
 */
const TRIED = { folder: '/run/systemd/network', place: '05' }
const SETTLED = { folder: '/etc/systemd/network', place: '06' }

/** Ours, of any port: the management port may have been another one before. */
const OURS = /^0[56]-nps-.+\.(network|netdev)$/

/** systemd-networkd, told by files. */
export class Networkd implements NetworkBackend {
  readonly name = 'systemd-networkd'

  constructor(private readonly box: Box) {}

  async apply(port: string, settings: NetworkSettings): Promise<void> {
    const { box } = this
    await this.write(TRIED, generateNetworkd(port, settings))
    await removeVlans(box, port, managementDevice(port, settings))
    await box.must('networkctl', 'reload')
    await box.must('networkctl', 'reconfigure', port)
    const device = managementDevice(port, settings)
    if (device !== port) await box.must('networkctl', 'reconfigure', device)
  }

  /** What was tried stays where it is as well: taking it away would have networkd begin anew, with the link down. */
  settle(port: string, settings: NetworkSettings): Promise<void> {
    return this.write(SETTLED, generateNetworkd(port, settings))
  }

  async isDone(device: string): Promise<boolean> {
    const { stdout } = await this.box.look('networkctl', 'list', '--json=short', device)
    return /"(AdministrativeState|SetupState)":"configured"/.test(stdout)
  }

  async isAlive(port: string, settings: NetworkSettings): Promise<boolean> {
    const wanted = generateNetworkd(port, settings)
    for (const [name, text] of wanted) {
      if ((await this.box.read(pathOf(TRIED, name))) !== text) return false
    }
    return isRunning(this.box)
  }

  /** DNS servers in force, for machines on which nobody else keeps resolv.conf(5). */
  async dns(settings: NetworkSettings): Promise<string[]> {
    const { stdout } = await this.box.look('networkctl', 'status', '--json=short')
    const leased = [...stdout.matchAll(/"DNS":\[(.*?)\]/g)].map((match) => match[1])
    return leased.length > 0 ? [] : fixedDns(settings)
  }

  private async write(where: typeof TRIED, files: ReadonlyMap<string, string>): Promise<void> {
    const { box } = this
    const wanted = new Map([...files].map(([name, text]) => [pathOf(where, name), text]))
    const there = existsSync(where.folder) ? (await readdir(where.folder)).filter((name) => OURS.test(name)) : []
    for (const [path, text] of wanted) if ((await box.read(path)) !== text) await box.write(path, text)
    for (const name of there) {
      const path = join(where.folder, name)
      if (!wanted.has(path)) await box.remove(path)
    }
  }
}

/** Does it run on this machine, whether it has anything to do or not? */
export async function isRunning(box: Box): Promise<boolean> {
  const listed = await box.look('networkctl', 'list', '--no-legend').catch(() => undefined)
  return listed?.status === 0 && !/not running/.test(listed.stderr)
}

function pathOf({ folder, place }: typeof TRIED, name: string): string {
  return join(folder, `${place}-${name}`)
}
