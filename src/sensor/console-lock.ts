import { issue } from '../errors/issue'
import type { Settings } from '../settings/settings'
import type { Operations } from './messages'
import type { PinTries } from './pin-tries'
import { Refused } from './refused'

/** Turn the console password on or off, change it, or both (G-01). Refused with 28 at `pin` or at `newPin`. */
export async function setConsoleLock(
  settings: Settings,
  tries: PinTries,
  { lock, pin, newPin }: Operations['console.lock']['with'],
): Promise<void> {
  if (!(await tries.take(pin))) throw new Refused([issue('pin', 28)])
  if (newPin !== '' && !/^\d{4}$/.test(newPin)) {
    throw new Refused([{ ...issue('newPin', 28), message: 'The new password must be 4 digits.' }])
  }
  await settings.saveConsoleLock(lock, newPin)
}
