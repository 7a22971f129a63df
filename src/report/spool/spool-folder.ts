import { mkdir, open, readdir, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Names in a folder; none when it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** Make a folder for its owner alone, with the ones above it, so that it is there after a power cut. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

/**
 * Write a file that is there whole or not at all: beside, synced, renamed. Rejects with the file system's error and
 * leaves nothing behind then. The new name is on disk once the folder is synced too, which is left to the caller.
 */
export async function writeWhole(folder: string, name: string, content: Buffer, unfinished: string): Promise<void> {
  const beside = join(folder, unfinished)
  try {
    // Anew, never through what lies there: the folder may belong to someone with fewer rights.
    await unlinkIfThere(beside)
    const file = await open(beside, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, join(folder, name))
  } catch (error) {
    await unlink(beside).catch(() => undefined)
    throw error
  }
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

export function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code
}
