import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Box } from './box'

/** The services that keep a clock right, where they read more servers from, and how they are told to. */
const SERVICES = [
  {
    file: '/etc/chrony/sources.d/nps.sources',
    text: (servers: string[]) => servers.map((server) => `server ${server} iburst\n`).join(''),
    reload: ['chronyc', 'reload', 'sources'],
  },
  {
    file: '/etc/systemd/timesyncd.conf.d/nps.conf',
    text: (servers: string[]) => `[Time]\nNTP=${servers.join(' ')}\n`,
    reload: ['systemctl', 'try-restart', 'systemd-timesyncd'],
  },
] as const

/**
 * Have the time service of this machine ask these servers; without any, those it knows by itself. The one that is there
 * is told, and a machine without one keeps its clock as it is.
 */
export async function setTimeServers(box: Box, ntp: string): Promise<void> {
  const servers = ntp.split(' ').filter((server) => server !== '')
  for (const { file, text, reload } of SERVICES) {
    const isThere = existsSync(dirname(file)) || existsSync(dirname(dirname(file)))
    const now = await box.read(file)
    const wanted = servers.length === 0 || !isThere ? undefined : text(servers)
    if (now === wanted) continue
    if (wanted === undefined) await box.remove(file)
    else await box.write(file, wanted)
    // Not there, or not running: it reads the file when it starts.
    const [program, ...words] = reload
    await box.look(program, ...words).catch(() => undefined)
  }
}
