import { existsSync } from 'node:fs'
import { TIME_SERVICES, type TimeService } from '../../../network/time-services'
import type { Box } from './box'

/**
 * Have the time service of this machine ask these servers; without any, those it knows by itself. The one that is there
 * is told, and a machine without one keeps its clock as it is.
 */
export async function setTimeServers(box: Box, ntp: string): Promise<void> {
  const servers = ntp.split(' ').filter((server) => server !== '')
  for (const service of TIME_SERVICES) await tell(box, service, service.settled, servers)
}

/** Have what DHCP offers asked as well, where systemd-networkd knows of it and does not tell the time service itself. */
export async function offerTimeServers(box: Box, servers: readonly string[]): Promise<void> {
  for (const service of TIME_SERVICES.filter(({ hearsNetworkd }) => !hearsNetworkd)) {
    await tell(box, service, service.offered, servers)
  }
}

/** What a lease of before has offered is offered no more. */
export async function forgetOfferedServers(box: Box): Promise<void> {
  for (const service of TIME_SERVICES) await tell(box, service, service.offered, [])
}

/** Without a server the file goes. */
async function tell(box: Box, service: TimeService, file: string, servers: readonly string[]): Promise<void> {
  const { folder, head, line, reload } = service
  const isWanted = servers.length > 0 && existsSync(folder)
  const text = isWanted ? head + servers.map((server) => `${line(server)}\n`).join('') : undefined
  if ((await box.read(file)) === text) return
  if (text === undefined) await box.remove(file)
  else await box.write(file, text)
  // Not there, or not running: it reads the file when it starts.
  const [program, ...words] = reload
  await box.look(program, ...words).catch(() => undefined)
}
