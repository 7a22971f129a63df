import { openPlainTty } from '../../src/console/plain-tty'
import { Screen } from '../screen-driver/screen'
import { until } from '../until'

test('a terminal device without bit rates is read and written as it is, and its end is noticed', async () => {
  const line = new Screen(['/bin/sh', '-c', 'tty; exec sleep 600'])
  await line.shows(/\/dev\/pts\/\d+/)
  const terminal = openPlainTty(/\/dev\/pts\/\d+/.exec(line.text())?.[0] ?? '')
  if (terminal === undefined) throw new Error('It was not opened.')
  let typed = ''
  let hasEnded = false
  terminal.onBytes = (bytes) => (typed += bytes.toString('latin1'))
  terminal.onEnd = () => (hasEnded = true)
  let left = 2
  const taken = (): void => void (left -= 1)
  // More than a pseudo-terminal holds, and something behind it: all of it, and in order.
  terminal.write('x'.repeat(20_000), taken)
  terminal.write('\r\nand the end', taken)
  await line.shows('and the end')
  await until(() => left === 0)
  line.send('\x03\x1b[A')
  await until(() => typed === '\x03\x1b[A')
  line.hangUp()
  await until(() => hasEnded)
  await terminal.close()
}, 60_000)

test('what is no terminal device, or is not there, is not opened', () => {
  expect(openPlainTty('/dev/null')).toBeUndefined()
  expect(openPlainTty('/nonexistent/ttyS0')).toBeUndefined()
})
