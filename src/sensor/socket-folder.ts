import { lstat, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Rejects when the folder of a control socket may be a trap. In a folder where everybody may create things, such as
 * /tmp, somebody else can have made it before us; whoever owns it can put a socket of their own in place of ours, and
 * would be told the proxy's password. Rejects with Node's own error when there is no such folder.
 */
export async function requireOwnFolder(folder: string): Promise<void> {
  const [above, own] = await Promise.all([stat(dirname(folder)), lstat(folder)])
  const isAnybodys = (above.mode & 0o002) !== 0
  if (isAnybodys && own.uid !== process.getuid?.()) {
    const message = `${folder} belongs to another user, so the control socket would not be safe there.`
    throw Object.assign(new Error(message), { code: 'EPERM' })
  }
}
