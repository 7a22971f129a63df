import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, readFileSync } from 'node:fs'

/** How the worker's program is started, and as what it is told of its spool. */
export interface Launch {
  options: { execPath?: string; execArgv: string[]; cwd?: string }
  spoolFolder: string
  /** What it may do, for the log. */
  rights: string
}

/** Who the worker becomes: the first of these users that the machine has. */
const USERS = ['nps', 'nobody']

/** Of <linux/capability.h>: to open any file, and to open packet sockets. */
const CAP_DAC_OVERRIDE = 1n
const CAP_NET_RAW = 13n

/** Where a process always finds the folder it was started in, whatever lies above that folder. */
const OWN_FOLDER = '/proc/self/cwd'

/**
 * Prepare the start of the worker, which takes hostile packets apart, with no more rights than that needs. When root
 * starts it, util-linux's setpriv(1) takes them away before the first line of it runs, from all of its threads and for
 * good: what is left is the capability to open packet sockets, which a port that comes back needs again, and a user
 * that owns nothing but the spool. A user who cannot read the program or `readable` is of no use; it then stays
 * root's, without root's capabilities. Whoever is not root gives what they have. `nodeWords` is what Node is told of
 * its own.
 */
export function prepareLaunch(
  program: string,
  spoolFolder: string,
  nodeWords: readonly string[],
  readable: readonly string[] = [],
): Launch {
  const asIs = { options: { execArgv: [...nodeWords] }, spoolFolder }
  const node = [process.execPath, ...nodeWords]
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return { ...asIs, rights: 'those of the sensor' }
  const limits = setprivLimits()
  const files = [process.execPath, program, ...readable]
  const user = knownUser()
  // The sensor goes on reading the spool, which is then not its own.
  if (user !== undefined && mayDo(CAP_DAC_OVERRIDE) && giveSpool(spoolFolder, user)) {
    const words = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', ...limits]
    if (works(words, ['test -w .', ...files.map(isReadable)], spoolFolder)) {
      const options = { execPath: 'setpriv', execArgv: [...words, '--', ...node], cwd: spoolFolder }
      // The folders above may well be closed to that user.
      return { options, spoolFolder: OWN_FOLDER, rights: `those of the user ${user.name}, and packet sockets` }
    }
    giveSpool(spoolFolder, { uid: 0, gid: 0 })
  }
  if (works(limits, files.map(isReadable))) {
    const options = { execPath: 'setpriv', execArgv: [...limits, '--', ...node] }
    return { options, spoolFolder, rights: "root's files, and packet sockets" }
  }
  return { ...asIs, rights: "all of root's, as its files are closed to others, or setpriv (util-linux) is not there" }
}

/** No capability but that for packet sockets, where we have it ourselves, and none to be had by running other programs. */
function setprivLimits(): string[] {
  const kept = mayDo(CAP_NET_RAW) ? '-all,+net_raw' : '-all'
  return [`--inh-caps=${kept}`, `--ambient-caps=${kept}`, `--bounding-set=${kept}`, '--no-new-privs']
}

function mayDo(capability: bigint): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return ((BigInt(`0x${effective}`) >> capability) & 1n) === 1n
}

/** Try it: many things can be in the way, from a container that has no users to a clone below /root. */
function works(words: string[], conditions: string[], folder?: string): boolean {
  const { status } = spawnSync('setpriv', [...words, '--', 'sh', '-c', conditions.join(' && ')], {
    ...(folder !== undefined && { cwd: folder }),
    stdio: 'ignore',
  })
  return status === 0
}

/** A condition of sh(1). */
function isReadable(file: string): string {
  return `test -r '${file.replaceAll("'", `'\\''`)}'`
}

interface User {
  uid: number
  gid: number
}

function knownUser(): (User & { name: string }) | undefined {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of USERS) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    // An account with root's number would be no other user.
    if (Number(uid) > 0) return { name, uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}

/** Nobody else gets anything: the folder stays at mode 0700. Says whether it could be done. */
function giveSpool(folder: string, { uid, gid }: User): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chownSync(folder, uid, gid)
    return true
  } catch {
    // A disk that is full or broken; the worker says so when it reports.
    return false
  }
}
