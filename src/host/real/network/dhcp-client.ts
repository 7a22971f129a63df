import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SensorError } from '../../../errors/sensor-error'
import { EVENT_LOCK, IPROUTE2_FOLDER } from '../../../network/generate-iproute2'
import type { Box } from './box'
import { deviceState } from './in-force'

/** The DHCP clients a box may have, the one we would rather use first; udhcpc(8) is for IPv4 alone. */
const CLIENTS = ['dhclient', 'udhcpc'] as const

/** Duplicate address detection takes a second or two (RFC 4862 section 5.4); without a cable it never ends. */
const LINK_LOCAL_MS = 5_000

const SCRIPT = join(IPROUTE2_FOLDER, 'dhcp-event')

/** What the client tells the server we are called, when a name was set. */
export interface ClientOptions {
  device: string
  family: 4 | 6
  hostname: string
}

/** Start the DHCP client; it goes on by itself, renews its lease, and outlives us. Throws SensorError 10 without one. */
export async function startClient(box: Box, { device, family, hostname }: ClientOptions): Promise<void> {
  const client = await findClient(box, family)
  const pid = join(IPROUTE2_FOLDER, `${client}${family}.pid`)
  if (client === 'udhcpc') {
    const name = hostname === '' ? [] : ['-x', `hostname:${hostname}`]
    // Three questions a second, then one each minute until there is a server.
    await box.must(
      'udhcpc',
      '-b',
      '-S',
      '-i',
      device,
      '-s',
      SCRIPT,
      '-p',
      pid,
      '-t',
      '3',
      '-T',
      '1',
      '-A',
      '10',
      '-O',
      'ntpsrv',
      ...name,
    )
    return
  }
  if (family === 6) await awaitLinkLocal(box, device)
  const conf = join(IPROUTE2_FOLDER, `dhclient${family}.conf`)
  const leases = join(IPROUTE2_FOLDER, `dhclient${family}.leases`)
  await box.write(conf, dhclientConf(hostname))
  // It would begin with asking for what it had before, perhaps on another network.
  await box.remove(leases)
  await box.must('dhclient', `-${family}`, '-nw', '-cf', conf, '-lf', leases, '-pf', pid, '-sf', SCRIPT, device)
}

/** Longer than a program takes that the script has started. */
const LAST_WORD_SECONDS = '2'

/**
 * End every client that we have started, for whatever port, by whatever run of the sensor, and what they were saying:
 * their script would go on without them, and write of a lease that nobody has any more.
 */
export async function stopClients(box: Box): Promise<void> {
  for (const pid of await clients()) await box.kill(pid)
  const talking = await scripts()
  if (talking.length === 0) return
  for (const pid of talking) await box.kill(pid)
  // What a script has started goes on, and holds its lock until it is over.
  await box.look('flock', '-w', LAST_WORD_SECONDS, EVENT_LOCK, 'true').catch(() => undefined)
}

/** Process ids of the DHCP clients that run with our script. */
export function clients(): Promise<number[]> {
  return processes(
    ([program = '', ...words]) => words.includes(SCRIPT) && CLIENTS.some((name) => program.split('/').at(-1) === name),
  )
}

/** Process ids of our script where it runs: that of a shell, whose first word it is. */
function scripts(): Promise<number[]> {
  return processes(([, script]) => script === SCRIPT)
}

async function processes(isMeant: (words: string[]) => boolean): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => isMeant((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0'))),
  )
  return pids.filter((_pid, at) => found[at]).map(Number)
}

/** dhclient(8) gives up at once where there is no link-local address to ask from yet, as right after a port came up. */
async function awaitLinkLocal(box: Box, device: string): Promise<void> {
  const giveUpAt = Date.now() + LINK_LOCAL_MS
  const isReady = async (): Promise<boolean> => {
    const { addresses } = await deviceState(box, device)
    return addresses.some(({ family, scope, tentative }) => family === 'inet6' && scope === 'link' && !tentative)
  }
  while (!(await isReady()) && Date.now() < giveUpAt) await pause(50)
}

/** Which of them there is for this family. Throws SensorError 10 without one. */
export async function findClient(box: Box, family: 4 | 6): Promise<(typeof CLIENTS)[number]> {
  for (const client of CLIENTS) {
    if (client === 'udhcpc' && family === 6) continue
    const ran = await box.look(client, '--help').catch(() => undefined)
    if (ran !== undefined) return client
  }
  const names = family === 6 ? 'dhclient' : CLIENTS.join(' nor ')
  const reason = `there is no DHCP client for IPv${family} on this machine: not ${names}`
  throw new SensorError(10, { reason, kind: family === 6 ? 'no-client6' : 'no-client' })
}

function dhclientConf(hostname: string): string {
  const options =
    'subnet-mask, broadcast-address, routers, domain-name-servers, dhcp6.name-servers, ntp-servers, ' +
    'dhcp6.sntp-servers, dhcp6.ntp-servers'
  return [
    '# Written by nps from network.ini; see nps-settings(5).',
    // RFC 5908 section 4, which dhclient(8) does not know: sub-options, each with its kind, its length and an address.
    'option dhcp6.ntp-servers code 56 = array of { unsigned integer 16, unsigned integer 16, ip6-address };',
    `request ${options};`,
    'timeout 30;',
    'retry 10;',
    ...(hostname === '' ? [] : [`send host-name "${hostname}";`]),
    '',
  ].join('\n')
}
