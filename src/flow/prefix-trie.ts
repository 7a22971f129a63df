/**
 * Longest-prefix match over addresses of one family, as a binary trie: one step a bit, so a look-up costs at most
 * as many steps as the longest prefix that was put in, however many ranges there are.
 */
export class PrefixTrie<Value> {
  /** Two entries a node: where a 0 bit and a 1 bit lead. 0 is nowhere, since nothing leads back to the root. */
  private readonly next: number[] = [0, 0]
  private readonly values: (Value | undefined)[] = [undefined]

  /** Put a value at the first `length` bits of `bytes`. Bits after them are ignored. The later of two equals wins. */
  set(bytes: readonly number[], length: number, value: Value): void {
    let node = 0
    for (let bit = 0; bit < length; bit += 1) {
      const branch = node * 2 + bitOf(bytes, bit)
      let following = this.next[branch]!
      if (following === 0) {
        following = this.values.length
        this.next[branch] = following
        this.next.push(0, 0)
        this.values.push(undefined)
      }
      node = following
    }
    this.values[node] = value
  }

  /** The value of the longest prefix that `bytes` begins with. */
  get(bytes: readonly number[]): Value | undefined {
    let found = this.values[0]
    let node = 0
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      node = this.next[node * 2 + bitOf(bytes, bit)]!
      if (node === 0) break
      found = this.values[node] ?? found
    }
    return found
  }
}

function bitOf(bytes: readonly number[], bit: number): number {
  return (bytes[bit >> 3]! >> (7 - (bit & 7))) & 1
}
