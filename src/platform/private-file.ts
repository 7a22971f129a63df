import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Files of the platform's folder: read whole, replaced whole, and gone from no crash half-written. */

/** The folder of the platform's files, made when missing; only its owner may look inside. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
}

/** Make an empty file for its owner only, when there is none; who fills it keeps the mode. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
}

/** The text of a file, or undefined when there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Write beside and rename, with fsync, so that a power cut leaves the old text or the new one. */
export function replaceFile(path: string, text: string, mode: 0o600 | 0o644): void {
  const beside = `${path}.${randomBytes(4).toString('hex')}`
  const file = openSync(beside, 'wx', mode)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(beside, path)
  // Without this the rename itself can be lost, and with it a key that certificates depend on already.
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** The secret kept in a file of mode 0600; 32 random bytes, made on first use. Base64url, 43 characters. */
export function keptSecret(path: string): string {
  const kept = readIfThere(path)?.trim()
  if (kept !== undefined && kept.length >= 43) return kept
  if (kept !== undefined) throw new Error(`${path} holds no key of 43 characters; remove it to get a new one`)
  const secret = randomBytes(32).toString('base64url')
  replaceFile(path, `${secret}\n`, 0o600)
  return secret
}
