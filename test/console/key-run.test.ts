import { KeyRun } from '../../src/console/key-run'

test('a person at the keyboard is no run', () => {
  const run = new KeyRun()
  // A held key: 30 times a second.
  for (let ms = 0; ms < 10_000; ms += 33) run.take(1, ms)
  run.miss(3)
  expect([run.isRun, run.holdsBack, run.remark]).toEqual([false, false, ''])
})

test('more keys at once than anybody types are one, and it is counted from its first key', () => {
  const run = new KeyRun()
  run.take(10, 0)
  expect(run.isRun).toBe(false)
  run.take(1194, 60)
  expect(run.isRun).toBe(true)
  expect(run.remark).toBe('1,204 keys received, 1,204 used.')
  run.miss(1)
  expect(run.holdsBack).toBe(true)
  expect(run.remark).toBe('1,204 keys received, 1,203 used.')
  run.reset()
  expect([run.isRun, run.holdsBack, run.remark]).toEqual([false, false, ''])
})

test('what comes behind a refusal is not used', () => {
  const run = new KeyRun()
  run.take(100, 0)
  run.stopAt('refused')
  expect(run.isStopped).toBe(true)
  expect(run.remark).toBe('100 keys received, 100 used.')
  run.throwAway(40)
  expect(run.remark).toBe('Stopped at the refusal: 100 keys received, 60 used.')
})

test('what comes behind a password is not used on a form that was left open', () => {
  const run = new KeyRun()
  run.take(9, 0)
  run.stopAt('uncovered')
  expect(run.remark).toBe('')
  run.throwAway(3)
  expect(run.remark).toBe('This was left open. 9 keys received, 6 used.')
})

test('keys typed ahead of a refusal are spoken of, however few they are', () => {
  const run = new KeyRun()
  run.take(3, 0)
  run.stopAt('refused')
  run.throwAway(2)
  expect(run.remark).toBe('Stopped at the refusal: 3 keys received, 1 used.')
})
