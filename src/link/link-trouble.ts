import { explain, type ErrorNumber } from '../errors/catalogue'
import type { SensorError } from '../errors/sensor-error'
import { adviceOn } from './advice'
import { kindOf } from './trouble-kind'

/** Why the link is down, fit for a screen. */
export interface LinkTrouble {
  number: ErrorNumber
  message: string
  /** What to do, where the condition is known better than by its number. */
  advice?: string
}

/** What is said of an error that was met on the way to the platform. */
export function linkTroubleOf(error: SensorError): LinkTrouble {
  const advice = adviceOn(error.number, kindOf(error))
  return { number: error.number, message: explain(error.number, error.values), ...(advice && { advice }) }
}
