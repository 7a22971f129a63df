import { existsSync } from 'node:fs'
import type { Box } from './box'

const FILE = '/etc/resolv.conf'
const OURS = /^# Written by nps/

/** What systemd-resolved keeps, for those who ask the servers themselves, and for those who ask it. */
const RESOLVED = { servers: '/run/systemd/resolve/resolv.conf', itself: '/run/systemd/resolve/stub-resolv.conf' }

/** Does systemd-resolved run, so that resolv.conf(5) is a link to what it keeps? */
export function isOfResolved(): boolean {
  return existsSync(RESOLVED.servers)
}

/** Have resolv.conf(5) name these servers, as long as it is ours to write. */
export async function writeResolvConf(box: Box, servers: readonly string[]): Promise<void> {
  const text = `# Written by nps; see nps-settings(5).\n${servers.map((server) => `nameserver ${server}\n`).join('')}`
  if ((await box.read(FILE)) !== text) await box.write(FILE, text)
}

/** A file of ours, from another backend, may stand where the link to what systemd-resolved keeps has been. */
export async function giveToResolved(box: Box): Promise<void> {
  if (!OURS.test((await box.read(FILE)) ?? '')) return
  await box.link(FILE, existsSync(RESOLVED.itself) ? RESOLVED.itself : RESOLVED.servers)
}
