import { macText } from '../../wire/address-text'
import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'

// KNXnet/IP (ISO 22510): 06 10, service (2), length (2). Answers to a search or to a question for a description hold blocks
// of length (1) and type (1), of which type 1 describes the device

const PORT = 3671
const START = 0x0610
const SEARCH_RESPONSE = 0x0202
const DESCRIPTION_RESPONSE = 0x0204
const DEVICE_INFORMATION = 0x01
const DEVICE_INFORMATION_LENGTH = 54
/** Where it talks, in front of the blocks of a search response. */
const ENDPOINT_LENGTH = 8

export interface KnxDevice {
  serial: string
  mac: string
  name: Buffer
}

export function parseKnxDevice(bytes: Buffer): KnxDevice | undefined {
  const cursor = new Cursor(bytes)
  if (cursor.u16() !== START) return undefined
  const service = cursor.u16()
  if (service !== SEARCH_RESPONSE && service !== DESCRIPTION_RESPONSE) return undefined
  cursor.skip(service === SEARCH_RESPONSE ? 2 + ENDPOINT_LENGTH : 2)
  if (cursor.u8() !== DEVICE_INFORMATION_LENGTH || cursor.u8() !== DEVICE_INFORMATION) return undefined
  const serial = cursor.skip(6).take(6).toString('hex')
  const mac = cursor.skip(4).take(6)
  const name = cursor.take(30)
  return cursor.failed ? undefined : { serial, mac: macText(mac, 0), name }
}

export const KNX: Voice = {
  source: 'knx',
  udp: [PORT],
  hear(heard, notes) {
    const found = parseKnxDevice(heard.bytes)
    if (found === undefined) return
    notes.bond(heard.source.ip, found.mac)
    notes.add(speaker(heard), 'model', found.name, 80)
    // Programs that are no device have none.
    if (!/^0+$/.test(found.serial)) notes.add(speaker(heard), 'serial', found.serial, 85)
    notes.add(speaker(heard), 'role', 'knx device')
  },
}
