import { Recording } from '../../src/capture/recording'

const frame = Buffer.from('..frame..')

function times(...atMicros: number[]): number[] {
  const recording = new Recording(2_000_000)
  for (const at of atMicros) recording.append(frame, 2, 7, 60, at, 1)
  return Array.from(recording.play(), (packet) => packet.atMicros)
}

test('packets come back as they were, in order', () => {
  const recording = new Recording(1000)
  recording.append(frame, 2, 7, 1500, 5_000_000, 1)
  recording.append(frame, 0, 2, 60, 5_000_100, 101)
  const played = Array.from(recording.play(), ({ bytes, start, end, wireBytes, linkType, atMicros }) => {
    return [bytes.toString('latin1', start, end), wireBytes, linkType, atMicros]
  })
  expect(played).toEqual([
    ['frame', 1500, 1, 0],
    ['..', 60, 101, 100],
  ])
  expect([recording.packets, recording.lengthMicros]).toEqual([2, 100])
})

test('a long silence is cut short and a step back in time is none', () => {
  expect(times(1_000_000, 1_000_500, 90_000_000, 40_000_000, 40_000_001)).toEqual([
    0, 500, 2_000_500, 2_000_500, 2_000_501,
  ])
})

test('a recording larger than one block', () => {
  const recording = new Recording(1000)
  const large = Buffer.alloc(60_000)
  for (let count = 0; count < 200; count += 1) recording.append(large.fill(count), 0, large.length, 60_000, count, 1)
  const first = Array.from(recording.play(), (packet) => packet.bytes[packet.start])
  expect(first).toEqual(Array.from({ length: 200 }, (_, count) => count))
})

test('what is forgotten is not played again, and time goes on behind it', () => {
  const recording = new Recording(1000)
  const atMicros: number[][] = []
  for (const part of [[10, 20], [25], [5000]]) {
    for (const at of part) recording.append(frame, 2, 7, 60, at, 1)
    atMicros.push(Array.from(recording.play(), (packet) => packet.atMicros))
    recording.forget()
  }
  expect(atMicros).toEqual([[0, 10], [15], [1015]])
  expect([recording.packets, recording.lengthMicros]).toEqual([4, 1015])
})
