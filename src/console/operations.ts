import { issue, type Issue } from '../errors/issue'
import type { Ask, Load } from '../form/screen'
import type { Loaded, Values } from '../form/state'
import type { SensorControl } from '../sensor/control-client'
import type { Operations, PastSettings, ProxyWanted } from '../sensor/messages'
import { DEFAULT_FURTHER } from '../settings/network-settings'
import { dateTime } from '../text/figures'
import { countOf, machineItems } from './machine-items'

/** What an operation came to, in the words of the form engine. */
export type Result = ({ kind: 'done' } & Loaded) | { kind: 'refused'; issues: readonly Issue[] }

/** What the sensor is asked for; the display is the console's own. */
export type SensorAsk = Exclude<Ask, 'display.keep'>

/**
 * What the form names, asked of the sensor; `signal` withdraws what can be withdrawn. Never rejects: a sensor that is
 * gone is a refusal in plain words.
 */
export async function carryOut(
  control: SensorControl | undefined,
  operation: SensorAsk | Load,
  values: Values,
  signal?: AbortSignal,
): Promise<Result> {
  if (control === undefined) return refusedFor('the sensor is not running')
  try {
    return await ASK[operation](control, values, signal)
  } catch {
    return refusedFor('the sensor stopped before it had answered')
  }
}

/** The values of the draft as each operation wants them. */
const ASK: Record<SensorAsk | Load, (control: SensorControl, values: Values, signal?: AbortSignal) => Promise<Result>> =
  {
    'network.show': async (control) => {
      const outcome = await control.ask('network.show', {})
      if (!outcome.ok) return { kind: 'refused', issues: outcome.issues }
      return { kind: 'done', values: prefixed('network', outcome.answer) }
    },
    'proxy.show': async (control) => {
      const outcome = await control.ask('proxy.show', {})
      if (!outcome.ok) return { kind: 'refused', issues: outcome.issues }
      const { passwordIsSet, ...shown } = outcome.answer
      return {
        kind: 'done',
        values: prefixed('proxy', shown),
        keptSecrets: passwordIsSet ? ['proxy.password'] : [],
      }
    },
    'network.apply': (control, values, signal) => asked(control, 'network.apply', networkOf(values), signal),
    'network.keep': (control) => asked(control, 'network.keep', {}),
    'network.abandon': (control) => asked(control, 'network.abandon', {}),
    'proxy.check': (control, values) => asked(control, 'proxy.check', proxyOf(values)),
    'proxy.apply': (control, values, signal) => asked(control, 'proxy.apply', proxyOf(values), signal),
    personalize: (control, values) => asked(control, 'personalize', { code: values['personalize.code'] ?? '' }),
    unlock: (control, values) => asked(control, 'unlock', { pin: values['unlock.pin'] ?? '' }),
    'history.list': async (control) => {
      const outcome = await control.ask('history.list', {})
      if (!outcome.ok) return { kind: 'refused', issues: outcome.issues }
      return { kind: 'done', items: outcome.answer.map(pastItem) }
    },
    assets: async (control, values) => {
      const outcome = await control.ask('assets', { text: values['assets.text'] ?? '', limit: MACHINES_LISTED })
      if (!outcome.ok) return { kind: 'refused', issues: outcome.issues }
      const items = machineItems(outcome.answer.machines, Date.now())
      return { kind: 'done', values: { 'assets.count': countOf(outcome.answer) }, items }
    },
    'history.restore': (control, values, signal) =>
      asked(control, 'history.restore', { id: values['history.id'] ?? '' }, signal),
    'console.lock': (control, values) => {
      const newPin = values['console.newPin'] ?? ''
      if (newPin !== (values['console.again'] ?? '')) return Promise.resolve(refusedAt('again', NOT_THE_SAME))
      const lock = values['console.lock'] === 'true'
      return asked(control, 'console.lock', { lock, pin: values['console.pin'] ?? '', newPin })
    },
    'system.reboot': (control, values) => asked(control, 'system.reboot', confirmationOf(values)),
    'system.shutdown': (control, values) => asked(control, 'system.shutdown', confirmationOf(values)),
    'system.reset': (control, values) => asked(control, 'system.reset', confirmationOf(values)),
  }

/** Nobody looks through more; who wants another one finds it by its address or name. */
const MACHINES_LISTED = 100

const NOT_THE_SAME: Omit<Issue, 'field'> = { number: 28, message: 'The new password was not typed the same twice.' }

function refusedAt(field: string, refusal: Omit<Issue, 'field'>): Result {
  return { kind: 'refused', issues: [{ field, ...refusal }] }
}

function confirmationOf(values: Values): { confirmation: string } {
  return { confirmation: values['system.confirmation'] ?? '' }
}

const FAMILIES = { network: 'Network', proxy: 'Proxy' }

/** `2024-01-02 03:00 UTC  Network: IP address, Gateway`; the review says what would change, a line each. */
export function pastItem({ id, untilMs, family, changes }: PastSettings): { label: string; values: Values } {
  const labels = changes.map(({ label }) => label).join(', ')
  const lines = changes.map(({ label, now, then }) => `${label}: now ${now || 'empty'}, then ${then || 'empty'}`)
  return {
    label: `${dateTime(untilMs)}  ${FAMILIES[family]}: ${labels}`,
    values: {
      'history.id': id,
      'history.until': dateTime(untilMs),
      'history.changes': lines.map((line) => `\n${line}`).join(''),
    },
  }
}

async function asked<Name extends SensorAsk>(
  control: SensorControl,
  name: Name,
  values: Operations[Name]['with'],
  signal?: AbortSignal,
): Promise<Result> {
  const outcome = await control.ask(name, values, signal)
  return outcome.ok ? { kind: 'done' } : { kind: 'refused', issues: outcome.issues }
}

function networkOf(values: Values): Operations['network.apply']['with'] {
  const value = (name: string): string => values[`network.${name}`] ?? ''
  return {
    mode: value('mode') === 'static' ? 'static' : 'dhcp',
    address: value('address'),
    netmask: value('netmask'),
    gateway: value('gateway'),
    dns1: value('dns1'),
    dns2: value('dns2'),
    ...FURTHER.reduce((further, name) => {
      const text = values[`network.${name}`]
      // What was never loaded is not mentioned, and stays.
      return text === undefined ? further : { ...further, [name]: text }
    }, {}),
  }
}

/** What menus/proxy.ini calls a proxy that is to be kept without a proof. */
const UNTRIED = 'untried'

const FURTHER = Object.keys(DEFAULT_FURTHER)

function proxyOf(values: Values): ProxyWanted {
  const auth = values['proxy.auth']
  const password = values['proxy.password']
  return {
    enabled: values['proxy.enabled'] === 'true' || values['proxy.enabled'] === UNTRIED,
    ...(values['proxy.enabled'] === UNTRIED ? { untried: true } : {}),
    host: values['proxy.host'] ?? '',
    port: Number(values['proxy.port']),
    auth: auth === 'basic' || auth === 'ntlm' ? auth : 'none',
    user: values['proxy.user'] ?? '',
    // Untouched means: the one already kept stays.
    ...(password === undefined ? {} : { password }),
  }
}

function prefixed(family: string, settings: object): Values {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${family}.${name}`, String(value)]))
}

/** Refused with 10, for this reason. */
export function refusedFor(reason: string): Result {
  return { kind: 'refused', issues: [issue('', 10, { reason })] }
}
