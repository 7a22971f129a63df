import { ipv4Text } from '../../wire/address-text'
import { utf16Text } from '../clean-text'
import { Cursor } from '../cursor'
import type { Subject } from '../../asset/observation'
import { speaker, type Notes, type Voice } from '../voice'

// BACnet/IP (ASHRAE 135): BVLC (annex J: 81, function, length), NPDU (clause 6.2), APDU (clause 20.1)

const PORT = 47808
const BVLC = 0x81
const FORWARDED = 0x04
const HAS_DESTINATION = 0x20
const HAS_SOURCE = 0x08
const IS_NETWORK_MESSAGE = 0x80

const UNCONFIRMED = 1
const COMPLEX_ACK = 3
const I_AM = 0
const I_HAVE = 1
const READ_PROPERTY = 12
const READ_PROPERTY_MULTIPLE = 14

const DEVICE_OBJECT = 8
const CHARACTER_STRING = 7

/** Properties (clause 21) of the device object: kind and confidence. */
const PROPERTIES: Record<number, [kind: string, confidence: number]> = {
  12: ['application-software', 85],
  28: ['description', 70],
  44: ['firmware', 85],
  58: ['location', 80],
  70: ['model', 86],
  77: ['hostname', 78],
  121: ['maker', 85],
  372: ['serial', 85],
}

interface Tag {
  number: number
  isContext: boolean
  /** Of a constructed value: 6 opens it, 7 closes it. */
  form: number
  value: Buffer
}

function nextTag(cursor: Cursor): Tag {
  const first = cursor.u8()
  const number = first >> 4 === 15 ? cursor.u8() : first >> 4
  const isContext = (first & 0x08) !== 0
  const form = first & 0x07
  if (isContext && form >= 6) return { number, isContext, form, value: Buffer.alloc(0) }
  let length = form
  if (form === 5) {
    length = cursor.u8()
    if (length === 254) length = cursor.u16()
    else if (length === 255) length = cursor.u32()
  }
  // An application-tagged Boolean has its value where others have their length.
  if (!isContext && number === 1) length = 0
  return { number, isContext, form: 0, value: cursor.take(length) }
}

/** A character string in one of its sets: 0 is UTF-8, 4 is UCS-2. */
function stringOf({ value }: Tag): string {
  if (value[0] === 4) return utf16Text(Buffer.from(value.subarray(1, 1 + ((value.length - 1) & ~1))).swap16())
  return value.toString(value[0] === 0 ? 'utf8' : 'latin1', 1)
}

export interface BacnetStatement {
  /** Of the device; -1 where the message does not say. */
  instance: number
  vendor: number
  /** Properties that are texts, of the device itself. */
  properties: Map<number, string>
  /** Name of some object of the device, as I-Have gives it. */
  objectName: string
}

/** What an APDU says of the device that sent it; undefined where it says nothing. */
export function parseBacnet(apdu: Buffer): BacnetStatement | undefined {
  const cursor = new Cursor(apdu)
  const type = cursor.u8() >> 4
  const said: BacnetStatement = { instance: -1, vendor: -1, properties: new Map(), objectName: '' }
  if (type === UNCONFIRMED) {
    const service = cursor.u8()
    if (service !== I_AM && service !== I_HAVE) return undefined
    const device = objectOf(nextTag(cursor))
    if (device.type !== DEVICE_OBJECT) return undefined
    said.instance = device.instance
    if (service === I_AM) {
      nextTag(cursor)
      nextTag(cursor)
      said.vendor = numberOf(nextTag(cursor).value)
    } else {
      nextTag(cursor)
      said.objectName = stringOf(nextTag(cursor))
    }
    return cursor.failed ? undefined : said
  }
  if (type !== COMPLEX_ACK) return undefined
  const service = cursor.skip(1).u8()
  if (service === READ_PROPERTY || service === READ_PROPERTY_MULTIPLE) readProperties(cursor, said)
  return said.instance === -1 ? undefined : said
}

/** Object (context 0), then property (1 or 2) and its value (3 or 4, constructed), in both services. */
function readProperties(cursor: Cursor, said: BacnetStatement): void {
  let isDevice = false
  let property = -1
  while (cursor.left > 0 && !cursor.failed) {
    const tag = nextTag(cursor)
    if (tag.isContext && tag.form === 0 && tag.number === 0 && tag.value.length === 4) {
      const { type, instance } = objectOf(tag)
      isDevice = type === DEVICE_OBJECT
      if (isDevice) said.instance = instance
    } else if (tag.isContext && tag.form === 0 && (tag.number === 1 || tag.number === 2)) property = numberOf(tag.value)
    else if (!tag.isContext && tag.number === CHARACTER_STRING && isDevice && property !== -1) {
      if (!cursor.failed) said.properties.set(property, stringOf(tag))
    }
  }
}

function objectOf({ value }: Tag): { type: number; instance: number } {
  const number = value.length === 4 ? value.readUInt32BE(0) : 0
  return { type: number >>> 22, instance: number & 0x3fffff }
}

function numberOf(value: Buffer): number {
  return value.length === 0 || value.length > 4 ? -1 : value.readUIntBE(0, value.length)
}

export const BACNET: Voice = {
  source: 'bacnet',
  udp: [PORT],
  isTalkative: true,
  tellsOfOthers: true,
  hear(heard, notes) {
    const cursor = new Cursor(heard.bytes)
    if (cursor.u8() !== BVLC) return
    const bvlcFunction = cursor.u8()
    cursor.skip(2)
    let sender = speaker(heard)
    // A broadcast device sends on what another one said.
    if (bvlcFunction === FORWARDED) sender = { ip: ipv4Text(cursor.take(6), 0) }
    const control = cursor.skip(1).u8()
    if (cursor.failed || (control & IS_NETWORK_MESSAGE) !== 0) return
    if ((control & HAS_DESTINATION) !== 0) cursor.skip(2).skip(cursor.u8())
    // From a device on another network, behind this router: it has no address here.
    if ((control & HAS_SOURCE) !== 0) return
    if ((control & HAS_DESTINATION) !== 0) cursor.skip(1)
    const said = parseBacnet(cursor.take(cursor.left))
    if (said !== undefined) learn(said, sender, notes)
  },
}

function learn({ instance, vendor, properties, objectName }: BacnetStatement, sender: Subject, notes: Notes): void {
  if (instance !== -1) {
    notes.add(sender, 'bacnet-instance', String(instance), 85)
    notes.add(sender, 'role', 'bacnet device')
  }
  if (vendor !== -1) notes.add(sender, 'bacnet-vendor', String(vendor))
  if (objectName !== '') notes.add(sender, 'hostname', objectName, 45)
  for (const [property, value] of properties) {
    const known = PROPERTIES[property]
    if (known !== undefined) notes.add(sender, known[0], value, known[1])
  }
}
