import type { Command } from 'commander'
import { CATALOGUE, headline } from '../errors/catalogue'
import { TROUBLE_KINDS } from '../link/trouble-kind'
import type { Circumstances, Explained, Outcome } from '../sensor/connection/code'
import type { RungId } from '../sensor/connection/ladder'

/** `nps explain`: what the code of a connection test says, for whoever has it read out to him. */
export function register(program: Command): void {
  program
    .command('explain')
    .description('explain the 12 characters at the end of a connection test, rung by rung')
    .argument('<code>', 'as Test connection and nps test show it; small letters, blanks and hyphens do not matter')
    .option('--json', 'print one JSON object')
    .action(async (code: string, { json }: { json?: boolean }, command: Command) => {
      const [{ explainCode }, { LADDER }, { adviceOn }] = await Promise.all([
        import('../sensor/connection/code.js'),
        import('../sensor/connection/ladder.js'),
        import('../link/advice.js'),
      ])
      const advise = ({ id, number, kind }: Outcome): string | undefined =>
        number && (adviceOn(number, kind) ?? LADDER.find((rung) => rung.id === id)?.advice ?? CATALOGUE[number].try)
      let explained: Explained
      try {
        explained = explainCode(code)
      } catch (error) {
        return command.error(`error: ${(error as Error).message}`)
      }
      process.stdout.write(json ? `${JSON.stringify(explained)}\n` : explainedText(explained, advise))
    })
}

/** What is looked at, without the names and addresses that a code does not hold. */
const NAMES: Record<RungId, string> = {
  cable: 'Cable',
  address: 'Address',
  conflict: 'Address conflict',
  gateway: 'Gateway',
  dns1: 'DNS1',
  dns2: 'DNS2',
  proxy: 'Proxy',
  schemes: 'Proxy login',
  path: 'Connection to the platform',
  tls: 'TLS',
  websocket: 'WebSocket',
  platform: 'Platform',
  clock: 'Clock',
  registration: 'Registration',
}

const MARKS = { passed: 'ok', skipped: '-', blocked: '-', failed: 'FAILED' } as const

type Advise = (outcome: Outcome) => string | undefined

function explainedText(explained: Explained, advise: Advise): string {
  const rungs = explained.rungs.map((outcome) => outcomeText(outcome, advise(outcome)))
  return `${circumstancesText(explained)}\n\n${rungs.join('')}`
}

const MODES = { dhcp: 'DHCP', static: 'Static address' } as const
const AUTHS = {
  'no proxy': 'no proxy',
  none: 'a proxy without a login',
  basic: 'a proxy with BasicAuth',
  ntlm: 'a proxy with NTLMAuth',
} as const

function circumstancesText({ mode, auth, registration }: Circumstances): string {
  return `${MODES[mode]}, ${AUTHS[auth]}, ${registration}.`
}

function outcomeText({ id, state, number, kind }: Outcome, advice: string | undefined): string {
  const line = (text: string): string => `${MARKS[state].padEnd(6)}  ${NAMES[id]}${text}\n`
  if (state === 'skipped') return line(': does not apply')
  if (state === 'blocked') return line(': not looked at, because of what failed before it')
  if (number === undefined) return line('')
  const condition = kind === undefined ? '' : `: ${TROUBLE_KINDS[kind]}`
  return line(`: ${headline(number)}${condition}`) + `        ${advice}\n`
}
