import type { Premises } from '../premises'
import type { Mirror } from '../mirror'

/** What every scene plays on. A scene begins nothing new after the end, so the capture stops cleanly. */
export interface Stage {
  mirror: Mirror
  premises: Premises
  startMicros: number
  endMicros: number
}
