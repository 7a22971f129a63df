import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simulatedHost, type SimulatedHost } from '../../src/host/simulated/host'
import { verifyNetwork } from '../../src/network/verify-network'
import { verifyProxy } from '../../src/network/verify-proxy'
import { PlatformLink } from '../../src/sensor/platform-link'
import { ManagementPort } from '../../src/sensor/management-port'
import { Refused } from '../../src/sensor/refused'
import { Turns } from '../../src/sensor/turns'
import { DEFAULT_NETWORK, type NetworkSettings } from '../../src/settings/network-settings'
import { places } from '../../src/settings/places'
import { openSettings, type Settings } from '../../src/settings/settings'
import { until } from '../until'
import { STATIC as IPV4, WholeSensor } from './whole-sensor'

const STATIC: NetworkSettings = { ...DEFAULT_NETWORK, ...IPV4 }

/** A management port on a simulated network, and a platform that is as connected and as silent as the test says. */
class Port {
  isUp = false
  answers = false
  troubles: string[] = []
  kept = 0
  /** For each change of the port, whether its address is another one. */
  moves: boolean[] = []
  port!: ManagementPort
  settings!: Settings
  readonly folder: string
  readonly host: SimulatedHost = simulatedHost({ platformPort: 1 })
  private readonly turns = new Turns()

  constructor(folder: string) {
    this.folder = folder
  }

  async start(trialSeconds = 60): Promise<this> {
    const where = places(this.folder)
    this.settings = await openSettings(where, { network: verifyNetwork, proxy: verifyProxy })
    const { sensor } = this.settings
    await this.settings.saveSensor({ ...sensor, management: { ...sensor.management, trialSeconds } })
    this.port = new ManagementPort(
      {
        settings: this.settings,
        network: this.host.network,
        platform: { isUp: () => this.isUp, name: () => 'platform.test', answers: async () => this.answers },
        stateFolder: where.state,
        log: () => undefined,
        inTurn: (task) => this.turns.take(task),
        onChange: (hasMoved) => void this.moves.push(hasMoved),
        onTrial: () => undefined,
        onKept: async () => void (this.kept += 1),
        onTrouble: (message) => void this.troubles.push(message),
      },
      await this.host.network.facts(),
    )
    await this.port.restore()
    return this
  }

  apply(wanted: NetworkSettings = STATIC): Promise<NetworkSettings> {
    return this.port.apply(wanted, new AbortController().signal)
  }

  get hasNote(): boolean {
    return existsSync(join(places(this.folder).state, 'network-trial.json'))
  }

  /** What is written down, and what is in force. */
  async now(): Promise<string[]> {
    return [this.settings.network.mode, (await this.host.network.facts()).address]
  }
}

const OLD = ['dhcp', '192.168.50.20']
const NEW = ['static', STATIC.address]

let box: Port
beforeEach(async () => {
  box = new Port(await mkdtemp(join(tmpdir(), 'nps-trial-')))
})
afterEach(async () => {
  await box.port.stop()
  await box.settings.close()
  box.host.close()
  await rm(box.folder, { recursive: true })
})

async function numbers(work: Promise<unknown>): Promise<string[]> {
  const refusal: unknown = await work.catch((error: unknown) => error)
  if (!(refusal instanceof Refused)) throw new Error(`not refused: ${String(refusal)}`)
  return refusal.issues.map(({ number, field }) => `${number} ${field}`.trim())
}

test('a platform that answers proves the settings: they are kept, and no person is asked', async () => {
  await box.start()
  box.isUp = box.answers = true
  await box.apply()
  expect(await box.now()).toEqual(NEW)
  expect(box.port.trialStatus).toBeUndefined()
  expect(box.hasNote).toBe(false)
  expect(box.kept).toBe(1)
})

test('a platform that was connected and does not answer any more is 31, and all goes back', async () => {
  await box.start(1)
  box.isUp = true
  expect(await numbers(box.apply())).toEqual(['31'])
  expect(await box.now()).toEqual(OLD)
  expect(box.hasNote).toBe(false)
})

test('while it is waited for the platform, network.ini has what was before, and a note says so', async () => {
  await box.start()
  box.isUp = true
  const applied = box.apply()
  await until(() => box.port.trialStatus?.state === 'running')
  expect(box.port.trialStatus).toMatchObject({ awaits: 'platform' })
  expect(await box.now()).toEqual(['dhcp', STATIC.address])
  expect(box.hasNote).toBe(true)
  box.answers = true
  await applied
  expect(await box.now()).toEqual(NEW)
})

describe('a platform that was not connected before', () => {
  /** On trial until a person decides. */
  async function onTrial(trialSeconds: number): Promise<void> {
    await box.start(trialSeconds)
    await box.apply()
    expect(box.port.trialStatus).toMatchObject({ state: 'running', awaits: 'person' })
    expect(await box.now()).toEqual(['dhcp', STATIC.address])
  }

  test('leaves the decision to a person, who keeps them', async () => {
    await onTrial(6)
    await box.port.keep()
    expect(await box.now()).toEqual(NEW)
    expect(box.port.trialStatus).toBeUndefined()
    expect(box.hasNote).toBe(false)
    // Once more does no harm.
    await box.port.keep()
  })

  test('or does not want them', async () => {
    await onTrial(6)
    await box.port.abandon()
    expect(await box.now()).toEqual(OLD)
    expect(box.hasNote).toBe(false)
  })

  test('or says nothing: they go back, and who comes too late is told so once', async () => {
    await onTrial(2)
    await until(() => box.port.trialStatus?.state === 'gone back')
    expect(await box.now()).toEqual(OLD)
    expect(box.troubles.join()).toContain('Nobody confirmed')
    expect(await numbers(box.port.keep())).toEqual(['31'])
    await box.port.keep()
    expect(await box.now()).toEqual(OLD)
  })

  test('proves them after all when it answers meanwhile', async () => {
    await onTrial(8)
    box.answers = true
    await until(() => box.settings.network.mode === 'static')
    await until(() => box.port.trialStatus === undefined)
    expect(await box.now()).toEqual(NEW)
  })

  test('new settings replace those on trial, and what is gone back to is what was settled', async () => {
    await onTrial(7)
    expect(await numbers(box.apply({ ...STATIC, gateway: '192.168.50.2', dns1: '203.0.113.1' }))).toEqual(['26 dns1'])
    expect(await box.now()).toEqual(OLD)
  })

  test('to ask for what is settled ends the trial, and no note of it stays', async () => {
    await onTrial(7)
    await box.apply(DEFAULT_NETWORK)
    expect(await box.now()).toEqual(OLD)
    expect(box.hasNote).toBe(false)
  })

  test('a sensor that is ended puts them back first', async () => {
    await onTrial(6)
    await box.port.stop()
    expect(await box.now()).toEqual(OLD)
    expect(box.hasNote).toBe(false)
  })

  test('a hand edit of the same file ends the trial; of another it does not', async () => {
    await onTrial(6)
    expect(box.port.isAsConfigured).toBe(true)
    await box.settings.saveNetwork({ ...STATIC, address: '192.168.50.78' })
    expect(box.port.isAsConfigured).toBe(false)
    await box.port.restore()
    expect(await box.now()).toEqual(['static', '192.168.50.78'])
  })
})

test('another port or backend in sensor.ini is told of what is settled, and anything else in it is not', async () => {
  await box.start()
  const { settings, port } = box
  const manage = (changes: object): Promise<void> =>
    settings.saveSensor({ ...settings.sensor, management: { ...settings.sensor.management, ...changes } })
  await manage({ trialSeconds: 30 })
  expect(port.isAsConfigured).toBe(true)
  for (const change of [{ backend: 'iproute2' }, { port: 'eth7' }]) {
    await manage(change)
    expect(port.isAsConfigured).toBe(false)
    await port.restore()
    expect(port.isAsConfigured).toBe(true)
  }
})

test('the same settings again are no trial: a lease is only renewed', async () => {
  await box.start(1)
  box.isUp = true
  await box.apply(DEFAULT_NETWORK)
  expect(box.kept).toBe(0)
  expect(await box.now()).toEqual(OLD)
})

test('what fails once they are kept does not bring those of before back: port and network.ini say the same', async () => {
  await box.start()
  box.isUp = box.answers = true
  box.host.network.settle = () => Promise.reject(new Error('ENOSPC: no space left on device'))
  await box.apply()
  expect(await box.now()).toEqual(NEW)
  expect(box.port.isAsConfigured).toBe(true)
  expect(box.kept).toBe(1)
  expect(box.troubles).toEqual([expect.stringContaining('no space left')])
})

test('what cannot be kept goes back, and is refused', async () => {
  await box.start()
  box.isUp = box.answers = true
  box.settings.saveNetwork = () => Promise.reject(new Error('ENOSPC: no space left on device'))
  await expect(box.apply()).rejects.toThrow('no space left')
  expect(await box.now()).toEqual(OLD)
  expect(box.hasNote).toBe(false)
})

test('an address that another machine has is 13, before anything is touched', async () => {
  await box.start()
  const taken = { ...STATIC, address: '192.168.50.9' }
  expect(await numbers(box.apply(taken))).toEqual(['13 address'])
  expect(await box.now()).toEqual(OLD)
})

test("an address that was ours at the last look, and is another machine's by now, is 13 as well", async () => {
  await box.start()
  box.port.facts = { ...box.port.facts, address: '192.168.50.9' }
  expect(await numbers(box.apply({ ...STATIC, address: '192.168.50.9' }))).toEqual(['13 address'])
})

test('what becomes of the port without us is seen, and only another address means another way', async () => {
  await box.start()
  const seen = async (): Promise<boolean[]> => {
    await box.port.look()
    return box.moves.splice(0)
  }
  box.moves = []
  const told = jest.spyOn(box.host.network, 'passOn')
  expect(await seen()).toEqual([])
  // What has come with a lease may be new although the address is not.
  expect(told).toHaveBeenCalledTimes(1)
  box.host.plug(false)
  expect(await seen()).toEqual([false])
  expect(box.port.facts).toMatchObject({ linkIsUp: false, address: '' })
  box.host.plug(true)
  expect(await seen()).toEqual([false])
  const facts = await box.host.network.facts()
  const now = jest.spyOn(box.host.network, 'facts').mockResolvedValue({ ...facts, address: '192.168.50.21' })
  expect(await seen()).toEqual([true])
  expect(await seen()).toEqual([])
  now.mockResolvedValue({ ...facts, address: '' })
  expect(await seen()).toEqual([true])
  now.mockRestore()
  expect(await seen()).toEqual([true])
})

test('a VLAN that leads nowhere gives no lease, and no router advertises itself there', async () => {
  await box.start()
  expect(await numbers(box.apply({ ...DEFAULT_NETWORK, vlan: '77', ipv6: 'auto' }))).toEqual(['31 mode', '31 ipv6'])
  expect(await numbers(box.apply({ ...STATIC, vlan: '77' }))).toEqual(['25 gateway', '26 dns1'])
  expect(await box.now()).toEqual(OLD)
})

test('a sensor that finds a trial broken off says so, and those of before are in force', async () => {
  await box.start()
  await box.apply()
  // As after kill -9: the note lies there, and the one who wrote it is gone.
  const again = new Port(box.folder)
  await again.start()
  expect(again.troubles).toEqual([expect.stringContaining('while new network settings were on trial')])
  expect(await again.now()).toEqual(OLD)
  expect(again.hasNote).toBe(false)
  await again.settings.close()
  again.host.close()
})

test('over the control socket: what is not mentioned stays, and earlier settings hold the new fields, too', async () => {
  await box.start()
  const whole = await WholeSensor.start()
  try {
    await whole.ask('network.apply', { ...IPV4, ipv6: 'auto', hostname: 'Rack-3', ntp: 'ntp.example.com, 10.0.0.1' })
    await whole.ask('network.apply', { ...IPV4, address: '192.168.50.78' })
    expect(whole.settings.network).toMatchObject({
      address: '192.168.50.78',
      ipv6: 'auto',
      hostname: 'rack-3',
      ntp: 'ntp.example.com 10.0.0.1',
    })
    expect((await whole.status()).network.ipv6).toHaveLength(1)
    // The platform falls silent: what comes next is on trial, and what comes then begins with that.
    jest.spyOn(PlatformLink.prototype, 'answers').mockResolvedValue(false)
    await whole.ask('network.apply', { ...IPV4, address: '192.168.50.79' })
    expect((await whole.status()).network.trial).toMatchObject({ awaits: 'person' })
    expect(await whole.ask('network.show', {})).toMatchObject({ address: '192.168.50.79' })
    expect(whole.settings.network.address).toBe('192.168.50.78')
    await whole.ask('network.abandon', {})
    expect(await whole.ask('network.show', {})).toMatchObject({ address: '192.168.50.78' })
    jest.restoreAllMocks()
    await whole.ask('network.apply', { ...IPV4, address: '192.168.50.78', ipv6: 'off', mtu: '01400' })
    const [newest] = await whole.ask('history.list', {})
    expect(newest?.changes).toEqual([
      { label: 'IPv6', now: 'None', then: 'Automatic' },
      { label: 'MTU', now: '1400', then: '' },
    ])
    await whole.ask('history.restore', { id: newest!.id })
    expect(whole.settings.network).toMatchObject({ ipv6: 'auto', mtu: '' })
    expect(await whole.refusal('network.apply', { ...IPV4, vlan: '5000', mtu: '99', hostname: '-' })).toEqual([
      '18 vlan',
      '18 mtu',
      '18 hostname',
    ])
  } finally {
    await whole.remove()
  }
})
