import { explain, headline, type ErrorNumber, type ErrorValues } from './catalogue'

/**
 * Operating trouble: cable out, proxy refused, code rejected. Carries the appliance's number; the cause stays
 * attached for the log. `message` is fit for a screen: it holds no secret as long as `values` holds none.
 */
export class SensorError extends Error {
  constructor(
    readonly number: ErrorNumber,
    readonly values: ErrorValues = {},
    options?: { cause?: unknown },
  ) {
    super(`${headline(number)}. ${explain(number, values)}`, options)
    this.name = 'SensorError'
  }
}
