import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(scrypt) as (pin: string, salt: Buffer, length: number) => Promise<Buffer>

/** As shipped, and again after deregistration. */
export const DEFAULT_PIN = '0000'

const SALT_BYTES = 16
const HASH_BYTES = 32

/** The 4-digit password as it is kept. Salted scrypt with Node's cost (N 16384): slow enough to make guessing show. */
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  return `scrypt:${salt.toString('base64')}:${(await derive(pin, salt, HASH_BYTES)).toString('base64')}`
}

/** Is this the password? An empty hash stands for the one shipped. */
export async function pinMatches(pin: string, hash: string): Promise<boolean> {
  const [, salt, kept] = (hash || (await hashPin(DEFAULT_PIN))).split(':')
  if (salt === undefined || kept === undefined) return false
  const expected = Buffer.from(kept, 'base64')
  return timingSafeEqual(await derive(pin, Buffer.from(salt, 'base64'), expected.length), expected)
}
