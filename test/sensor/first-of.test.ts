import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { FirstOf } from '../../src/sensor/first-of'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Waits for a signal that only the waiting itself knows, while garbage is collected. */
async function fires(signal: AbortSignal): Promise<boolean> {
  const collecting = setInterval(collectGarbage, 5)
  const fired = await new Promise<boolean>((resolve) => {
    signal.addEventListener('abort', () => resolve(true))
    setTimeout(() => resolve(false), 2000)
  })
  clearInterval(collecting)
  return fired
}

test('it fires after its time, also when garbage is collected meanwhile', async () => {
  const first = new FirstOf([new AbortController().signal], 50)
  expect(await fires(first.signal)).toBe(true)
})

test('it fires with any of its signals, and with one that has fired already', async () => {
  const [one, other] = [new AbortController(), new AbortController()]
  const first = new FirstOf([one.signal, other.signal])
  setTimeout(() => other.abort(), 20)
  expect(await fires(first.signal)).toBe(true)
  expect(new FirstOf([other.signal]).signal.aborted).toBe(true)
})

test('closed, it fires no more', () => {
  const source = new AbortController()
  const first = new FirstOf([source.signal], 0)
  first.close()
  source.abort()
  expect(first.signal.aborted).toBe(false)
})
