import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'

const MYSQL_PORT = 3306
const MYSQL_PROTOCOL = 10

/** MySQL's greeting: length (3), number (1), protocol (1), version up to a zero, which distributions add their name to. */
export const MYSQL: Voice = {
  source: 'mysql',
  tcp: [MYSQL_PORT],
  hear(heard, notes) {
    if (heard.source.port !== MYSQL_PORT) return
    const cursor = new Cursor(heard.bytes)
    const number = cursor.skip(3).u8()
    if (number !== 0 || cursor.u8() !== MYSQL_PROTOCOL) return
    const [version] = /^\d+\.\d+[^\0]*(?=\0)/.exec(cursor.take(64).toString('latin1')) ?? []
    if (version !== undefined) notes.add(speaker(heard), 'mysql-version', version)
  },
}
