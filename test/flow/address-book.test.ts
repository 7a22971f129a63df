import fc from 'fast-check'
import { AddressBook, OTHERS } from '../../src/flow/address-book'
import { ipv4Text, ipv6Text } from '../../src/wire/address-text'

/** Few different words, so that addresses come again and are alike in part. */
const word = fc.oneof(fc.constantFrom(0, 1, -1), fc.integer())
const address = fc.oneof(
  word.map((v4) => [v4]),
  fc.tuple(word, word, word, word).map((v6) => [...v6]),
)

function textOf(words: readonly number[]): string {
  const bytes = Buffer.alloc(16)
  words.forEach((each, index) => bytes.writeInt32BE(each, 4 * index))
  return words.length === 1 ? ipv4Text(bytes, 0) : ipv6Text(bytes, 0)
}

function numberOf(book: AddressBook, words: readonly number[]): number {
  return words.length === 1 ? book.ipv4(words[0]!) : book.ipv6(Int32Array.from(words), 0)
}

test('an address has one number, another has another, and the number tells the address', () => {
  fc.assert(
    fc.property(fc.array(address, { maxLength: 3000 }), fc.integer(), (addresses, seed) => {
      const book = new AddressBook(10_000, seed)
      const numbers = new Map<string, number>()
      for (const words of addresses) {
        const number = numberOf(book, words)
        const text = textOf(words)
        expect(numbers.get(text) ?? number).toBe(number)
        numbers.set(text, number)
      }
      expect(new Set(numbers.values()).size).toBe(numbers.size)
      expect(book.size).toBe(numbers.size)
      for (const [text, number] of numbers) expect(book.text(number)).toBe(text)
    }),
    { numRuns: 50 },
  )
})

test('when it is full the rest are others, until it is cleared', () => {
  const book = new AddressBook(2, 1)
  expect([1, 2, 3, 1].map((each) => book.ipv4(each))).toEqual([1, 2, OTHERS, 1])
  expect(book.text(OTHERS)).toBe('Others')
  book.clear()
  expect(book.text(book.ipv4(3))).toBe('0.0.0.3')
})
