import { createHash } from 'node:crypto'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'

/** Where one appliance keeps its files. Two appliances on one machine differ in nothing else. */
export interface Places {
  /** network.ini, proxy.ini, sensor.ini, assets.ini, secrets.ini: what people read and may edit. */
  settings: string
  /** The sensor's key and certificate, and what it remembers between starts. */
  state: string
  /** Batches not uploaded yet. */
  spool: string
  /** The control socket. */
  socket: string
}

/** The kernel's limit for a socket path is 108 bytes with its closing zero (unix(7)). */
const LONGEST_SOCKET_PATH = 107

/** Places of the appliance in `folder`, or of the one that is this machine. */
export function places(folder?: string): Places {
  if (folder === undefined) {
    return { settings: '/etc/nps', state: '/var/lib/nps', spool: '/var/lib/nps/spool', socket: '/run/nps/sensor.sock' }
  }
  const root = resolve(folder)
  const socket = join(root, 'sensor.sock')
  return {
    settings: join(root, 'settings'),
    state: join(root, 'state'),
    spool: join(root, 'state', 'spool'),
    socket: Buffer.byteLength(socket) <= LONGEST_SOCKET_PATH ? socket : shortSocketPath(root),
  }
}

/** A clone can lie deeper than a socket path may be long; such a socket goes to a folder of the user's own. */
function shortSocketPath(root: string): string {
  const digest = createHash('sha256').update(root).digest('hex').slice(0, 16)
  return join(tmpdir(), `nps-${userInfo().uid}`, `${digest}.sock`)
}
