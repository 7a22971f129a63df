import { stderr, stdin } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { issue } from '../errors/issue'
import type { Outcome, SensorControl } from '../sensor/control-client'
import { FirstOf } from '../sensor/first-of'
import type { SensorStatus } from '../sensor/messages'
import { interrupted } from './appliance'

/**
 * Have network settings put in force, and see them through their trial. While it lasts the countdown stands on standard error.
 * Where the platform cannot prove them, a person at a terminal is asked, and `isKept` answers for a script; a script that
 * does not say so gets the old settings back.
 */
export async function throughTrial<Name extends 'network.apply' | 'history.restore'>(
  control: SensorControl,
  isKept: boolean,
  apply: (signal: AbortSignal) => Promise<Outcome<Name>>,
): Promise<Outcome<Name>> {
  const signal = interrupted()
  const watched = new Countdown()
  // What happens meanwhile may be told before the first answer is here.
  let told: SensorStatus | undefined
  const first = await control.watch((now) => watched.show((told = now)))
  try {
    const outcome = await apply(signal)
    const now = await control.ask('status', {})
    const status = now.ok ? now.answer : (told ?? first)
    const { trial } = status.network
    if (!outcome.ok || trial?.state !== 'running' || trial.awaits !== 'person') return outcome
    watched.show(status)
    const isWanted = isKept || (stdin.isTTY === true && (await isConfirmed(trial.untilMs, signal)))
    const last = await control.ask(isWanted ? 'network.keep' : 'network.abandon', {})
    if (!last.ok) return last
    if (isWanted) return outcome
    const reason =
      'it does not answer over the new settings, and nobody has confirmed them; those of before are in force'
    return { ok: false, issues: [issue('', 31, { platform: status.link.platform, reason })] }
  } finally {
    watched.end()
  }
}

/** Enter before the time is over; Ctrl-C is a no. */
async function isConfirmed(untilMs: number, signal: AbortSignal): Promise<boolean> {
  const over = new FirstOf([signal], Math.max(0, untilMs - Date.now()))
  const line = createInterface({ input: stdin, output: stderr, terminal: false })
  try {
    stderr.write(
      '\nThe platform does not answer. Press Enter to keep the new settings; Ctrl-C or waiting puts the old ones back.\n',
    )
    await line.question('', { signal: over.signal })
    return true
  } catch {
    return false
  } finally {
    line.close()
    over.close()
  }
}

/** One line that counts, on a terminal only: in a log it would be sixty. */
class Countdown {
  private isShown = false

  show({ network: { trial } }: SensorStatus): void {
    if (trial?.state !== 'running' || !stderr.isTTY) return
    this.isShown = true
    const left = Math.max(0, Math.ceil((trial.untilMs - Date.now()) / 1000))
    stderr.write(`\rOn trial: the old settings come back in ${left} s unless the ${trial.awaits} confirms. `)
  }

  end(): void {
    if (this.isShown) stderr.write('\n')
  }
}
