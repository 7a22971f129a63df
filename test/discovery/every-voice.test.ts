import { INDUSTRIAL_SOURCES, INDUSTRIAL_VOICES, OFFICE_VOICES } from '../../src/discovery/voices'
import { HEARD_IN_CAPTURES, HEARD_OUTSIDE } from './heard-in-captures'
import { HEARD_IN_RECORDINGS } from './heard-in-recordings'

/** Nobody has let us hear these; what a device of theirs sent is quoted by others: published-messages.test.ts. */
const PUBLISHED = ['printer', 'ubiquiti-discovery', 'fox', 'goose']

// A decoder that only met messages made for it may read what nobody says, or be given nothing to read: some were.
test('every voice has been heard in a capture, in a recording, or in a message that a device sent', () => {
  const captured = [...Object.values(HEARD_IN_CAPTURES), ...HEARD_OUTSIDE].flatMap(([, ...lines]) => lines)
  const lines = [...captured, ...Object.values(HEARD_IN_RECORDINGS).flat()]
  const heard = new Set([...PUBLISHED, ...lines.map((line) => line.split(' ')[1])])
  const voices = new Set([
    ...[...OFFICE_VOICES, ...INDUSTRIAL_VOICES].map(({ source }) => source),
    ...INDUSTRIAL_SOURCES,
  ])
  expect([...voices].filter((source) => !heard.has(source))).toEqual([])
})
