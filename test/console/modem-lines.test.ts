import { ModemLines, type ModemPort } from '../../src/console/modem-lines'

/** What is told while a port's lines are one after the other like this; an error is a port that has none. */
function told(...seen: ('up' | 'down' | 'cts' | Error)[]): { changes: boolean[]; looks: number } {
  const changes: boolean[] = []
  let looks = 0
  const port: ModemPort = {
    get: (callback) => {
      const at = seen[looks++]
      if (at instanceof Error) callback(at)
      else callback(null, { dsr: at === 'up', dcd: at === 'up', cts: at === 'up' || at === 'cts' })
    },
  }
  const lines = new ModemLines(port, (isThere) => changes.push(isThere))
  for (const _ of seen) lines.look()
  return { changes, looks }
}

test('a rise is somebody who has attached, a fall somebody who has gone', () => {
  expect(told('down', 'up', 'up', 'down', 'down', 'cts').changes).toEqual([true, false, true])
})

test('who was there before the port was opened can go, too', () => {
  expect(told('up', 'up', 'down').changes).toEqual([false])
})

test('a three-wire cable and a looped plug say nothing', () => {
  expect(told('down', 'down', 'down').changes).toEqual([])
  expect(told('up', 'up', 'up').changes).toEqual([])
})

test('a port without modem lines is not asked again', () => {
  const trouble = new Error('Error: Inappropriate ioctl for device, cannot get')
  expect(told(trouble, trouble, trouble)).toEqual({ changes: [], looks: 1 })
})
