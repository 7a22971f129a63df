import { headline } from '../errors/catalogue'
import { adviceOf } from '../errors/issue'
import type { SensorStatus } from '../sensor/messages'
import { count, counted, duration, volume } from '../text/figures'
import { tablesText } from '../text/memory'
import { spoolRoomText, spoolText } from '../text/spool'
import { labelled } from './labelled'
import { portRows } from './port-rows'

/** Everything worth knowing at three in the morning; trouble first. */
export function statusPage(status: SensorStatus, columns: number, nowMs: number): string[] {
  const { network, proxy, link, worker, spool } = status
  const { counters } = worker
  const row = (label: string, value: string): string[] => labelled(label, value, columns)
  const trouble = [
    ...(link.trouble === undefined
      ? []
      : [headline(link.trouble.number), link.trouble.message, adviceOf(link.trouble)]),
    ...(worker.trouble === '' ? [] : [`Worker: ${worker.trouble}`]),
    ...(network.linkIsUp ? [] : [`No link on ${network.port}: is the cable in?`]),
    ...trialText(network.trial, nowMs),
    ...status.settingsTrouble.map((line) => `Settings: ${line}`),
  ]
  const nextAttempt = link.nextAttemptMs > nowMs ? `, next attempt in ${duration(link.nextAttemptMs - nowMs)}` : ''
  const linkState = link.isUp ? 'connected' : 'not connected'
  const since = link.sinceMs > 0 ? ` for ${duration(nowMs - link.sinceMs)}` : ''
  const proxyText = proxy.enabled ? `${proxy.host}:${proxy.port}, ${AUTH_WORDS[proxy.auth]}` : 'none'
  const losses = [
    `${counted(counters.kernelDrops, 'packet')} by the kernel`,
    ...(counters.portDrops > 0 ? [`${count(counters.portDrops)} by the mirror port itself`] : []),
    `${count(counters.flowsTurnedAway)} by full tables`,
    ...(counters.messagesUnread > 0 ? [`${counted(counters.messagesUnread, 'message')} of machines in a flood`] : []),
    `${counted(spool.dropped, 'batch', 'batches')} of reports`,
  ]
  return [
    ...trouble.flatMap((line, index) => row(index === 0 ? 'TROUBLE' : '', line)),
    ...(trouble.length === 0 ? row('Trouble', 'none') : []),
    ...row('Sensor', status.name || 'no name yet'),
    ...row('Model', `${status.model}, serial ${status.serial}, version ${status.version}`),
    ...row('Status', `${status.registration}, ${status.sensing}`),
    ...row(
      'Network',
      `${network.port} ${network.mac}, link ${network.linkIsUp ? 'up' : 'down'}, by ${MODE_WORDS[network.mode]}`,
    ),
    ...row('Address', `${network.address || 'none'}, netmask ${network.netmask || 'none'}`),
    ...row('Gateway', network.gateway || 'none'),
    ...(network.ipv6.length === 0 ? [] : row('IPv6', network.ipv6.join(', '))),
    ...row('DNS', network.dns.join(', ') || 'none'),
    ...row('Proxy', proxyText),
    ...row('Platform', `${link.platform}: ${linkState}${since}${nextAttempt}`),
    ...row(
      'Worker',
      `${worker.isRunning ? 'running' : 'not running'}, restarts ${count(worker.restarts)}, reads ${worker.source || 'nothing'}`,
    ),
    ...row(
      'Packets',
      `${count(counters.packets)} (${volume(counters.bytes)}), ${count(counters.flowPackets)} in flows`,
    ),
    ...portRows(worker.ports, row),
    ...row(
      'Left out',
      `${count(counters.notIp)} not IP, ${count(counters.otherIp)} neither TCP nor UDP, ${count(counters.damaged)} damaged`,
    ),
    ...row('Lost', losses.join(', ')),
    ...row('Tables', tablesText(worker)),
    ...row(
      'Reported',
      `${counted(counters.summariesSpooled, 'summary', 'summaries')} in ${counted(counters.batchesSpooled, 'batch', 'batches')}`,
    ),
    ...row('Spool', `${spoolText(spool, nowMs)}, ${count(spool.uploaded)} uploaded`),
    ...row('Spool room', spoolRoomText(spool)),
  ]
}

const MODE_WORDS = { dhcp: 'DHCP', static: 'Static IP' }
const AUTH_WORDS = { none: 'NoAuth', basic: 'BasicAuth', ntlm: 'NTLMAuth' }

function trialText(trial: SensorStatus['network']['trial'], nowMs: number): string[] {
  if (trial === undefined) return []
  if (trial.state === 'gone back') return ['The new network settings went back: nobody confirmed them in time.']
  const left = duration(Math.max(0, trial.untilMs - nowMs))
  return [`New network settings are on trial: they go back in ${left} unless the ${trial.awaits} confirms them.`]
}
