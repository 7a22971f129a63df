import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Signatures } from '../fingerprint/signatures'

/** The tables lie beside the sources: they are data, which nobody compiles. */
const FOLDER = join(__dirname, '../../../src/fingerprint/tables')

/** Read all signature tables: at once, since who updates the package must not change half of them. */
export function loadSignatures(): Signatures {
  return new Signatures(new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name))])))
}
