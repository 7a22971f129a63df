import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Signatures } from '../fingerprint/signatures'

/** The tables lie beside the sources: they are data, which nobody compiles. */
const FOLDER = join(__dirname, '../../../src/fingerprint/tables')

/** All signature tables, from their files. */
export function loadSignatures(): Signatures {
  return new Signatures(new Set(readdirSync(FOLDER)), (name) => readFileSync(join(FOLDER, name)))
}
