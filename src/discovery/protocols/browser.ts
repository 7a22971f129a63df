import { Cursor } from '../cursor'

// Announcements of the computer browser (MS-BRWS section 2.2), in a mailslot of SMB:
//
//    0      1         2             6           22     23     24            28         32
//   +------+---------+-------------+-----------+------+------+-------------+----------+---------
//   | code | updates | periodicity | name (16) | major| minor| server type | versions | comment
//   +------+---------+-------------+-----------+------+------+-------------+----------+---------

const MAILSLOT = Buffer.from('\\MAILSLOT\\BROWSE\0', 'latin1')
const HOST_ANNOUNCEMENT = 0x01
const LOCAL_MASTER_ANNOUNCEMENT = 0x0f

/** Bits of the server type that tell something of the machine (MS-BRWS section 2.3). */
const TYPES: readonly [bit: number, word: string][] = [
  [0x00000008, 'domain controller'],
  [0x00000010, 'backup domain controller'],
  [0x00000200, 'print server'],
  [0x00000800, 'unix'],
  [0x00001000, 'nt workstation'],
  [0x00008000, 'nt server'],
]

export interface BrowserAnnouncement {
  name: string
  /** Of Windows: 5.1 is XP. */
  major: number
  minor: number
  /** In words, with commas between. */
  types: string
  comment: string
}

/** What a machine announces of itself in this datagram; undefined for all else, such as what is said of a domain. */
export function parseBrowser(bytes: Buffer): BrowserAnnouncement | undefined {
  const slotAt = bytes.indexOf(MAILSLOT)
  if (slotAt === -1) return undefined
  const cursor = new Cursor(bytes, slotAt + MAILSLOT.length)
  const code = cursor.u8()
  if (code !== HOST_ANNOUNCEMENT && code !== LOCAL_MASTER_ANNOUNCEMENT) return undefined
  const name = cursor
    .skip(5)
    .take(16)
    .toString('latin1')
    .replace(/\0[^]*$/, '')
    .trim()
  const major = cursor.u8() & 0x0f
  const minor = cursor.u8()
  const bits = cursor.le32()
  if (cursor.failed || name === '') return undefined
  const comment = cursor
    .skip(4)
    .take(43)
    .toString('latin1')
    .replace(/\0[^]*$/, '')
  const types = TYPES.filter(([bit]) => (bits & bit) !== 0).map(([, word]) => word)
  return { name, major, minor, types: types.join(','), comment }
}
