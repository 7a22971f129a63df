import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A saved session of PuTTY and plink in this home folder; what is not named stays as PuTTY has it. Returns its name.
 * The keys are those of the file that PuTTY itself saves; LocalEcho and LocalEdit know 0 on, 1 off, 2 automatic.
 */
export function puttySession(home: string, settings: Record<string, string | number>): string {
  const folder = join(home, '.putty', 'sessions')
  mkdirSync(folder, { recursive: true })
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`)
  writeFileSync(join(folder, 'nps'), lines.join(''))
  return 'nps'
}
