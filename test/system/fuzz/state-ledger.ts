import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dateTime } from '../../../src/text/figures'
import { parseIni } from '../../../src/settings/ini-text'
import type { Places } from '../../../src/settings/places'
import type { Known } from './confirmed'
import type { Asked } from './sensor-tap'

/** Everything that makes a sensor what it is. What it writes down by itself, such as errors met, is not among it. */
const FILES = {
  settings: ['network.ini', 'proxy.ini', 'secrets.ini', 'sensor.ini', 'assets.ini'],
  state: ['registration.ini', 'history.json', 'credential.json', 'reset-under-way'],
} as const

/** What a registration brings with it, and what the platform may change of a registered sensor by itself. */
const PLATFORM = ['sensor.ini', 'assets.ini', 'registration.ini', 'credential.json']

/** Which of the files each operation may change; those of no operation stay as they are. */
const MAY_CHANGE: Readonly<Record<string, readonly string[]>> = {
  'network.apply': ['network.ini', 'history.json'],
  'network.keep': ['network.ini', 'history.json'],
  'proxy.apply': ['proxy.ini', 'secrets.ini', 'history.json'],
  'history.restore': ['network.ini', 'proxy.ini', 'secrets.ini', 'history.json'],
  'console.lock': ['sensor.ini', 'secrets.ini'],
  personalize: PLATFORM,
  'system.reset': [...FILES.settings, ...FILES.state],
}

type Contents = Readonly<Record<string, string>>

/**
 * The sensor's files as they lie on its disk, and what may have changed them: between two looks only what was asked for
 * through the tap, and into nothing but what was sent.
 */
export class StateLedger implements Known {
  private contents: Contents
  private accepted: Asked[] = []
  private allowed: string[] = []
  /** Network settings were on trial at the last look: whether they stay is decided meanwhile. */
  private wasOnTrial = false

  constructor(private readonly places: Places) {
    this.contents = this.read()
  }

  /** The sensor has done this. */
  note(asked: Asked): void {
    this.accepted.push(asked)
  }

  /** The sensor may have done this, or not. */
  noteMaybe({ do: name }: Asked): void {
    this.allowed.push(...(MAY_CHANGE[name] ?? []))
  }

  /** What has changed and should not have since the last look. To be called while the sensor does nothing. */
  look(): string[] {
    const now = this.read()
    const { contents: before, accepted } = this
    this.contents = now
    this.accepted = []
    const isOnTrial = existsSync(join(this.places.state, 'network-trial.json'))
    const trial = isOnTrial || this.wasOnTrial ? MAY_CHANGE['network.keep']! : []
    this.wasOnTrial = isOnTrial
    const allowed = [...trial, ...this.allowed.splice(0), ...accepted.flatMap(({ do: name }) => MAY_CHANGE[name] ?? [])]
    const byPlatform = [before, now].some((each) => each['registration.ini']?.includes('= Registered')) ? PLATFORM : []
    const changed = Object.keys(now).filter((name) => now[name] !== before[name])
    return [
      ...changed
        .filter((name) => ![...allowed, ...byPlatform].includes(name))
        .map((name) => `${name} has changed by itself, ${difference(before[name]!, now[name]!)}`),
      ...(lockOf(before) !== lockOf(now) && !allowed.includes('secrets.ini') ? ['the console lock has changed'] : []),
      // On trial, network.ini has what was before.
      ...accepted
        .slice(-1)
        .flatMap((asked) => (isOnTrial && asked.do === 'network.apply' ? [] : notAsSent(asked, now))),
    ]
  }

  get isProxyOn(): boolean {
    return value(this.read(), 'proxy.ini', 'enabled') === 'yes'
  }

  isInForce(key: string, wanted: unknown): boolean | undefined {
    const isOnTrial = existsSync(join(this.places.state, 'network-trial.json'))
    return isOnTrial || this.wasOnTrial ? undefined : value(this.read(), 'network.ini', key) === wanted
  }

  get hasPassword(): boolean {
    return value(this.read(), 'secrets.ini', 'password') !== ''
  }

  pastSentences(id: string): string[] {
    const { newestFirst = [] } = JSON.parse(this.read()['history.json'] || '{}') as {
      newestFirst?: { id: string; untilMs: number; settings: Record<string, unknown> }[]
    }
    const entry = newestFirst.find((each) => each.id === id)
    if (entry === undefined) return [`(there are no earlier settings ${id})`]
    const { address, host, mode, enabled } = entry.settings
    const now = this.read()
    const changes: string[] = []
    if (mode === 'static' && address !== value(now, 'network.ini', 'address')) changes.push(`then${String(address)}`)
    if (enabled === true && host !== value(now, 'proxy.ini', 'host')) changes.push(`then${String(host)}`)
    return [`until${dateTime(entry.untilMs)}UTC`.replace(/\s/g, ''), ...changes]
  }

  private read(): Contents {
    const found: Record<string, string> = {}
    for (const [place, names] of Object.entries(FILES)) {
      for (const name of names) found[name] = contentsOf(join(this.places[place as 'settings' | 'state'], name))
    }
    return found
  }
}

/** Lines that only one of them has. */
function difference(before: string, now: string): string {
  const [old, current] = [before.split('\n'), now.split('\n')]
  const only = (mine: string[], theirs: string[]): string =>
    JSON.stringify(mine.filter((line) => !theirs.includes(line)))
  return `from ${only(old, current)} to ${only(current, old)}`
}

function contentsOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function value(contents: Contents, file: string, key: string): string {
  const entry = parseIni(contents[file] ?? '').lines.find((line) => line.is === 'entry' && line.key === key)
  return entry?.is === 'entry' ? entry.value : ''
}

function lockOf(contents: Contents): string {
  return value(contents, 'sensor.ini', 'lock')
}

/** Where the files do not hold what was sent, though the sensor has said that it is done. */
function notAsSent({ do: name, with: sent }: Asked, now: Contents): string[] {
  const pairs: [file: string, key: string, wanted: unknown][] = []
  if (name === 'network.apply') {
    pairs.push(['network.ini', 'mode', sent['mode']])
    // An address may be written with zeros in front.
    const plain = (text: unknown): string => String(text).trim().split('.').map(Number).join('.')
    if (sent['mode'] === 'static') {
      for (const key of ['address', 'netmask', 'gateway', 'dns1']) pairs.push(['network.ini', key, plain(sent[key])])
    }
  }
  if (name === 'proxy.apply' && sent['enabled'] === true) {
    pairs.push(['proxy.ini', 'port', String(sent['port'])], ['proxy.ini', 'auth', sent['auth']])
    if (sent['auth'] !== 'none') pairs.push(['proxy.ini', 'user', String(sent['user']).trim()])
    if (sent['auth'] !== 'none' && sent['password'] !== undefined)
      pairs.push(['secrets.ini', 'password', sent['password']])
  }
  return pairs.flatMap(([file, key, wanted]) => {
    const is = value(now, file, key)
    return is === wanted ? [] : [`${key} of ${file} is ${JSON.stringify(is)}, and ${JSON.stringify(wanted)} was sent`]
  })
}
