/**
 * A hash of a few words that nobody outside can steer: it is keyed by multipliers made from a secret seed. With known
 * multipliers, such as those of MurmurHash, keys that all meet in one place can be computed whatever the seed is.
 */
export class KeyedHash {
  private readonly first: number
  private readonly second: number
  private readonly third: number
  private readonly fourth: number

  /** `seed`: 32 bits. */
  constructor(seed: number) {
    const next = splitMix(seed)
    this.first = next() | 1
    this.second = next() | 1
    this.third = next() | 1
    this.fourth = next()
  }

  ofFour(a: number, b: number, c: number, d: number): number {
    const { first, second, third } = this
    let hash = Math.imul(a ^ this.fourth, first)
    hash = Math.imul((hash ^ (hash >>> 15)) + b, second)
    hash = Math.imul((hash ^ (hash >>> 13)) + c, third)
    hash = Math.imul((hash ^ (hash >>> 16)) + d, first)
    return hash ^ (hash >>> 15)
  }

  /** Of eight words from `at` on, and two more. */
  ofTen(words: Int32Array, at: number, c: number, d: number): number {
    const { first, second } = this
    let a = this.fourth
    let b = this.third
    for (let word = at; word < at + 8; word += 2) {
      a = Math.imul((a ^ (a >>> 15)) + words[word]!, first)
      b = Math.imul((b ^ (b >>> 13)) + words[word + 1]!, second)
    }
    return this.ofFour(a, b, c, d)
  }
}

/** 32 bits that nobody outside knows. */
export function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 32) | 0
}

/** SplitMix32: independent words from one seed. */
function splitMix(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97)
    return word ^ (word >>> 15)
  }
}
