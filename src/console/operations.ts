import { issue, type Issue } from '../errors/issue'
import type { Ask, Load } from '../form/screen'
import type { Values } from '../form/state'
import type { SensorControl } from '../sensor/control-client'
import type { Operations, ProxyWanted } from '../sensor/messages'

/** What an operation came to, in the words of the form engine. */
export type Result =
  { kind: 'done'; values?: Values; keptSecrets?: readonly string[] } | { kind: 'refused'; issues: readonly Issue[] }

/** What the form names, asked of the sensor. Never rejects: a sensor that is gone is a refusal in plain words. */
export async function carryOut(
  control: SensorControl | undefined,
  operation: Ask | Load,
  values: Values,
): Promise<Result> {
  if (control === undefined) return gone('the sensor is not running')
  try {
    return await ASK[operation](control, values)
  } catch {
    return gone('the sensor stopped before it had answered')
  }
}

/** The values of the draft as each operation wants them. */
const ASK: Record<Ask | Load, (control: SensorControl, values: Values) => Promise<Result>> = {
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
  'network.apply': (control, values) => asked(control, 'network.apply', networkOf(values)),
  'proxy.check': (control, values) => asked(control, 'proxy.check', proxyOf(values)),
  'proxy.apply': (control, values) => asked(control, 'proxy.apply', proxyOf(values)),
  personalize: (control, values) => asked(control, 'personalize', { code: values['personalize.code'] ?? '' }),
  unlock: (control, values) => asked(control, 'unlock', { pin: values['unlock.pin'] ?? '' }),
}

async function asked<Name extends Ask>(
  control: SensorControl,
  name: Name,
  values: Operations[Name]['with'],
): Promise<Result> {
  const outcome = await control.ask(name, values)
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
  }
}

function proxyOf(values: Values): ProxyWanted {
  const auth = values['proxy.auth']
  const password = values['proxy.password']
  return {
    enabled: values['proxy.enabled'] === 'true',
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

function gone(reason: string): Result {
  return { kind: 'refused', issues: [issue('', 10, { reason })] }
}
