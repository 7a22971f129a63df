// Builders of capture files for tests.

export type ByteOrder = 'little' | 'big'

export interface Record {
  frame: Buffer
  /** Microseconds since 1970. */
  atMicros: number
  /** More than the frame where it was snapped. */
  wireBytes: number
}

/** Unsigned numbers of 16 and 32 bits, one behind the other. */
export function numbers(order: ByteOrder, ...fields: (readonly [16 | 32, number])[]): Buffer {
  return Buffer.concat(
    fields.map(([bits, value]) => {
      const field = Buffer.alloc(bits / 8)
      if (order === 'little') field.writeUIntLE(value, 0, bits / 8)
      else field.writeUIntBE(value, 0, bits / 8)
      return field
    }),
  )
}

const MAGIC_MICROS = 0xa1b2c3d4
const MAGIC_NANOS = 0xa1b23c4d

interface PcapOptions {
  order?: ByteOrder
  resolution?: 'micro' | 'nano'
  /** The whole 32-bit field. */
  linkType?: number
}

export function pcap(records: Record[], options: PcapOptions = {}): Buffer {
  const { order = 'little', resolution = 'micro', linkType = 1 } = options
  const magic = resolution === 'nano' ? MAGIC_NANOS : MAGIC_MICROS
  const header = numbers(order, [32, magic], [16, 2], [16, 4], [32, 0], [32, 0], [32, 65535], [32, linkType])
  return Buffer.concat([header, ...records.map((record) => pcapRecord(record, order, resolution))])
}

function pcapRecord({ frame, atMicros, wireBytes }: Record, order: ByteOrder, resolution: 'micro' | 'nano'): Buffer {
  const fraction = (atMicros % 1e6) * (resolution === 'nano' ? 1000 : 1)
  const header = numbers(order, [32, Math.floor(atMicros / 1e6)], [32, fraction], [32, frame.length], [32, wireBytes])
  return Buffer.concat([header, frame])
}

/** A pcapng block: its body is padded to a multiple of 4. */
export function block(order: ByteOrder, type: number, body: Buffer): Buffer {
  const padding = Buffer.alloc((4 - (body.length % 4)) % 4)
  const length = 12 + body.length + padding.length
  return Buffer.concat([numbers(order, [32, type], [32, length]), body, padding, numbers(order, [32, length])])
}

export function sectionHeader(order: ByteOrder): Buffer {
  const unknownLength = [
    [32, 0xffffffff],
    [32, 0xffffffff],
  ] as const
  return block(order, 0x0a0d0d0a, numbers(order, [32, 0x1a2b3c4d], [16, 1], [16, 0], ...unknownLength))
}

/** Options as code and value; ended by an end option. */
export function interfaceDescription(
  order: ByteOrder,
  linkType: number,
  snapLength = 0,
  options: [number, Buffer][] = [],
): Buffer {
  const encoded = options.map(([code, value]) =>
    Buffer.concat([numbers(order, [16, code], [16, value.length]), value, Buffer.alloc((4 - (value.length % 4)) % 4)]),
  )
  return block(
    order,
    1,
    Buffer.concat([numbers(order, [16, linkType], [16, 0], [32, snapLength]), ...encoded, Buffer.alloc(4)]),
  )
}

/** The time in units of the interface. */
export function enhancedPacket(
  order: ByteOrder,
  interfaceId: number,
  time: bigint,
  frame: Buffer,
  wireBytes = frame.length,
): Buffer {
  const high = Number(time >> 32n)
  const low = Number(time & 0xffffffffn)
  const fields = [interfaceId, high, low, frame.length, wireBytes].map((value) => [32, value] as const)
  return block(order, 6, Buffer.concat([numbers(order, ...fields), frame]))
}

export function simplePacket(order: ByteOrder, captured: Buffer, wireBytes = captured.length): Buffer {
  return block(order, 3, Buffer.concat([numbers(order, [32, wireBytes]), captured]))
}

/** The packet block of before, with its count of drops. */
export function obsoletePacket(order: ByteOrder, interfaceId: number, time: bigint, frame: Buffer): Buffer {
  const times = [
    [32, Number(time >> 32n)],
    [32, Number(time & 0xffffffffn)],
  ] as const
  const lengths = [
    [32, frame.length],
    [32, frame.length],
  ] as const
  return block(order, 2, Buffer.concat([numbers(order, [16, interfaceId], [16, 0], ...times, ...lengths), frame]))
}
