import { ipv4Text, macText } from '../../wire/address-text'
import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'

// What makers' own discovery protocols announce, in TLVs: both were found out by others, and are in Wireshark

const MNDP_PORT = 5678
const MNDP_IDENTITY = 5
/** `7.19.3 (stable) 2025-07-03 11:23:04` */
const MNDP_VERSION = 7
const MNDP_PLATFORM = 8
/** MikroTik's own: kinds by type, and confidence. */
const MNDP_KINDS: readonly [type: number, kind: string, confidence: number][] = [
  [MNDP_PLATFORM, 'maker', 84],
  [12, 'model', 86],
]

/**
 * MikroTik Neighbor Discovery: a header of four bytes, then type (2), length (2). Its free counterpart announces itself from
 * any port, and has the names of its kernel and processor where routers have the maker's and the model.
 */
export const MNDP: Voice = {
  source: 'mndp',
  udp: [MNDP_PORT],
  hear(heard, notes) {
    if (heard.destination.port !== MNDP_PORT || heard.bytes.length < 12) return
    const cursor = new Cursor(heard.bytes, 4)
    const values = new Map<number, Buffer>()
    while (cursor.left >= 4) {
      const type = cursor.u16()
      const value = cursor.take(cursor.u16())
      if (cursor.failed) return
      values.set(type, value)
    }
    const identity = values.get(MNDP_IDENTITY)
    if (identity !== undefined) notes.add(speaker(heard), 'hostname', identity, 86)
    if (values.get(MNDP_PLATFORM)?.toString('latin1') !== 'MikroTik') return
    for (const [type, kind, confidence] of MNDP_KINDS) {
      const value = values.get(type)
      if (value !== undefined) notes.add(speaker(heard), kind, value, confidence)
    }
    const [version = ''] = (values.get(MNDP_VERSION)?.toString('latin1') ?? '').split(' ')
    if (version !== '') notes.add(speaker(heard), 'version', version, 84)
    notes.add(speaker(heard), 'os', 'RouterOS', 84)
    notes.add(speaker(heard), 'role', 'mndp router')
  },
}

const UBIQUITI_PORT = 10001
const UBIQUITI_ADDRESS = 0x02
const UBIQUITI_KINDS: Record<number, [kind: string, confidence: number]> = {
  0x03: ['firmware', 84],
  0x0b: ['hostname', 85],
  0x0c: ['model', 84],
  0x14: ['model', 85],
}

/** Ubiquiti's: version (1), command (1), length (2), then type (1), length (2). A question has no TLVs. */
export const UBIQUITI: Voice = {
  source: 'ubiquiti-discovery',
  udp: [UBIQUITI_PORT],
  hear(heard, notes) {
    const cursor = new Cursor(heard.bytes)
    const version = cursor.u8()
    const length = cursor.skip(1).u16()
    if ((version !== 1 && version !== 2) || length === 0 || length !== cursor.left) return
    while (cursor.left >= 3) {
      const type = cursor.u8()
      const value = cursor.take(cursor.u16())
      if (cursor.failed) return
      const known = UBIQUITI_KINDS[type]
      if (known !== undefined) notes.add(speaker(heard), known[0], value, known[1])
      else if (type === UBIQUITI_ADDRESS && value.length === 10) notes.bond(ipv4Text(value, 6), macText(value, 0))
    }
    notes.add(speaker(heard), 'maker', 'Ubiquiti', 80)
  },
}
