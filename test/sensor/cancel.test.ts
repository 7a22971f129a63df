import type { Outcome } from '../../src/sensor/control-client'
import { STATIC, WholeSensor } from './whole-sensor'

let whole: WholeSensor

beforeEach(async () => {
  whole = await WholeSensor.start()
})

afterEach(() => whole.remove())

const CANCELLED = {
  ok: false,
  issues: [{ field: '', number: 10, message: 'The appliance could not do that: cancelled; nothing was changed.' }],
}

/** Withdraw an operation once the host is asked whether the new gateway answers, which then never comes. */
async function withdrawnMidway(ask: (signal: AbortSignal) => Promise<Outcome<'network.apply' | 'history.restore'>>) {
  const withdrawal = new AbortController()
  const answers = jest.spyOn(whole.host.network, 'answers').mockImplementation(() => {
    withdrawal.abort()
    return new Promise<never>(() => undefined)
  })
  const outcome = await ask(withdrawal.signal)
  answers.mockRestore()
  return outcome
}

test('a withdrawn network change goes back to what was before, and is no error to look up', async () => {
  await whole.status()
  const before = await whole.files()
  expect(await withdrawnMidway((signal) => whole.control.ask('network.apply', STATIC, signal))).toEqual(CANCELLED)
  expect((await whole.status()).network).toMatchObject({ mode: 'dhcp', address: '192.168.50.20' })
  expect(await whole.files()).toEqual(before)
  expect(await whole.ask('errors', { limit: 10 })).toEqual([])
  // And the next one is not in its way.
  expect(await whole.ask('network.apply', STATIC)).toMatchObject({ address: STATIC.address })
})

test('a withdrawn restoring likewise', async () => {
  await whole.ask('network.apply', STATIC)
  await whole.ask('network.apply', { ...STATIC, mode: 'dhcp' })
  const id = (await whole.ask('history.list', {}))[0]!.id
  expect(await withdrawnMidway((signal) => whole.control.ask('history.restore', { id }, signal))).toEqual(CANCELLED)
  expect((await whole.status()).network).toMatchObject({ mode: 'dhcp', address: '192.168.50.20' })
})

test('one that waits for its turn is withdrawn before it has begun', async () => {
  const first = whole.control.ask('network.apply', STATIC)
  const second = whole.control.ask('network.apply', { ...STATIC, address: '192.168.50.78' }, AbortSignal.abort())
  expect(await first).toMatchObject({ ok: true })
  expect(await second).toEqual(CANCELLED)
  expect((await whole.status()).network.address).toBe(STATIC.address)
})
