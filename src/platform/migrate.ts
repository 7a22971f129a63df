import { statSync } from 'node:fs'
import type Database from 'libsql'
import { MIGRATIONS } from './migrations'

/**
 * Bring the tables of a database to this release, a transaction a step, and say so where that may take a while. Throws
 * when it is of a later release.
 */
export function migrate(db: Database.Database, path: string): void {
  const version = (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
  if (version > MIGRATIONS.length) {
    throw new Error(`the database is of a later release (version ${version}, this one knows ${MIGRATIONS.length})`)
  }
  const isOld = version > 0 && version < MIGRATIONS.length
  if (isOld) {
    const megabytes = Math.ceil(statSync(path).size / 1e6)
    console.error(`nps platform: Bringing the database up to date (${megabytes} MB); this may take minutes.`)
  }
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < version) continue
    db.transaction(() => {
      if (typeof step === 'string') db.exec(step)
      else step(db)
      db.exec(`PRAGMA user_version = ${index + 1}`)
    }).immediate()
  }
  if (isOld) console.error('nps platform: The database is up to date.')
}
