import { closeSync, openSync, writeSync } from 'node:fs'

const FILE_HEADER = 24
const RECORD_HEADER = 16
const FRAME = 60
const RECORD = RECORD_HEADER + FRAME

/** Records written at once. */
const BATCH = 8192

/** Ports of one source address; the next flow is from the next address. */
const PORTS = 16_384
const FIRST_PORT = 1024

/** Where the address and the port of the source stand in an Ethernet frame with IPv4 and TCP. */
const SOURCE_AT = RECORD_HEADER + 26
const SOURCE_PORT_AT = RECORD_HEADER + 34

/**
 * Write a capture file of so many small TCP packets, each of one of so many connections to one server, in no order. The
 * same arguments write the same bytes.
 */
export function writeManyFlows(path: string, packets: number, flows: number): void {
  const file = openSync(path, 'w')
  try {
    writeSync(file, Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'), 0, FILE_HEADER)
    const batch = Buffer.alloc(RECORD * BATCH)
    for (let at = 0; at < batch.length; at += RECORD) record().copy(batch, at)
    let state = 1
    for (let packet = 0; packet < packets; packet += BATCH) {
      const count = Math.min(BATCH, packets - packet)
      for (let index = 0; index < count; index++) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
        const flow = Math.floor(((state >>> 0) / 2 ** 32) * flows)
        const at = RECORD * index
        batch.writeUInt32LE(1_700_000_000 + Math.floor((packet + index) / 1e6), at)
        batch.writeUInt32LE((packet + index) % 1e6, at + 4)
        batch.writeUInt32BE(0x0a000001 + Math.floor(flow / PORTS), at + SOURCE_AT)
        batch.writeUInt16BE(FIRST_PORT + (flow % PORTS), at + SOURCE_PORT_AT)
      }
      writeSync(file, batch, 0, RECORD * count)
    }
  } finally {
    closeSync(file)
  }
}

function record(): Buffer {
  const record = Buffer.alloc(RECORD)
  record.writeUInt32LE(FRAME, 8)
  record.writeUInt32LE(FRAME, 12)
  Buffer.from(
    '020000000001020000000002' + '0800' + '4500002c000000004006' + '0000' + '00000000' + 'c0a80101' + '000001bb',
    'hex',
  ).copy(record, RECORD_HEADER)
  // Data offset 5, ACK.
  record[RECORD_HEADER + 46] = 0x50
  record[RECORD_HEADER + 47] = 0x10
  return record
}
