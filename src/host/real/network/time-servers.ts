import { existsSync } from 'node:fs'
import { TIME_SERVICES, type TimeService } from '../../../network/time-services'
import type { Box } from './box'

/**
 * Have the time service of this machine ask these servers; without any, those it knows by itself. The one that is there
 * is told, and a machine without one keeps its clock as it is.
 */
export async function setTimeServers(box: Box, ntp: string): Promise<void> {
  const servers = ntp.split(' ').filter((server) => server !== '')
  for (const service of TIME_SERVICES) {
    const { folder, settled, head, line } = service
    const isWanted = servers.length > 0 && existsSync(folder)
    const text = head + servers.map((server) => `${line(server)}\n`).join('')
    await tell(box, service, settled, isWanted ? text : undefined)
  }
}

/** What a lease of before has offered is offered no more. */
export async function forgetOfferedServers(box: Box): Promise<void> {
  for (const service of TIME_SERVICES) await tell(box, service, service.offered, undefined)
}

/** Without a text the file goes. */
async function tell(box: Box, { reload }: TimeService, file: string, text: string | undefined): Promise<void> {
  if ((await box.read(file)) === text) return
  if (text === undefined) await box.remove(file)
  else await box.write(file, text)
  // Not there, or not running: it reads the file when it starts.
  const [program, ...words] = reload
  await box.look(program, ...words).catch(() => undefined)
}
