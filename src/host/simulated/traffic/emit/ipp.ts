import { join, u16, u32, u8 } from './octets'

/* IPP over HTTP on port 631 (RFC 8010 section 3): groups of attributes of tag, name, value. */
export const PRINT_JOB = 0x0002
export const GET_PRINTER_ATTRIBUTES = 0x000b

const OPERATION_ATTRIBUTES = 1
const END_OF_ATTRIBUTES = 3
const PRINTER_ATTRIBUTES = 4

const ENUM = 0x23
const TEXT = 0x41
const NAME = 0x42
const URI = 0x45
const CHARSET = 0x47
const LANGUAGE = 0x48

const IDLE = 3

export const emitIppRequest = (operation: number, id: number, uri: string, document = Buffer.alloc(0)): Buffer =>
  join(
    u16(0x0200),
    u16(operation),
    u32(id),
    u8(OPERATION_ATTRIBUTES),
    ...preamble(),
    attribute(URI, 'printer-uri', Buffer.from(uri)),
    u8(END_OF_ATTRIBUTES),
    document,
  )

/** The answer to either; with `printer` it says what the printer is. */
export function emitIppResponse(
  id: number,
  printer?: { name: string; makeAndModel: string; location: string },
): Buffer {
  const about = printer
    ? [
        u8(PRINTER_ATTRIBUTES),
        attribute(NAME, 'printer-name', Buffer.from(printer.name)),
        attribute(TEXT, 'printer-make-and-model', Buffer.from(printer.makeAndModel)),
        attribute(TEXT, 'printer-location', Buffer.from(printer.location)),
        attribute(ENUM, 'printer-state', u32(IDLE)),
      ]
    : []
  return join(u16(0x0200), u16(0), u32(id), u8(OPERATION_ATTRIBUTES), ...preamble(), ...about, u8(END_OF_ATTRIBUTES))
}

const preamble = (): Buffer[] => [
  attribute(CHARSET, 'attributes-charset', Buffer.from('utf-8')),
  attribute(LANGUAGE, 'attributes-natural-language', Buffer.from('en')),
]

const attribute = (tag: number, name: string, value: Buffer): Buffer =>
  join(u8(tag), u16(name.length), name, u16(value.length), value)
