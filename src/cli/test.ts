import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { headline } from '../errors/catalogue'
import { adviceOf } from '../errors/issue'
import type { Outcome, SensorControl } from '../sensor/control-client'
import { STOPPED, type ConnectionTest, type Rung } from '../sensor/messages'
import { visible } from '../text/visible'
import { addApplianceOptions, atAppliance, type ApplianceFlags } from './appliance'

/** How often the sensor is asked how far it is. */
const LOOK_MS = 100

/** `nps test`: the way to the platform, looked at from the cable up. */
export function register(program: Command): void {
  addApplianceOptions(
    program
      .command('test')
      .description('test the connection of the running appliance, rung by rung from the cable to the platform'),
  ).action((flags: ApplianceFlags) =>
    atAppliance(
      flags,
      (control) =>
        watchTest(control, flags.json === true ? () => undefined : (rung) => process.stdout.write(rungText(rung))),
      endText,
    ),
  )
}

/**
 * Start a test, or join the one that runs, and follow it to its end. The first rung that failed is the exit status, and
 * 10 when none did and the platform was not reached all the same: somebody has stopped the test.
 */
async function watchTest(control: SensorControl, onRung: (rung: Rung) => void): Promise<Outcome<'connection.test'>> {
  let shown = 0
  for (let start = true; ; start = false) {
    const outcome = await control.ask('connection.test', { start })
    if (!outcome.ok) return outcome
    const { rungs, isRunning } = outcome.answer
    for (; shown < rungs.length && isOver(rungs[shown]!); shown++) onRung(rungs[shown]!)
    if (!isRunning) {
      process.exitCode = exitStatus(outcome.answer)
      return outcome
    }
    await pause(LOOK_MS)
  }
}

function isOver({ state }: Rung): boolean {
  return state !== 'waiting' && state !== 'running'
}

function exitStatus({ rungs, isReached }: ConnectionTest): number {
  return rungs.find(({ state }) => state === 'failed')?.trouble?.number ?? (isReached ? 0 : 10)
}

const MARKS = { passed: 'ok', failed: 'FAILED', skipped: '-', waiting: '', running: '' } as const

function rungText({ name, state, measured, trouble }: Rung): string {
  const line = (mark: string, text: string): string => `${mark.padEnd(6)}  ${visible(text)}\n`
  if (trouble === undefined) return line(MARKS[state], `${name}: ${measured}`)
  const { number, message } = trouble
  return line(MARKS[state], `${name}: ${headline(number)}. ${message}`) + line('', adviceOf(trouble))
}

function endText({ code, isReached }: ConnectionTest): string {
  if (code !== '') return `\nCode for support: ${code}\n`
  return isReached ? '' : `\n${STOPPED}\n`
}
