import type { ErrorNumber } from '../../errors/catalogue'
import type { TroubleKind } from '../../link/trouble-kind'
import type { NetworkSettings } from '../../settings/network-settings'
import type { ProxySettings } from '../../settings/proxy-settings'
import type { Registration, Rung } from '../messages'
import { withCheck, withoutCheck } from './check-character'
import { LADDER, type RungId } from './ladder'

/**
 * A whole test of the connection in twelve characters, to be read out on the telephone: how each rung ended, and how the
 * appliance is set up. No address, no name, nothing secret is in it. Eleven characters of five bits:
 *
 *     +-----------+--------+---------+----------------+-------+----------------------------+
 *     | layout 2  | mode   | proxy   | registration   | 2     | rungs, the first one first |
 *     | (3 bits)  | (1)    | (2)     | (2)            | zero  | (45, as in OUTCOMES)       |
 *     +-----------+--------+---------+----------------+-------+----------------------------+
 *
 * In layout 1, which older releases write, the gateway has 2 bits less, and those are zero. It is read as well.
 */

/** How the appliance is set up. */
export interface Circumstances {
  mode: NetworkSettings['mode']
  auth: ProxySettings['auth'] | 'no proxy'
  registration: Registration
}

/** How a rung ended. */
export interface Outcome {
  id: RungId
  /** `blocked`: not looked at, because of a rung before it. */
  state: 'passed' | 'skipped' | 'blocked' | 'failed'
  number?: ErrorNumber
  kind?: TroubleKind
}

export interface Explained extends Circumstances {
  rungs: Outcome[]
}

const CHARACTERS = 11
const BITS_OF_CHARACTER = 5
const LAYOUT_BITS = 3

const LAYOUT = 2
const SPARE_BITS = 2
/** Where two of the bits that are the gateway's now were spare. */
const FIRST_LAYOUT = 1

const MODES = ['dhcp', 'static'] as const
const AUTHS = ['no proxy', 'none', 'basic', 'ntlm'] as const
const REGISTRATIONS = ['Unregistered', 'Registered', 'Deregistered'] as const

type Failure = `${ErrorNumber}` | `${ErrorNumber} ${TroubleKind}`

const STATES = ['passed', 'skipped', 'blocked'] as const

const REACHED: Failure[] = ['31', '31 silent', '31 cut', '31 not-platform', '31 stranger']

/**
 * What each rung can fail for, behind the three STATES, and in how many bits that is written. A failure keeps its place
 * for ever; new ones go to the end. One that is not listed is written as its number alone, or else as the first.
 */
const OUTCOMES: Record<RungId, { bits: number; failures: Failure[] }> = {
  cable: { bits: 2, failures: ['31'] },
  address: { bits: 2, failures: ['31'] },
  conflict: { bits: 2, failures: ['13'] },
  gateway: {
    bits: 4,
    failures: [
      '25',
      '25 silent',
      '25 silent4',
      '25 silent6',
      '25 none6',
      '25 none-offered',
      '25 not-in-force',
      '31 no-ipv4',
    ],
  },
  dns1: { bits: 3, failures: ['26', '26 refused', '12 unknown', '12 blocked', '12 server-trouble'] },
  dns2: { bits: 3, failures: ['27', '27 refused', '12 unknown', '12 blocked', '12 server-trouble'] },
  proxy: { bits: 3, failures: ['32', '32 refused', '32 silent', '32 no-way', '12 unknown'] },
  schemes: {
    bits: 4,
    failures: [
      ...(['32', '32 refused', '32 silent', '32 cut', '32 no-way', '32 not-http', '32 proxy-tls'] as const),
      ...(['22 socks', '22 asks-login', '22 other-login', '33', '12', '31 ca-file'] as const),
    ],
  },
  path: {
    bits: 5,
    failures: [
      ...(['31', '31 refused', '31 silent', '31 cut', '31 no-way', '31 beyond', '31 beyond-name'] as const),
      ...(['31 ca-file', '12', '32', '32 refused', '32 silent', '32 cut', '32 no-way', '32 login'] as const),
      ...(['32 forbidden', '32 no-tunnel', '32 not-http', '33', '22', '20', '21'] as const),
    ],
  },
  tls: {
    bits: 4,
    failures: [
      ...(['31', '31 silent', '31 cut', '31 not-tls', '31 stranger', '31 expired', '31 early'] as const),
      ...(['31 other-name', '31 ca-file'] as const),
    ],
  },
  websocket: { bits: 3, failures: REACHED },
  platform: { bits: 3, failures: REACHED },
  clock: { bits: 3, failures: ['10 clock-ahead', '10 clock-behind'] },
  registration: { bits: 4, failures: ['31', '24', '12', '32', '33', '22', '20', '21', '30', '10'] },
}

/** The fields of a code of this layout, in their order: what is written, and in how many bits. */
function fields(layout: number): [name: string, bits: number][] {
  const moved = layout === FIRST_LAYOUT ? 2 : 0
  return [
    ['layout', LAYOUT_BITS],
    ['mode', 1],
    ['auth', 2],
    ['registered', 2],
    ['spare', SPARE_BITS + moved],
    ...LADDER.map(({ id }): [string, number] => [`rung ${id}`, OUTCOMES[id].bits - (id === 'gateway' ? moved : 0)]),
  ]
}

/** The code of a test that is over. */
export function codeOfTest(rungs: readonly Rung[], { mode, auth, registration }: Circumstances): string {
  const values = new Map<string, number>([
    ['layout', LAYOUT],
    ['mode', MODES.indexOf(mode)],
    ['auth', AUTHS.indexOf(auth)],
    ['registered', REGISTRATIONS.indexOf(registration)],
  ])
  for (const outcome of outcomesOf(rungs)) values.set(`rung ${outcome.id}`, numberOf(outcome))
  const packed = fields(LAYOUT).reduce((sum, [name, bits]) => (sum << BigInt(bits)) | BigInt(values.get(name) ?? 0), 0n)
  return withCheck(packed, CHARACTERS)
}

/** What a code says. Throws Error in plain words when it says nothing. */
export function explainCode(text: string): Explained {
  const packed = withoutCheck(text, CHARACTERS)
  if (packed === undefined) throw new Error('this is no code of a connection test, or it was not copied right')
  const fromOther = new Error('this code comes from another release of nps')
  const layout = Number(packed >> BigInt(CHARACTERS * BITS_OF_CHARACTER - LAYOUT_BITS))
  if (layout !== LAYOUT && layout !== FIRST_LAYOUT) throw fromOther
  let left = packed
  const values = new Map<string, number>()
  for (const [name, bits] of fields(layout).reverse()) {
    values.set(name, Number(left & ((1n << BigInt(bits)) - 1n)))
    left >>= BigInt(bits)
  }
  const registration = REGISTRATIONS[values.get('registered')!]
  const rungs = LADDER.map(({ id }) => outcomeOf(id, values.get(`rung ${id}`)!))
  const isKnown = values.get('spare') === 0 && !rungs.includes(undefined)
  if (!isKnown || registration === undefined) throw fromOther
  return {
    mode: MODES[values.get('mode')!]!,
    auth: AUTHS[values.get('auth')!]!,
    registration,
    rungs: rungs.filter((rung) => rung !== undefined),
  }
}

/** A rung that was left out because one before it failed is told from one that does not apply. */
function outcomesOf(rungs: readonly Rung[]): Outcome[] {
  const lost = new Set<RungId>()
  return LADDER.map(({ id, needs }, at): Outcome => {
    const { state, trouble } = rungs[at]!
    if (state === 'passed') return { id, state }
    const isBlocked = needs.some((need) => lost.has(need))
    if (state === 'failed' || isBlocked) lost.add(id)
    if (trouble === undefined) return { id, state: isBlocked ? 'blocked' : 'skipped' }
    return {
      id,
      state: 'failed',
      number: trouble.number,
      ...(trouble.kind === undefined ? {} : { kind: trouble.kind }),
    }
  })
}

function numberOf({ id, state, number, kind }: Outcome): number {
  if (state !== 'failed') return STATES.indexOf(state)
  const { failures } = OUTCOMES[id]
  const whole = failures.indexOf(`${number!} ${kind!}`)
  const alone = failures.findIndex((failure) => failure.split(' ')[0] === String(number))
  return STATES.length + Math.max(0, whole < 0 ? alone : whole)
}

function outcomeOf(id: RungId, value: number): Outcome | undefined {
  const state = STATES[value]
  if (state !== undefined) return { id, state }
  const failure = OUTCOMES[id].failures[value - STATES.length]
  if (failure === undefined) return undefined
  const [number, kind] = failure.split(' ')
  return {
    id,
    state: 'failed',
    number: Number(number) as ErrorNumber,
    ...(kind === undefined ? {} : { kind: kind as TroubleKind }),
  }
}
