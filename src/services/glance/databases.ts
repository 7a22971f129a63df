import type { Payload } from '../../wire/payload'
import { letters, nearPorts, when, type Recogniser } from './recogniser'

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** MySQL's and MariaDB's greeting: length (3), number 0, protocol 10, the version as text and a zero. */
function isMysqlGreeting(payload: Payload): boolean {
  if (payload.le24(0) !== payload.size - 4 || payload.u8(3) !== 0 || payload.u8(4) !== 10) return false
  return isDigit(payload.u8(5)) && payload.find(0, 6, 80) !== -1
}

function isMysqlPacket(payload: Payload): boolean {
  return payload.le24(0) === payload.size - 4 && payload.u8(3) <= 3
}

/** How a client of PostgreSQL begins: length, then protocol 3.x, or a code that asks for TLS, GSSAPI, or to cancel. */
function isPostgresqlStart(payload: Payload): boolean {
  if (payload.u32(0) !== payload.size) return false
  const code = payload.u32(4)
  const asks = (code === 80877103 || code === 80877104) && payload.size === 8
  const cancels = code === 80877102 && payload.size === 16
  return asks || cancels || (code >>> 16 === 3 && code % 65_536 <= 2 && payload.u8(8) >= 0x20 && payload.u8(8) < 0x7f)
}

/** Later messages have a letter, then the length without it. */
function isPostgresqlMessage(payload: Payload): boolean {
  const length = payload.u32(1)
  const type = payload.u8(0)
  const isLetter = (type >= 0x41 && type <= 0x5a) || (type >= 0x61 && type <= 0x7a)
  return isLetter && length >= 4 && length < payload.size + 65_536
}

/** TDS (MS-TDS section 2.2.3.1): type, status, length, process id, packet number, 0. */
function isTds(payload: Payload): boolean {
  const type = payload.u8(0)
  const isType = type === 1 || type === 3 || type === 4 || type === 7 || type === 14 || (type >= 16 && type <= 18)
  return isType && payload.u8(1) <= 1 && payload.u16(2) >= 8 && payload.u16(2) <= payload.size && payload.u8(7) === 0
}

/** Before logging on, a client tells its version first: option 0 at the offset behind the options, 6 bytes long. */
function isTdsPrelogin(payload: Payload): boolean {
  const isWhole = payload.u16(2) === payload.size && payload.u8(1) === 1
  return isWhole && payload.u8(7) === 0 && payload.u8(8) === 0 && payload.u16(11) === 6
}

/** The login of TDS 7: the length again with the least byte first, then the version. */
function isTdsLogin(payload: Payload): boolean {
  const length = payload.le32(8)
  return length === payload.u16(2) - 8 && payload.u8(15) >= 0x70 && payload.u8(15) <= 0x74
}

/** The login of TDS 5, which Sybase keeps to: type 2, and so long that it takes two packets of 512 bytes. */
function isTds5Login(payload: Payload): boolean {
  return payload.u32(0) === 0x02000200 && payload.size === 512
}

const MONGODB_OPERATIONS: ReadonlySet<number> = new Set([1, 2001, 2002, 2004, 2005, 2006, 2007, 2010, 2011, 2012, 2013])

/** MongoDB: length, request id, what it answers, operation; all with the least byte first. */
function isMongodb(payload: Payload): boolean {
  return payload.le32(0) === payload.size && payload.size >= 21 && MONGODB_OPERATIONS.has(payload.le32(12))
}

/** A command of Redis: an array `*1`, its first element with a length `$4`, each on a line. */
function isRedisCommand(payload: Payload): boolean {
  const lineEnd = payload.find(0x0d, 1, 6)
  if (lineEnd < 2 || !isDigit(payload.u8(1))) return false
  return payload.says('\r\n$', lineEnd) && isDigit(payload.u8(lineEnd + 3))
}

/** Anything Redis says: a sign for the kind of value, and a line. */
function isRedis(payload: Payload): boolean {
  return '+-:$*PI'.includes(String.fromCharCode(payload.u8(0))) && payload.find(0x0a, 1, payload.size) !== -1
}

/** CQL: version 1 to 5, flags, stream, operation, length. */
function isCassandraQuery(payload: Payload): boolean {
  const version = payload.u8(0) & 0x7f
  const [operationAt, headerLength] = version <= 2 ? [3, 8] : [4, 9]
  if (version < 1 || version > 5 || payload.u8(1) > 0x1f || payload.u8(operationAt) > 0x10) return false
  return payload.u32(operationAt + 1) + headerLength === payload.size
}

/** Oracle's TNS: length, check sum 0, 1 for connecting, and at 8 a version of 300 to 320. */
function isOracleConnect(payload: Payload): boolean {
  if (payload.u16(0) !== payload.size || payload.u16(2) !== 0 || payload.u8(4) !== 1) return false
  return payload.u16(8) >= 300 && payload.u16(8) <= 320
}

/** DRDA, which Db2 speaks: length, 0xd0, format, id, and the length of what it holds. */
function isDrda(payload: Payload): boolean {
  return payload.u8(2) === 0xd0 && payload.u16(6) === payload.u16(0) - 6 && payload.u16(0) <= payload.size
}

export const DATABASES: readonly Recogniser[] = [
  when('mysql', 'tcp', undefined, isMysqlGreeting),
  nearPorts('mysql', 'tcp', isMysqlPacket),
  when('postgresql', 'tcp', [0], isPostgresqlStart),
  nearPorts('postgresql', 'tcp', isPostgresqlMessage),
  when('mssql', 'tcp', [0x12], isTdsPrelogin),
  when('mssql', 'tcp', [0x10], isTdsLogin),
  when('mssql', 'tcp', [2], isTds5Login),
  nearPorts('mssql', 'tcp', isTds),
  nearPorts('mssql-browser', 'udp', (payload) => payload.u8(0) >= 2 && payload.u8(0) <= 5),
  when('mongodb', 'tcp', undefined, isMongodb),
  when('redis', 'tcp', letters('*'), isRedisCommand),
  nearPorts('redis', 'tcp', isRedis),
  nearPorts('cassandra', 'tcp', (payload) => isCassandraQuery(payload) || payload.u32(0) === 0xca552dfa),
  when('oracle', 'tcp', undefined, isOracleConnect),
  when('db2', 'tcp', undefined, isDrda),
  nearPorts('memcached', 'tcp', (payload) => payload.says('get ') || payload.says('set ') || payload.says('stats')),
]
