import { healthRows } from '../health/health-rows'
import type { MirrorStatus } from '../sensor/messages'
import { visible } from '../text/visible'
import { pairs } from './print'

/** How good a feed is, for people: the verdict, what else is the matter, the figures. */
export function mirrorText({ verdict, also, health, ratedBitsPerSecond }: Omit<MirrorStatus, 'isWell'>): string {
  const others = also.map((text, index): [string, string] => [index === 0 ? 'Also' : '', text])
  return `${visible(verdict)}\n\n${pairs([...others, ...healthRows(health, ratedBitsPerSecond)])}`
}
