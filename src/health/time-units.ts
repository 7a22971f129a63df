/** Times are kept in units whose differences fit 32 bits for a day and a half. */
export const MICROS_A_UNIT = 64

/** A time, in microseconds since 1970, as 32 bits of those units. */
export function timeUnits(atMicros: number): number {
  return (atMicros / MICROS_A_UNIT) | 0
}
