import type { HealthReport } from '../health/health-report'
import { healthRows } from '../health/health-rows'
import { ratedBitsPerSecond } from '../health/model-rating'
import { findings, SILENCE_MS, verdict, type FeedContext } from '../health/verdict'
import type { Feed } from '../link/messages'
import type { MirrorStatus, Registration, Sensing } from './messages'

/** What the verdict on the mirror port needs to know. */
export interface MirrorFacts {
  health: HealthReport
  isRunning: boolean
  /** What is wrong with the worker or its source; empty when nothing is. */
  trouble: string
  registration: Registration
  sensing: Sensing
  model: string
  nowMs: number
}

/** How good the feed is, in words and figures: what keeps us from listening comes first, then what is heard. */
export function mirrorStatus(facts: MirrorFacts): MirrorStatus {
  const { health, trouble, nowMs } = facts
  const context: FeedContext = { nowMs, ratedBitsPerSecond: ratedBitsPerSecond(facts.model) }
  const status = { ratedBitsPerSecond: context.ratedBitsPerSecond, health }
  const reason = notListening(facts)
  if (reason !== '') return { ...status, isWell: false, verdict: reason, also: [] }
  const found = findings(health, context).map(({ text }) => text)
  // The worker may have trouble elsewhere, or with one of several ports.
  const also = [...found.slice(1), ...(trouble === '' ? [] : [`The worker says: ${trouble}`])]
  return { ...status, isWell: found.length === 0 && also.length === 0, verdict: verdict(health, context), also }
}

/** What the platform is told of it, in lengths that it takes (link/messages.ts). */
export function feedOf({ verdict: text, isWell, also, health, ratedBitsPerSecond: rated }: MirrorStatus): Feed {
  return {
    verdict: text.slice(0, 500),
    isWell,
    also: also.slice(0, 30).map((each) => each.slice(0, 500)),
    bitsPerSecond: health.now.bitsPerSecond,
    ratedBitsPerSecond: rated,
    figures: healthRows(health, rated).map(([label, value]) => [label, value.slice(0, 1000)]),
  }
}

/** Why nothing is listened to; empty when it is. */
function notListening({ isRunning, trouble, registration, sensing, health, nowMs }: MirrorFacts): string {
  if (!isRunning) return `The worker does not run, so nothing is heard. ${trouble}`.trim()
  if (registration !== 'Registered') return `The sensor is ${registration} and does not listen. Register it first.`
  if (sensing !== 'Sensing') return `The sensor is ${sensing} and does not listen. Start it on the platform.`
  const isSilent = nowMs - health.lastPacketMs >= SILENCE_MS
  return trouble !== '' && isSilent ? `The worker does not listen: ${trouble}` : ''
}
