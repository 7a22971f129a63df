import fc from 'fast-check'
import { ja4 } from '../../src/discovery/ja4'
import { hex, uint16 } from '../wire/frames'

const SIGNATURES = 13

/** A hello from the handshake's header on. */
function hello(suites: readonly number[], extensions: readonly (readonly [type: number, data: Buffer])[]): Buffer {
  const list = Buffer.concat(extensions.map(([type, data]) => hex(uint16(type), uint16(data.length), data)))
  const offered = Buffer.concat(suites.map(uint16))
  const body = hex('0303', Buffer.alloc(32), '00', uint16(offered.length), offered, '01 00', uint16(list.length), list)
  return hex('0100', uint16(body.length), body)
}

const signatures = (...values: number[]): readonly [number, Buffer] => [
  SIGNATURES,
  hex(uint16(2 * values.length), ...values.map(uint16)),
]

const plain = (type: number): readonly [number, Buffer] => [type, Buffer.alloc(3)]

const uint = fc.integer({ min: 0, max: 0xffff })

test('the order of suites and extensions, and what is to be ignored, are nothing to it', () => {
  const numbers = fc.uniqueArray(
    uint.filter((value) => (value & 0x0f0f) !== 0x0a0a && ![10, 13, 16, 43].includes(value)),
  )
  fc.assert(
    fc.property(numbers, numbers, fc.infiniteStream(fc.double({ noNaN: true })), (suites, types, random) => {
      const shuffled = (values: number[]): number[] =>
        values
          .map((value) => [random.next().value as number, value] as const)
          .sort(([one], [other]) => one - other)
          .map(([, value]) => value)
      const told = ja4(hello(suites, types.map(plain)))
      expect(told).toBeDefined()
      expect(ja4(hello([0x2a2a, ...shuffled(suites)], shuffled([...types, 0xfafa]).map(plain)))).toBe(told)
    }),
  )
})

test('each suite, each extension and the order of the signature algorithms are', () => {
  const told = [
    ja4(hello([0x1301, 0x1302], [plain(23), signatures(0x0403, 0x0804)])),
    ja4(hello([0x1301, 0x1303], [plain(23), signatures(0x0403, 0x0804)])),
    ja4(hello([0x1301, 0x1302], [plain(24), signatures(0x0403, 0x0804)])),
    ja4(hello([0x1301, 0x1302], [plain(23), signatures(0x0804, 0x0403)])),
    ja4(hello([0x1301, 0x1302], [plain(23)])),
    // What one has more of the other has less of.
    ja4(hello([0x1300, 0x1303], [plain(23), signatures(0x0403, 0x0804)])),
    ja4(hello([23, 0x1301, 0x1302], [signatures(0x0403, 0x0804)])),
  ]
  expect(new Set(told).size).toBe(told.length)
})

test('an empty list of signature algorithms, and one that would add nothing to a sum, are two', () => {
  const [none, one] = [ja4(hello([0x1301], [signatures()])), ja4(hello([0x1301], [signatures(1)]))]
  expect(none).not.toBe(one)
  // Made of these with MurmurHash3's last step alone: one was taken for the other.
  const said = ja4(hello([0x1301], [signatures(1, 46450, 46260)]))
  const real = ja4(hello([0x1301], [signatures(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)]))
  expect(said).not.toBe(real)
})

test('it stays what it was when more are met than are remembered', () => {
  const tell = (suite: number): string | undefined => ja4(hello([suite], []))
  const before = Array.from({ length: 3000 }, (_, suite) => tell(suite))
  expect(Array.from({ length: 3000 }, (_, suite) => tell(suite))).toEqual(before)
})

const PROTOCOLS = 16
const VERSIONS = 43

test('version and protocol are the newest and the first that are offered, and of an extension that comes twice the later counts', () => {
  const first = (...extensions: (readonly [number, Buffer])[]): string | undefined =>
    ja4(hello([0x1301], extensions))?.split('_')[0]
  const versions = (...values: number[]): readonly [number, Buffer] => [
    VERSIONS,
    hex((2 * values.length).toString(16).padStart(2, '0'), ...values.map(uint16)),
  ]
  const protocols = (...names: string[]): readonly [number, Buffer] => {
    const list = Buffer.concat(names.map((name) => Buffer.concat([Buffer.from([name.length]), Buffer.from(name)])))
    return [PROTOCOLS, hex(uint16(list.length), list)]
  }
  expect(first()).toBe('t12i010000')
  expect(first(versions(0xfafa, 0x0303, 0x0304))).toBe('t13i010100')
  expect(first(versions(0x0302), protocols('http/1.1', 'h2'))).toBe('t11i0102h1')
  expect(first(protocols('http/1.1'), protocols('h2'))).toBe('t12i0102h2')
})

test('a hello that is cut anywhere, or has an extension longer than what there is, is none', () => {
  const whole = hello([0x1301, 0x1302], [plain(23), signatures(0x0403)])
  expect(ja4(whole)).toBeDefined()
  const cuts = Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length))
  expect(cuts.filter((cut) => ja4(cut) !== undefined)).toEqual([])
  const long = Buffer.from(whole)
  long.writeUInt16BE(7, whole.length - 6)
  expect(ja4(long)).toBeUndefined()
})
