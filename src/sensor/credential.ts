import { createHmac } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newEnrolAttempt, type EnrolAttempt } from '../link/enrol'
import { readIfThere, writeDurably } from '../files/durable-files'

/** What the registration gave us: the sensor's own key and certificate (G-07, both PEM), and who we are now. */
export interface Enrolment {
  key: string
  cert: string
  /** UUID. */
  sensorId: string
  name: string
  startSensing: boolean
  /** Tells the code that was spent on it from other codes. */
  mark: string
}

/**
 * The two files in the sensor's state folder that hold secrets of the registration, each of mode 0600: the credential,
 * and before there is one, the attempt to get it. The attempt outlives a lost answer and a power cut, so that asking
 * again with the same code is the same attempt for the platform and burns no second code.
 */
export class CredentialFiles {
  private readonly credentialFile: string
  private readonly attemptFile: string

  constructor(private readonly folder: string) {
    this.credentialFile = join(folder, 'credential.json')
    this.attemptFile = join(folder, 'enrolment.json')
  }

  /** Undefined while there is none. */
  load(): Promise<Enrolment | undefined> {
    return readJson<Enrolment>(this.credentialFile)
  }

  async save(enrolment: Enrolment): Promise<void> {
    await this.write(this.credentialFile, enrolment)
    await this.forgetAttempt()
  }

  async forget(): Promise<void> {
    await rm(this.credentialFile, { force: true })
    await this.forgetAttempt()
  }

  /** The platform has refused it for good; nothing of it is needed any more. */
  async forgetAttempt(): Promise<void> {
    await rm(this.attemptFile, { force: true })
  }

  /** The attempt under way with this code, or a new one. The code itself is not written down. */
  async attemptFor(code: string): Promise<EnrolAttempt> {
    const kept = await readJson<EnrolAttempt & { mark: string }>(this.attemptFile)
    if (kept !== undefined && kept.mark === markOf(code, kept.keyPem)) return { id: kept.id, keyPem: kept.keyPem }
    const attempt = await newEnrolAttempt()
    await this.write(this.attemptFile, { ...attempt, mark: markOf(code, attempt.keyPem) })
    return attempt
  }

  private async write(path: string, value: unknown): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    await writeDurably({ path, text: JSON.stringify(value, null, 1) + '\n', mode: 0o600 })
  }
}

/** Tells whether a code is the one that goes with a key, without being the code. */
export function markOf(code: string, key: string): string {
  return createHmac('sha256', key).update(code).digest('hex')
}

/** Rejects with the name of the file when it is damaged: it is written whole, so somebody else had it in hand. */
async function readJson<T>(path: string): Promise<T | undefined> {
  const bytes = await readIfThere(path)
  if (bytes === undefined) return undefined
  try {
    return JSON.parse(bytes.toString('utf8')) as T
  } catch {
    // The parser's own message may quote from the file, which holds the key.
    throw new Error(`${path} is damaged. Bring it back from a backup, or remove it and register anew.`)
  }
}
