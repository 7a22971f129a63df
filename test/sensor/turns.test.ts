import { SensorError } from '../../src/errors/sensor-error'
import { Turns } from '../../src/sensor/turns'

test('at the end what was to be done is done, and nothing more is begun', async () => {
  const turns = new Turns()
  const done: string[] = []
  let goOn = (): void => undefined
  const slow = turns.take(async () => {
    await new Promise<void>((resolve) => (goOn = resolve))
    done.push('slow')
  })
  const next = turns.take(async () => void done.push('next'))
  const ended = turns.end().then(() => done.push('ended'))
  await expect(turns.take(async () => void done.push('late'))).rejects.toMatchObject({ number: 10 })
  await expect(turns.take(async () => undefined)).rejects.toBeInstanceOf(SensorError)
  goOn()
  await Promise.all([slow, next, ended])
  expect(done).toEqual(['slow', 'next', 'ended'])
})
