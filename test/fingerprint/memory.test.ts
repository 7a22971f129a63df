import { Memory } from '../../src/fingerprint/memory'
import { SignatureTable } from '../../src/fingerprint/signature-table'

test('all tables together remember no more than fits, and go on finding the same', () => {
  const room = 10 * 120
  const memory = new Memory(room)
  const kept = [memory.share(), memory.share()]
  for (let n = 0; n < 1000; n++) {
    memory.keep(kept[n % 2]!, `a value of 20 chars${n % 10}`, null)
    expect(kept[0]!.size + kept[1]!.size).toBeLessThanOrEqual(10)
  }
  memory.keep(kept[0]!, 'x'.repeat(room), null)
  expect(kept[0]!.size + kept[1]!.size).toBe(0)

  const tables = ['one', 'two'].map((name) => new SignatureTable(name, `^${name}-(\\d+)$\t90\tversion=$1`, memory))
  for (let n = 0; n < 100; n++) {
    expect(tables[0]!.conclude(`one-${n}`)).toEqual({ confidence: 90, version: String(n) })
    expect(tables[1]!.conclude(`one-${n}`)).toBeUndefined()
    expect(tables[0]!.conclude(`one-${n}`)).toBe(tables[0]!.conclude(`one-${n}`))
  }
})
