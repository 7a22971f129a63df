import { issue } from '../errors/issue'
import type { Settings } from '../settings/settings'
import type { Operations } from './messages'
import type { PinTries } from './pin-tries'
import { Refused } from './refused'
import type { Turns } from './turns'

/**
 * Turn the console password on or off, change it, or both (G-01). Refused with 28 at `pin` or at `newPin`. A
 * wrong password is answered late on purpose and must not hold up others, so it is looked at before its turn; and once
 * more in turn, because a factory reset may have come in between.
 */
export async function setConsoleLock(
  settings: Settings,
  tries: PinTries,
  turns: Turns,
  { lock, pin, newPin }: Operations['console.lock']['with'],
): Promise<void> {
  if (!(await tries.take(pin))) throw new Refused([issue('pin', 28)])
  if (newPin !== '' && !/^\d{4}$/.test(newPin)) {
    throw new Refused([{ ...issue('newPin', 28), message: 'The new password must be 4 digits.' }])
  }
  await turns.take(async () => {
    if (!(await settings.checkPin(pin))) throw new Refused([issue('pin', 28)])
    await settings.saveConsoleLock(lock, newPin)
  })
}
