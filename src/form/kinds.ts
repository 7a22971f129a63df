import { code } from './kinds/code'
import { host } from './kinds/host'
import { ipv4 } from './kinds/ipv4'
import { ipv6 } from './kinds/ipv6'
import type { FieldKind } from './kinds/kind'
import { netmask } from './kinds/netmask'
import { number } from './kinds/number'
import { password } from './kinds/password'
import { port } from './kinds/port'
import { text } from './kinds/text'

/** The kinds a menu file may name. */
export const KINDS = { ipv4, ipv6, netmask, number, host, port, text, password, code } as const satisfies Record<
  string,
  FieldKind
>

export type FieldKindName = keyof typeof KINDS

export function kindOf(name: FieldKindName): FieldKind {
  return KINDS[name]
}
