import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../until'
import { STATIC, WholeSensor } from './whole-sensor'

let whole: WholeSensor

beforeEach(async () => {
  whole = await WholeSensor.start()
})

afterEach(() => whole.remove())

const isLocked = async (): Promise<boolean> => (await whole.status()).consoleIsLocked

test('the lock goes on and off with the password in force, which stays when no other is given', async () => {
  await whole.ask('console.lock', { lock: true, pin: '0000', newPin: '' })
  expect(await isLocked()).toBe(true)
  await whole.ask('unlock', { pin: '0000' })
  await whole.ask('console.lock', { lock: false, pin: '0000', newPin: '' })
  expect(await isLocked()).toBe(false)
})

test('lock and password are changed together, and outlive a restart', async () => {
  await whole.ask('console.lock', { lock: true, pin: '0000', newPin: '8642' })
  await whole.stop()
  await whole.start()
  expect(await isLocked()).toBe(true)
  expect(await whole.refusal('unlock', { pin: '0000' })).toEqual(['28 pin'])
  await whole.ask('unlock', { pin: '8642' })
  // By itself: four digits in a row may well be part of a time or a key.
  for (const text of Object.values(await whole.files())) expect(text).not.toMatch(/(?<!\w)8642(?!\w)/)
})

test.each(['123', '12345', 'abcd', '١٢٣٤'])('%j is no new password', async (newPin) => {
  const { 'state/errors.json': _, ...before } = await whole.files()
  expect(await whole.refusal('console.lock', { lock: true, pin: '0000', newPin })).toEqual(['28 newPin'])
  const { 'state/errors.json': __, ...after } = await whole.files()
  expect(after).toEqual(before)
})

test('with a wrong password nothing changes, and the tries are those of the console', async () => {
  const before = await whole.files()
  expect(await whole.refusal('console.lock', { lock: true, pin: '1111', newPin: '2222' })).toEqual(['28 pin'])
  expect(await whole.files()).toEqual(before)
  expect(await isLocked()).toBe(false)
})

test('when one of the two files cannot be written, neither is', async () => {
  const blocker = join(whole.places.settings, '.secrets.ini.new')
  await mkdir(blocker)
  expect(await whole.refusal('console.lock', { lock: true, pin: '0000', newPin: '8642' })).toEqual(['10'])
  await rm(blocker, { recursive: true })
  expect(await isLocked()).toBe(false)
  await whole.ask('unlock', { pin: '0000' })
  await whole.stop()
  await whole.start()
  expect(await isLocked()).toBe(false)
})

test('a password given while a factory reset runs is in force after it', async () => {
  await whole.ask('network.apply', STATIC)
  const { network } = whole.host
  const apply = network.apply.bind(network)
  let goOn: () => void = () => undefined
  const held = new Promise<void>((resolve) => (goOn = resolve))
  const applying = jest.spyOn(network, 'apply').mockImplementation(async (settings) => {
    await held
    return apply(settings)
  })
  const answers: string[] = []
  const reset = whole.ask('system.reset', { confirmation: 'RESET' }).then(() => answers.push('reset'))
  await until(() => applying.mock.calls.length > 0)
  const locked = whole.ask('console.lock', { lock: true, pin: '0000', newPin: '8642' })
  const answered = locked.then(() => answers.push('lock'))
  // Tries are looked at one after the other, so the one above has been let through.
  await whole.ask('unlock', { pin: '0000' })
  goOn()
  await Promise.all([reset, answered])
  expect(answers).toEqual(['reset', 'lock'])
  expect(await isLocked()).toBe(true)
  await whole.ask('unlock', { pin: '8642' })
})
