import { createHash } from 'node:crypto'
import { brotliDecompressSync } from 'node:zlib'

/**
 * A reader of batches that follows man/nps-report.5 line by line and shares nothing with the code it is held against.
 * It writes down what it read, which is where the example on the page comes from.
 */
export interface PageReading {
  batch: Record<string, unknown>
  /** Bytes and what they are. */
  steps: { bytes: Buffer; is: string }[]
}

const CLASSES = ['inventoried', 'non-inventoried', 'excluded', 'monitored', 'external']

export function readByThePage(whole: Buffer): PageReading {
  const steps: PageReading['steps'] = []
  const digest = whole.subarray(-16)
  const content = whole.subarray(0, -16)
  if (!createHash('sha256').update(content).digest().subarray(0, 16).equals(digest)) throw new Error('digest')

  let bytes = content
  let at = 0
  let began = 0
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new Error('too short')
    return bytes.subarray(at, (at += length))
  }
  const note = <Value>(value: Value, is: string): Value => {
    if (at > began) steps.push({ bytes: bytes.subarray(began, at), is })
    began = at
    return value
  }
  const byte = (): number => take(1)[0]!
  const uint = (): number => {
    let [value, factor] = [0, 1]
    for (;;) {
      const group = byte()
      value += (group & 127) * factor
      if (group < 128) return value
      factor *= 128
    }
  }
  const int = (): number => {
    const first = byte()
    const amount = ((first & 127) >> 1) + (first >= 128 ? uint() * 64 : 0)
    return first & 1 ? -amount : amount
  }
  const text = (): string => take(uint()).toString('utf8')
  const time = (): number => take(6).readUIntBE(0, 6)
  const column = <Value>(rows: number, of: (row: number) => Value, is: string): Value[] =>
    note(
      Array.from({ length: rows }, (_, row) => of(row)),
      is,
    )

  const names = (kinds: number[]): string[] => {
    const shared = column(kinds.length, uint, 'name: bytes in common')
    let before = Buffer.alloc(0)
    return column(
      kinds.length,
      (row) => {
        const kind = kinds[row]!
        const rest = kind === 4 ? 4 - shared[row]! : kind === 6 ? 16 - shared[row]! : uint()
        before = Buffer.concat([before.subarray(0, shared[row]), take(rest)])
        return kind === 4 ? [...before].join('.') : kind === 6 ? ipv6(before) : before.toString('utf8')
      },
      'name: the others',
    )
  }
  const times = (rows: number, beginMs: number): { firstMs: number; lastMs: number }[] => {
    const unit = note(byte() === 1 ? 1000 : 1, 'times: unit')
    const earliest = note(beginMs + int(), 'times: the earliest')
    const first = column(rows, () => earliest + uint() * unit, 'times: first packets')
    return column(rows, (row) => ({ firstMs: first[row]!, lastMs: first[row]! + int() * unit }), 'times: last packets')
  }

  note(take(4), 'magic')
  if (note(byte(), 'version') !== 2) throw new Error('version')
  const kind = ['new', 'update'][note(byte(), 'kind')]
  const id = note(take(16), 'id')
    .toString('hex')
    .replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  const fromMs = note(time(), 'begin')
  const untilMs = note(time(), 'end')

  const flows: object[] = []
  const assets: object[] = []
  const machines: object[] = []
  const sections = content.subarray(at)
  let next = 0
  while (next < sections.length) {
    ;[bytes, at, began] = [sections, next, next]
    const tag = byte()
    const packed = take(uint())
    next = at
    if (tag < 1 || tag > 3) continue
    ;[bytes, at] = [packed, 0]
    const length = uint()
    ;[bytes, at, began] = [brotliDecompressSync(packed.subarray(at)), 0, 0]
    if (bytes.length !== length) throw new Error('length')
    const rows = note(uint(), 'rows')
    if (tag === 1) {
      const texts = column(uint(), text, 'texts')
      const count = note(uint(), 'ends')
      const labels = column(count, byte, 'label')
      const groups = column(count, uint, 'group')
      const shown = names(labels.map((label) => label % 8))
      const ends = shown.map((name, end) => ({
        class: CLASSES[Math.floor(labels[end]! / 8)],
        name,
        ...(groups[end] === 0 ? {} : { group: texts[groups[end]! - 1] }),
      }))
      let sum = 0
      const tuple = column(rows, () => (sum += uint()), 'tuple')
      const server = column(
        rows,
        (row) => (sum = (row > 0 && tuple[row] === tuple[row - 1] ? sum : 0) + uint()),
        'server',
      )
      const client = column(
        rows,
        (row) => {
          const goesOn = row > 0 && tuple[row] === tuple[row - 1] && server[row] === server[row - 1]
          return (sum = (goesOn ? sum : 0) + uint())
        },
        'client',
      )
      const c2sPackets = column(rows, uint, 'c2s packets')
      const s2cPackets = column(rows, (row) => c2sPackets[row]! + int(), 's2c packets')
      const c2sLow = column(rows, byte, 'c2s bytes, lowest')
      const c2sBytes = column(rows, (row) => c2sLow[row]! + 256 * uint(), 'c2s bytes, above')
      const s2cLow = column(rows, byte, 's2c bytes, lowest')
      const s2cBytes = column(rows, (row) => s2cLow[row]! + 256 * uint(), 's2c bytes, above')
      const when = times(rows, fromMs)
      const applications = column(rows, uint, 'application')
      for (let row = 0; row < rows; row++) {
        const number = applications[row]! - 1
        flows.push({
          client: ends[client[row]!],
          server: ends[server[row]!],
          port: Math.floor(tuple[row]! / 2),
          proto: tuple[row]! % 2 === 1 ? 'udp' : 'tcp',
          c2sPackets: c2sPackets[row],
          s2cPackets: s2cPackets[row],
          c2sBytes: c2sBytes[row],
          s2cBytes: s2cBytes[row],
          ...when[row],
          ...(number < 0
            ? {}
            : { service: { app: texts[Math.floor(number / 2)], by: number % 2 === 1 ? 'payload' : 'port' } }),
        })
      }
    } else if (tag === 2) {
      const kinds = column(rows, byte, 'kind')
      const addresses = names(kinds)
      const macKinds = column(rows, byte, 'MAC kind')
      const macs = column(
        rows,
        (row) => [() => '', () => take(6).toString('hex').replace(/..\B/g, '$&:'), text][macKinds[row]!]!(),
        'MAC',
      )
      const when = times(rows, fromMs)
      for (let row = 0; row < rows; row++) assets.push({ address: addresses[row], mac: macs[row], ...when[row] })
    } else {
      const texts = column(uint(), text, 'texts')
      const word = (): string => texts[uint()]!
      const list = <Item>(item: () => Item, is: string): Item[] => note(Array.from({ length: uint() }, item), is)
      const statement = (): object => {
        const [kind, value, source] = [word(), word(), word()]
        return { kind, value, source, confidence: byte(), atMs: fromMs + int() }
      }
      const told = Array.from({ length: rows }, () => ({
        id: note(word(), 'id'),
        isGateway: note(byte() === 1, 'gateway'),
        addresses: list(word, 'addresses'),
        macs: list(word, 'MACs'),
        reasons: list(word, 'reasons'),
        attributes: list(() => ({ ...statement(), clue: word() }), 'attributes'),
        said: list(statement, 'statements'),
      }))
      const when = times(rows, fromMs)
      for (let row = 0; row < rows; row++) machines.push({ ...told[row], ...when[row] })
    }
    if (at !== bytes.length) throw new Error('more than its rows')
  }
  ;[bytes, began, at] = [whole, whole.length - 16, whole.length]
  note(digest, 'digest')
  return { batch: { id, kind, fromMs, untilMs, flows, assets, machines }, steps }
}

/** RFC 5952, by the URL parser, but for what that writes its own way. */
function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(2 * at).toString(16))
  if (bytes.subarray(0, 12).toString('hex') === `${'0'.repeat(20)}ffff`) {
    return `::ffff:${[...bytes.subarray(12)].join('.')}`
  }
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
