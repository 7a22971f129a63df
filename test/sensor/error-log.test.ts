import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ErrorLog } from '../../src/sensor/error-log'
import { until } from '../until'
import { PROXY, STATIC, WholeSensor } from './whole-sensor'

describe('the list', () => {
  let folder: string
  let errors: ErrorLog
  let log: string[]
  const file = (): string => join(folder, 'errors.json')

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nps-errors-'))
    log = []
    errors = await ErrorLog.open(folder, (line) => log.push(line))
  })

  afterEach(async () => {
    jest.useRealTimers()
    await errors.close()
    await rm(folder, { recursive: true })
  })

  const seen = (): string[] => errors.list(1000).map((each) => `${each.number} ${each.message} x${each.times}`)

  test('is newest first, and the same again is counted', () => {
    errors.add('Link', [{ number: 31, message: 'away' }])
    errors.add('Link', [{ number: 31, message: 'away' }])
    errors.add('Link', [{ number: 32, message: 'proxy' }])
    errors.add('Link', [{ number: 31, message: 'away' }])
    expect(seen()).toEqual(['31 away x1', '32 proxy x1', '31 away x2'])
    // More may be known the next time.
    errors.add('Link', [{ number: 31, message: 'away', advice: 'Wait.' }])
    expect(errors.list(1)).toMatchObject([{ times: 2, advice: 'Wait.' }])
  })

  test('what goes wrong together is counted together, and two things that fail in turns are two entries', () => {
    for (let n = 0; n < 3; n++) {
      errors.add('Form', [
        { number: 13, message: 'address' },
        { number: 14, message: 'gateway' },
      ])
      errors.add('Link', [{ number: 31, message: 'away' }])
    }
    expect(seen()).toEqual(['31 away x3', '13 address x3', '14 gateway x3'])
  })

  test('holds the last hundred, each on one line of bounded length', () => {
    for (let n = 0; n < 150; n++) errors.add('Link', [{ number: 31, message: `${n}\u001b[2J\n${'x'.repeat(5000)}` }])
    expect(errors.list(1000)).toHaveLength(100)
    expect(errors.list(1)[0]?.message).toMatch(/^149 \[2J x+…$/)
    expect(errors.list(1)[0]?.message).toHaveLength(300)
  })

  test('outlives a restart, for its owner alone', async () => {
    errors.add('Link', [{ number: 31, message: 'away' }])
    await errors.close()
    expect((await stat(file())).mode & 0o777).toBe(0o600)
    const again = await ErrorLog.open(folder, () => undefined)
    expect(again.list(10)).toEqual(errors.list(10))
    await again.clear()
    expect((await ErrorLog.open(folder, () => undefined)).list(10)).toEqual([])
  })

  test.each(['', 'no json', '{}', '[{"atMs":1}]', '[{"atMs":1,"number":11,"message":"","during":"","times":1}]'])(
    'a damaged file (%s) is begun anew',
    async (text) => {
      await writeFile(file(), text)
      errors = await ErrorLog.open(folder, (line) => log.push(line))
      expect(errors.list(10)).toEqual([])
      expect(log.join()).toContain('damaged')
      errors.add('Link', [{ number: 31, message: 'away' }])
      await errors.close()
      expect(await readFile(file(), 'utf8')).toContain('away')
    },
  )

  test('many errors at once are one write, the next ones wait a minute, and a mere count waits longer', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] })
    const timers = jest.spyOn(global, 'setTimeout')
    const waits = (): number[] => timers.mock.calls.map(([, ms]) => Math.round((ms ?? 0) / 1000))
    for (let n = 0; n < 20; n++) errors.add('Link', [{ number: 31, message: String(n) }])
    expect(waits()).toEqual([5])
    jest.advanceTimersByTime(5_000)
    await errors.close()
    errors.add('Link', [{ number: 31, message: '19' }])
    expect(waits()).toEqual([5, 3600])
    errors.add('Link', [{ number: 31, message: 'another' }])
    expect(waits()).toEqual([5, 3600, 60])
    timers.mockRestore()
  })
})

describe('of a whole sensor', () => {
  let whole: WholeSensor

  beforeEach(async () => {
    whole = await WholeSensor.start()
  })

  afterEach(() => whole.remove())

  const noted = async (): Promise<string[]> =>
    (await whole.ask('errors', { limit: 100 })).map((each) => `${each.during}: ${each.number} x${each.times}`)

  test('has what faces were refused, in the words of the screens', async () => {
    await whole.refusal('network.apply', { ...STATIC, address: '300.1.1.1', dns2: STATIC.dns1 })
    await whole.refusal('network.apply', { ...STATIC, address: '300.1.1.1', dns2: STATIC.dns1 })
    await whole.refusal('proxy.check', { ...PROXY, host: 'proxy:8080' })
    await whole.refusal('personalize', { code: '1234' })
    expect(await noted()).toEqual([
      'Personalize this scanner: 23 x1',
      'Proxy Configuration: 19 x1',
      'Set up Network: 13 x2',
      'Set up Network: 29 x2',
    ])
    expect((await whole.ask('errors', { limit: 1 })).length).toBe(1)
  })

  test('has link trouble, worker trouble and mistakes in the settings, and all of it after a restart', async () => {
    await whole.ask('personalize', { code: await whole.newCode() })
    await until(async () => (await whole.status()).link.isUp)
    whole.host.plug(false)
    await until(async () => (await noted()).some((line) => line.startsWith('Connection to the platform: 31')))
    whole.host.plug(true)
    await writeFile(join(whole.places.settings, 'network.ini'), '[management]\nmode = magic\n')
    await until(async () => (await noted()).includes('Settings files: 10 x1'))
    await whole.stop()
    await whole.start()
    expect((await noted()).join()).toMatch(/Connection to the platform: 31/)
  })

  test('has no secret, neither on the socket nor on disk, wherever it was typed', async () => {
    const code = '9035 7681 4420 17'
    await whole.ask('proxy.apply', PROXY)
    await whole.refusal('proxy.apply', { ...PROXY, host: `${PROXY.password}/`, user: PROXY.password })
    await whole.refusal('personalize', { code })
    await whole.refusal('network.apply', { ...STATIC, address: code, gateway: code.replaceAll(' ', '') })
    await whole.refusal('unlock', { pin: '8642' })
    const socket = JSON.stringify(await whole.ask('errors', { limit: 100 }))
    await whole.stop()
    const { 'state/errors.json': file = '' } = await whole.files()
    await whole.start()
    expect(file).toContain('"Console password"')
    for (const text of [socket, file]) {
      for (const secret of [PROXY.password, code, code.replaceAll(' ', '')]) expect(text).not.toContain(secret)
      // By itself: four digits in a row may well be part of a time.
      expect(text).not.toMatch(/(?<!\w)8642(?!\w)/)
    }
  })
})
