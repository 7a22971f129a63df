import type { ErrorNumber } from '../../errors/catalogue'
import { SensorError } from '../../errors/sensor-error'
import { adviceOn } from '../../link/advice'
import { linkTroubleOf } from '../../link/link-trouble'
import { kindOf, ofKind, type TroubleKind } from '../../link/trouble-kind'
import type { Rung } from '../messages'

/** What a rung failed for, in words of its own. */
export class RungTrouble extends Error {
  constructor(
    readonly number: ErrorNumber,
    message: string,
    readonly more: { kind?: TroubleKind; advice?: string } = {},
  ) {
    super(message)
  }
}

/** What a rung failed for; a bug of ours is no trouble of the network and is thrown on. */
export function troubleOf(error: unknown): NonNullable<Rung['trouble']> {
  if (error instanceof RungTrouble) {
    const { number, message, more } = error
    const known = adviceOn(number, more.kind)
    return { number, message, ...(known === undefined ? {} : { advice: known }), ...more }
  }
  if (!(error instanceof SensorError)) throw error
  return { ...linkTroubleOf(error), ...ofKind(kindOf(error)) }
}
