import type { SettingsChecks } from '../../src/settings/settings'

/** Users and the passwords that belong to them. */
export const PAIRS = [
  { user: 'alice', password: 'a;1#"\\\'' },
  { user: 'CORP\\bob', password: ' b=2 ' },
]

/** For tests that are about files, not about values. */
export const NO_CHECKS: SettingsChecks = { network: () => [], proxy: () => [] }
