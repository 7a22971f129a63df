import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../namespaces/lab'
import type { Namespace } from '../namespaces/namespace'
import type { Program } from '../namespaces/program'

/** Proxies as people run them, each on a machine of the lab; all resolve once they take connections. */

export interface Account {
  user: string
  password: string
}

/** Whom squid lets through. */
export type SquidLogin =
  | 'everyone'
  /** basic_ncsa_auth, with a password file. */
  | { basic: Account | readonly Account[] }
  /** Samba's ntlm_auth, which verifies NTLMv2 with all there is to it; the domain is PLANT. */
  | { ntlm: Account }
  /** ntlm_fake_auth of squid itself, which goes through the messages and takes every proof. */
  | 'fake ntlm'

let squids = 0

export async function startSquid(
  lab: Lab,
  machine: Namespace,
  { login, port = 3128, more = [] }: { login: SquidLogin; port?: number; more?: string[] },
): Promise<Program> {
  // squid gives up being root, and must still get at its files.
  const folder = join(lab.folder, `squid${squids++}`)
  chmodSync(lab.folder, 0o755)
  mkdirSync(folder)
  chmodSync(folder, 0o777)
  const file = join(folder, 'squid.conf')
  writeFileSync(
    file,
    [
      `http_port ${port}`,
      // Or it asks the lab's name server again and again what this machine is called.
      'visible_hostname proxy',
      `pid_filename ${join(folder, 'squid.pid')}`,
      `cache_log ${join(folder, 'cache.log')}`,
      `access_log stdio:${join(folder, 'access.log')}`,
      'cache deny all',
      'cache_mem 1 MB',
      'shutdown_lifetime 0 seconds',
      'connect_timeout 3 seconds',
      'hosts_file /etc/hosts',
      'dns_timeout 2 seconds',
      ...more,
      ...loginLines(folder, login),
      '',
    ].join('\n'),
  )
  // Memory of its own: all squids of a machine share theirs under one name.
  const squid = machine.start(['sh', '-c', 'mount -t tmpfs none /dev/shm && exec squid -N -f "$0"', file])
  try {
    await squid.listensOn(port)
  } catch (error) {
    // Why it does not run is told there alone.
    throw new Error(`${(error as Error).message}\n${readFileSync(join(folder, 'cache.log'), 'utf8')}`, { cause: error })
  }
  return squid
}

function loginLines(folder: string, login: SquidLogin): string[] {
  if (login === 'everyone') return ['http_access allow all']
  const asked = ['acl known proxy_auth REQUIRED', 'http_access allow known', 'http_access deny all']
  if (login === 'fake ntlm') return ['auth_param ntlm program /usr/lib/squid/ntlm_fake_auth', ...asked]
  if ('basic' in login) {
    const passwords = join(folder, 'passwords')
    const lines = [login.basic].flat().map(({ user, password }) => `${user}:${crypted(password)}\n`)
    writeFileSync(passwords, lines.join(''))
    return [
      `auth_param basic program /usr/lib/squid/basic_ncsa_auth ${passwords}`,
      'auth_param basic realm test',
      // Or it asks for the user in small letters.
      'auth_param basic casesensitive on',
      ...asked,
    ]
  }
  return [
    `auth_param ntlm program ${sambaHelper(folder, login.ntlm)}`,
    'auth_param ntlm children 2 startup=1',
    ...asked,
  ]
}

/** As htpasswd writes it. */
function crypted(password: string): string {
  return spawnSync('openssl', ['passwd', '-apr1', '-stdin'], { input: `${password}\n`, encoding: 'utf8' }).stdout.trim()
}

/** ntlm_auth(1) checks against one account when it is given one; no domain controller is needed. */
function sambaHelper(folder: string, { user, password }: Account): string {
  const settings = join(folder, 'smb.conf')
  const kept = ['private dir', 'lock directory', 'state directory', 'cache directory', 'pid directory', 'ncalrpc dir']
  writeFileSync(settings, ['[global]', 'workgroup = PLANT', ...kept.map((key) => `${key} = ${folder}`), ''].join('\n'))
  const helper = join(folder, 'ntlm-helper')
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
  const words = [`--username=${user}`, '--domain=PLANT', `--password=${password}`].map(quoted)
  writeFileSync(
    helper,
    `#!/bin/sh\nexec ntlm_auth --configfile=${settings} --helper-protocol=squid-2.5-ntlmssp ${words.join(' ')}\n`,
  )
  chmodSync(helper, 0o755)
  return helper
}

/** ntlm-v1-proxy.ts, which takes NTLMv1 and nothing else. */
export async function startNtlmV1Proxy(
  machine: Namespace,
  port: number,
  { user, password }: Account,
): Promise<Program> {
  const program = join(__dirname, 'ntlm-v1-proxy.js')
  const proxy = machine.start([process.execPath, program, String(port), user, password])
  await proxy.listensOn(port)
  return proxy
}

/** tinyproxy(8), which hangs up on a tunnel in which nothing is said for `idleSeconds`. */
export async function startTinyproxy(
  lab: Lab,
  machine: Namespace,
  { port = 8888, idleSeconds = 600, account }: { port?: number; idleSeconds?: number; account?: Account } = {},
): Promise<Program> {
  const file = join(lab.folder, `tinyproxy-${port}.conf`)
  const login = account === undefined ? '' : `BasicAuth ${account.user} ${account.password}\n`
  writeFileSync(file, `Port ${port}\nTimeout ${idleSeconds}\nMaxClients 20\nConnectPort 443\n${login}`)
  const proxy = machine.start(['tinyproxy', '-d', '-c', file])
  await proxy.listensOn(port)
  return proxy
}

/** mitmproxy: opens every TLS that goes through it, with certificates of its own making (R-115). */
export async function startMitmproxy(lab: Lab, machine: Namespace, port = 8080): Promise<Program> {
  const proxy = machine.start([
    'mitmdump',
    '--listen-port',
    String(port),
    '--set',
    `confdir=${join(lab.folder, 'mitmproxy')}`,
    '--set',
    'flow_detail=4',
    '--ssl-insecure',
  ])
  await proxy.listensOn(port)
  return proxy
}

/** A SOCKS5 server. */
export async function startSocks(machine: Namespace, port = 1080): Promise<Program> {
  const proxy = machine.start(['microsocks', '-p', String(port)])
  await proxy.listensOn(port)
  return proxy
}
