import { existsSync } from 'node:fs'
import { text as readAll } from 'node:stream/consumers'
import { join } from 'node:path'
import type { Command } from 'commander'
import { headline } from '../errors/catalogue'
import { adviceOf, inCheckOrder, type Issue } from '../errors/issue'
import type { SensorControl } from '../sensor/control-client'
import { findSensor } from '../sensor/find-sensor'
import { places } from '../settings/places'
import { visible } from '../text/visible'

/** Options that every command for a running appliance has. */
export interface ApplianceFlags {
  folder?: string
  json?: boolean
}

/** What an operation came to. */
export type Result<T> = { ok: true; answer: T } | { ok: false; issues: Issue[] }

/** The appliance that `npm start` makes lies here, at the root of the clone. */
const SIMULATED = join(__dirname, '..', '..', '..', '.appliance')

export const FOLDER_HELP = 'the appliance in this folder (default: $NPS_FOLDER, that of npm start, this machine)'

export function addApplianceOptions(command: Command): Command {
  return command
    .option('--folder <dir>', FOLDER_HELP)
    .option('--json', 'print one JSON object, { ok, answer } or { ok, issues }')
}

/**
 * Where the appliance may be asked: the one in the named folder or in that of NPS_FOLDER; without either the one that
 * npm start has made here, when it runs, and else the one that is this machine.
 */
export function socketsOf(folder: string | undefined): string[] {
  const named = folder ?? (process.env['NPS_FOLDER'] || undefined)
  return named === undefined ? [places(SIMULATED).socket, places().socket] : [places(named).socket]
}

/** Where that appliance keeps what it remembers between starts. */
export function stateOf(folder: string | undefined): string {
  const named = folder ?? (process.env['NPS_FOLDER'] || undefined)
  const isSimulated = named === undefined && existsSync(places(SIMULATED).state)
  return places(isSimulated ? SIMULATED : named).state
}

/**
 * Have the running sensor do something and print what came of it: for people, or as JSON. A refusal becomes the exit
 * status: the number of the issue that wins (G-12).
 */
export async function atAppliance<T>(
  flags: ApplianceFlags,
  work: (control: SensorControl) => Promise<Result<T>>,
  show: (answer: T) => string,
): Promise<void> {
  let outcome: Result<T>
  let isOurs = false
  try {
    outcome = await reach(flags.folder, work)
  } catch (error) {
    // The sensor never answered: its words for error 10 would not fit.
    isOurs = true
    outcome = { ok: false, issues: [{ field: '', number: 10, message: String((error as Error).message) }] }
  }
  if (!outcome.ok) process.exitCode = outcome.issues[0]?.number ?? 10
  if (flags.json) process.stdout.write(`${JSON.stringify(outcome)}\n`)
  else if (outcome.ok) process.stdout.write(show(outcome.answer))
  else if (isOurs) process.stderr.write(`nps: ${outcome.issues[0]?.message}\n`)
  else process.stderr.write(outcome.issues.map(asParagraph).join('\n'))
}

/** Aborted by Ctrl-C: what is under way is withdrawn and its outcome told. A second Ctrl-C ends the command at once. */
export function interrupted(): AbortSignal {
  const interrupt = new AbortController()
  process.once('SIGINT', () => interrupt.abort())
  return interrupt.signal
}

/** Everything on standard input, without the line end that a shell puts behind it. */
export async function readStandardInput(): Promise<string> {
  return withoutLineEnd(await readAll(process.stdin))
}

export function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '')
}

async function reach<T>(
  folder: string | undefined,
  work: (control: SensorControl) => Promise<Result<T>>,
): Promise<Result<T>> {
  const control = await findSensor(socketsOf(folder))
  try {
    const outcome = await work(control)
    return outcome.ok ? outcome : { ok: false, issues: inCheckOrder(outcome.issues) }
  } finally {
    control.close()
  }
}

function asParagraph(issue: Issue): string {
  const { field, number, message } = issue
  return visible(`${headline(number)}${field && ` (${field})`}`) + `\n  ${visible(message)}\n  ${adviceOf(issue)}\n`
}
