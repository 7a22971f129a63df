import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'

// Modbus/TCP (Modbus Messaging on TCP/IP 1.0b): transaction (2), protocol 0 (2), length (2), unit (1), function (1)
// Read Device Identification (Modbus Application Protocol 1.1b3 section 6.21): function 2B, MEI type 0E

const PORT = 502
const ENCAPSULATED = 0x2b
const DEVICE_IDENTIFICATION = 0x0e

const KINDS: Record<number, string> = {
  0: 'maker',
  1: 'product-code',
  2: 'firmware',
  3: 'url',
  4: 'product-name',
  5: 'model',
}

/** The objects of an answer to Read Device Identification, by number; empty for all else. */
export function parseModbusIdentity(bytes: Buffer): Map<number, Buffer> {
  const objects = new Map<number, Buffer>()
  const cursor = new Cursor(bytes)
  while (cursor.left >= 8) {
    const isModbus = cursor.skip(2).u16() === 0
    const message = new Cursor(cursor.take(cursor.u16()), 1)
    if (!isModbus) break
    if (message.u8() !== ENCAPSULATED || message.u8() !== DEVICE_IDENTIFICATION) continue
    // A request has two bytes more, an answer at least five.
    if (message.left < 5) continue
    for (let left = message.skip(4).u8(); left > 0 && !message.failed; left--) {
      const id = message.u8()
      const value = message.take(message.u8())
      if (!message.failed) objects.set(id, value)
    }
  }
  return objects
}

export const MODBUS: Voice = {
  source: 'modbus',
  tcp: [PORT],
  isTalkative: true,
  mayTell: (bytes, at) => bytes[at + 7] === ENCAPSULATED,
  hear(heard, notes) {
    if (heard.source.port !== PORT) return
    const objects = parseModbusIdentity(heard.bytes)
    for (const [id, value] of objects) {
      const kind = KINDS[id]
      if (kind !== undefined) notes.add(speaker(heard), kind, value, 85)
    }
    const model = objects.get(5) ?? objects.get(4) ?? objects.get(1)
    if (model !== undefined) notes.add(speaker(heard), 'model', model, 84)
  },
}
