import { HelloNames } from '../../src/names/hello-names'
import { clientHello, handshake, record } from '../services/hello'
import { payloadOf } from '../services/payload-of'

const HELLO = record(handshake(clientHello({ name: 'www.example.com', padding: 600 })))
const first = payloadOf('tcp', 5000, 443, HELLO.subarray(0, 400))

test('beginnings of hellos are kept for so many flows and no more', () => {
  const names = new HelloNames()
  for (let row = 0; row < 1000; row++) expect(names.read(first, row, 0)).toEqual({ name: '', goesOn: true })
  expect(names.waitingHellos).toBe(64)
  const rest = payloadOf('tcp', 5000, 443, HELLO.subarray(400))
  expect(names.read(rest, 999, 0)).toEqual({ name: 'www.example.com', goesOn: false })
  expect(names.read(rest, 0, 0)).toBeUndefined()
  expect(names.waitingHellos).toBe(63)
})

test('what was snapped is not waited for', () => {
  const snapped = payloadOf('tcp', 5000, 443, HELLO)
  snapped.end = snapped.at + 400
  expect(new HelloNames().read(snapped, 1, 0)).toEqual({ name: '', goesOn: false })
})
