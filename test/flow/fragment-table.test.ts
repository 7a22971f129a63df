import { FragmentTable } from '../../src/flow/fragment-table'
import { decoded, ipv4, LINK } from '../wire/frames'

function fragment(identification: number) {
  return decoded(ipv4(Buffer.alloc(8), { identification, fragmentOffset: 1 }), LINK.raw)
}

test('a new datagram takes the place of the oldest, so the table never fills up', () => {
  const table = new FragmentTable(4, 1)
  for (let identification = 1; identification <= 5; identification++) {
    table.settle(table.find(fragment(identification), identification), identification, 0, 0)
  }
  for (let identification = 2; identification <= 5; identification++) {
    expect(table.row(table.find(fragment(identification), 6))).toBe(identification)
  }
  expect(table.isWaiting(table.find(fragment(1), 6))).toBe(true)
})
