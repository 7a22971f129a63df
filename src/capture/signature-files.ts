import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Signatures } from '../fingerprint/signatures'

/** The tables lie beside the sources: they are data, which nobody compiles. */
const FOLDER = join(__dirname, '../../../src/fingerprint/tables')

/** Read all signature tables. Throws when one of them cannot be read as one: that is a mistake of ours. */
export function loadSignatures(): Signatures {
  const names = readdirSync(FOLDER)
  return new Signatures(new Map(names.map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')])))
}
