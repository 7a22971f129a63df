import { bitRate, count, counted, dateTime, duration, share, volume } from '../text/figures'
import type { HealthReport } from './health-report'

/** Of each list in a row. */
const MOST_NAMED = 6

/** The figures of a report as people read them: a label of at most twelve letters, and what is to be said. */
export function healthRows(report: HealthReport, ratedBitsPerSecond: number): [string, string][] {
  const { recent, total, lookedOneIn, recentMs } = report
  const which = lookedOneIn === 1 ? 'every packet' : `one packet in ${lookedOneIn}`
  const reached = recent.unicast + recent.group
  return [
    ['Now', `${count(report.now.packetsPerSecond)} packets/s, ${utilization(report, ratedBitsPerSecond)}`],
    ['Peak', peakText(report)],
    ['Heard', `${counted(total.packets, 'packet')}, ${volume(total.bytes)}`],
    ['Lost before', `${share(recent.tcpMissing, recent.tcpMissing + recent.tcpHeard)} of the TCP data`],
    ['Directions', `${counted(recent.twoWay, 'TCP conversation')} both ways, ${count(recent.oneWay)} one way only`],
    [
      'Copies',
      `${share(recent.copies, recent.compared)} the same again, ${share(recent.routedCopies, recent.compared)} from behind a router`,
    ],
    [
      'Frames',
      `${share(recent.truncated, recent.looked)} cut short, ${share(recent.damaged, recent.looked)} damaged, ` +
        `${share(recent.large, recent.looked)} over 1500 bytes`,
    ],
    ['Sent', `${share(recent.unicast, reached)} to one machine, ${share(recent.group, reached)} to groups`],
    ...listRows(report),
    ['Measured', `over the last ${duration(recentMs)}, in ${which}`],
  ]
}

function utilization({ now }: HealthReport, rated: number): string {
  const rate = bitRate(now.bitsPerSecond)
  return rated === 0 ? rate : `${rate} of ${bitRate(rated)} (${share(now.bitsPerSecond, rated)})`
}

function peakText({ peak }: HealthReport): string {
  if (peak.atMs === 0) return 'none yet'
  return `${bitRate(peak.bitsPerSecond)}, ${count(peak.packetsPerSecond)} packets/s, at ${dateTime(peak.atMs)}`
}

/** What the network and the mirror session are made of, where there is something to say. */
function listRows(report: HealthReport): [string, string][] {
  const { vlans, vlanCount, stackedFrames, erspan, vxlan, routers, twins, nat } = report
  const frames = vlans.reduce((sum, vlan) => sum + vlan.frames, 0)
  const vlanName = (id: number): string => (id === 0 ? 'none' : String(id))
  const rows: [string, string][] = [
    [
      'VLANs',
      list(
        vlans.map(({ id, frames: of }) => `${vlanName(id)} (${share(of, frames)})`),
        vlanCount,
      ),
    ],
    ['Two tags', stackedFrames === 0 ? '' : `${share(stackedFrames, frames)} of the frames`],
    [
      'ERSPAN',
      list(
        erspan.map(({ type, id, source, packets, missing }) => {
          const session = type === 'I' ? 'type I' : `type ${type} session ${id}`
          return `${session} from ${source}: ${counted(packets, 'frame')}, ${count(missing)} missing`
        }),
      ),
    ],
    ['VXLAN', list(vxlan.map(({ vni, packets }) => `${vni} (${count(packets)})`))],
    ['Routers', list(routers.map(({ mac, addresses }) => `${mac} (${addresses} addresses)`))],
    ['Two MACs', list(twins.map(({ address, macs, vlans: in_ }) => `${address}: ${twinText(macs, in_)}`))],
    ['NAT', list(nat.map(({ address, systems }) => `${address}: ${systems.join(', ')}`))],
  ]
  return rows.filter(([, text]) => text !== '')
}

function twinText(macs: readonly string[], vlans: readonly number[]): string {
  return macs.map((mac, index) => (vlans[index] === 0 ? mac : `${mac} (VLAN ${vlans[index]})`)).join(' and ')
}

function list(texts: string[], all = texts.length): string {
  const named = texts.slice(0, MOST_NAMED)
  const more = all - named.length
  return [...named, ...(more > 0 ? [`${count(more)} more`] : [])].join('; ')
}
