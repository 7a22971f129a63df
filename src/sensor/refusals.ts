import type { Issue } from '../errors/issue'
import type { Trouble } from './error-log'
import type { Operations } from './messages'

/** What each operation is to the person who asks for it: the words of the screens. */
const DURING: Record<keyof Operations, string> = {
  status: 'Sensor status',
  watch: 'Sensor status',
  'network.show': 'Set up Network',
  'network.apply': 'Set up Network',
  'network.keep': 'Set up Network',
  'network.abandon': 'Set up Network',
  'proxy.show': 'Proxy Configuration',
  'proxy.check': 'Proxy Configuration',
  'proxy.apply': 'Proxy Configuration',
  personalize: 'Personalize this scanner',
  flows: 'Recent flows',
  asset: 'Machines',
  assets: 'Machines',
  unlock: 'Console password',
  'connection.test': 'Test connection',
  errors: 'Recent errors',
  'history.list': 'Restore recent settings',
  'history.restore': 'Restore recent settings',
  'console.lock': 'Console lock',
  'system.reboot': 'System',
  'system.shutdown': 'System',
  'system.reset': 'System',
  cancel: 'Cancel',
}

/** The values of operations that nobody may read anywhere. */
const SECRETS = ['password', 'code', 'pin', 'newPin']

/** A personalization code, also one typed into the wrong field: 14 digits, perhaps in groups. */
const CODE = /\d(?:[\s-]*\d){13,}/g

/**
 * A refusal as it is kept. The messages of the catalogue hold no secret, yet some quote what was typed, and people type
 * a secret into the field above the right one.
 */
export function keptRefusal(
  name: keyof Operations,
  values: unknown,
  issues: readonly Issue[],
): { during: string; troubles: Trouble[] } {
  const secrets = SECRETS.map((key) => (values as Record<string, unknown>)[key]).filter(
    (secret): secret is string => typeof secret === 'string' && secret !== '',
  )
  const troubles = issues.map(({ message, number, advice }) => ({
    number,
    advice,
    message: secrets.reduce((text, secret) => text.replaceAll(secret, '...'), message).replace(CODE, '...'),
  }))
  return { during: DURING[name], troubles }
}
