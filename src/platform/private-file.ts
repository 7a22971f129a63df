import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { readIfThere, writeDurably } from '../files/durable-files'

/** What lies in the platform's folder is for its owner alone. */

/** The folder of the platform's files, made when missing; only its owner may look inside. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
}

/** Make an empty file for its owner only, when there is none; who fills it keeps the mode. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
}

/** The secret kept in a file of mode 0600; 32 random bytes, made on first use. Base64url, 43 characters. */
export async function keptSecret(path: string): Promise<string> {
  const kept = (await readIfThere(path))?.toString().trim()
  if (kept !== undefined && kept.length >= 43) return kept
  if (kept !== undefined) throw new Error(`${path} holds no key of 43 characters; remove it to get a new one`)
  const secret = randomBytes(32).toString('base64url')
  await writeDurably({ path, text: `${secret}\n`, mode: 0o600 })
  return secret
}
