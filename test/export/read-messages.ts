/**
 * IPFIX messages read anew from RFC 7011, sharing nothing with what writes them: templates are learned from the
 * messages alone.
 */

/** A record: the values of its fields, by element number; those of a private enterprise as `number/enterprise`. */
export interface DataRecord {
  template: number
  fields: Map<string, Buffer>
}

export interface ReadMessage {
  bytes: number
  exportSeconds: number
  sequence: number
  observationDomain: number
  /** Ids of the templates it brings. */
  templates: number[]
  records: DataRecord[]
}

interface Field {
  name: string
  length: number
}

/** Throws where a message is not as the RFC wants it. One reader for one transport session. */
export class MessageReader {
  private readonly templates = new Map<number, Field[]>()

  /** One message; with bytes behind it, it is refused. */
  message(bytes: Buffer): ReadMessage {
    if (bytes.readUInt16BE(0) !== 10) throw new Error('not version 10')
    if (bytes.readUInt16BE(2) !== bytes.length) throw new Error(`length ${bytes.readUInt16BE(2)} of ${bytes.length}`)
    const read: ReadMessage = {
      bytes: bytes.length,
      exportSeconds: bytes.readUInt32BE(4),
      sequence: bytes.readUInt32BE(8),
      observationDomain: bytes.readUInt32BE(12),
      templates: [],
      records: [],
    }
    for (let at = 16; at < bytes.length;) {
      const id = bytes.readUInt16BE(at)
      const length = bytes.readUInt16BE(at + 2)
      if (length < 4 || at + length > bytes.length) throw new Error(`set ${id} of length ${length}`)
      this.set(id, bytes.subarray(at + 4, at + length), read)
      at += length
    }
    return read
  }

  /** All messages of a stream. */
  stream(bytes: Buffer): ReadMessage[] {
    const messages: ReadMessage[] = []
    for (let at = 0; at < bytes.length;) {
      const length = bytes.readUInt16BE(at + 2)
      messages.push(this.message(bytes.subarray(at, at + length)))
      at += length
    }
    return messages
  }

  private set(id: number, body: Buffer, into: ReadMessage): void {
    let at = 0
    if (id === 2 || id === 3) {
      while (at < body.length) {
        const template = body.readUInt16BE(at)
        const count = body.readUInt16BE(at + 2)
        at += id === 2 ? 4 : 6
        const fields: Field[] = []
        for (let field = 0; field < count; field++) {
          const element = body.readUInt16BE(at)
          const length = body.readUInt16BE(at + 2)
          at += 4
          if ((element & 0x8000) === 0) fields.push({ name: String(element), length })
          else {
            fields.push({ name: `${element & 0x7fff}/${body.readUInt32BE(at)}`, length })
            at += 4
          }
        }
        this.templates.set(template, fields)
        into.templates.push(template)
      }
      return
    }
    const fields = this.templates.get(id)
    if (id < 256 || fields === undefined) throw new Error(`a set of template ${id}, which nobody sent`)
    while (at < body.length) {
      const values = new Map<string, Buffer>()
      for (const { name, length } of fields) {
        const isVariable = length === 0xffff
        const actual = isVariable ? body.readUInt8(at) : length
        if (isVariable && actual === 255) throw new Error('a long text, which we never send')
        if (isVariable) at += 1
        if (at + actual > body.length) throw new Error(`a record of template ${id} is cut off`)
        values.set(name, body.subarray(at, at + actual))
        at += actual
      }
      into.records.push({ template: id, fields: values })
    }
  }
}
