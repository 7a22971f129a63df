import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { CATALOGUE } from '../errors/catalogue'
import type { WorkerCounters } from '../capture/messages'
import type { FlowSummary, MachineSummary } from '../report/summary'
import type { SensorControl } from '../sensor/control-client'
import type { MirrorStatus, PastSettings, ProxyShown, RecentError, SensorStatus } from '../sensor/messages'
import type { NetworkSettings } from '../settings/network-settings'
import { addApplianceOptions, atAppliance, type ApplianceFlags, type Result } from './appliance'
import { count, counted } from '../text/figures'
import { serviceText } from '../text/service'
import { memoryText } from '../text/memory'
import { spoolRoomText, spoolText } from '../text/spool'
import { assetListText, assetsText } from './asset-text'
import { mirrorText } from './mirror-text'
import { columns, pairs, when } from './print'

/** `nps show`: what the console shows, for scripts. */
export function register(program: Command): void {
  const show = program.command('show').description('show the state of the running appliance')
  addApplianceOptions(show.command('status').description('registration, link, worker and counters')).action(
    (flags: ApplianceFlags) => atAppliance(flags, (control) => control.ask('status', {}), statusText),
  )
  addApplianceOptions(show.command('mirror').description('how good the feed of the mirror port is')).action(
    (flags: ApplianceFlags) => atAppliance(flags, mirror, mirrorText),
  )
  addApplianceOptions(show.command('network').description('network settings')).action((flags: ApplianceFlags) =>
    atAppliance(flags, (control) => control.ask('network.show', {}), networkText),
  )
  addApplianceOptions(show.command('proxy').description('proxy settings; the password is never shown')).action(
    (flags: ApplianceFlags) => atAppliance(flags, (control) => control.ask('proxy.show', {}), proxyText),
  )
  addApplianceOptions(
    show
      .command('flows')
      .description('the flows reported last, newest first; a service with ? is told by its port alone'),
  )
    .option('--limit <count>', 'how many, 1 to 1000', limit, 20)
    .action((flags: ApplianceFlags & { limit: number }) =>
      atAppliance(flags, (control) => control.ask('flows', { limit: flags.limit }), flowsText),
    )
  addApplianceOptions(
    show
      .command('assets')
      .description('the machines that were heard last, the latest first')
      .argument(
        '[text]',
        'only those that have this in an address, a MAC or a hostname; what fits best comes first',
        '',
      ),
  )
    .option('--limit <count>', 'how many, 1 to 1000', limit, 20)
    .action((text: string, flags: ApplianceFlags & { limit: number }) =>
      atAppliance(flags, (control) => control.ask('assets', { text, limit: flags.limit }), assetListText),
    )
  addApplianceOptions(
    show
      .command('asset')
      .description('what is known of a machine')
      .argument('<who>', 'its IP address, its MAC address, or its hostname'),
  )
    .option('--why', 'also the evidence: what was said by which protocol when, and why it is one machine', false)
    .action((who: string, flags: ApplianceFlags & { why: boolean }) =>
      atAppliance(
        flags,
        (control) => machinesOf(control, who),
        (machines) => assetsText(machines, flags.why),
      ),
    )
  addApplianceOptions(show.command('errors').description('the errors met last, newest first'))
    .option('--limit <count>', 'how many, 1 to 1000', limit, 20)
    .action((flags: ApplianceFlags & { limit: number }) =>
      atAppliance(flags, (control) => control.ask('errors', { limit: flags.limit }), errorsText),
    )
  addApplianceOptions(show.command('history').description('settings that were in force before, newest first')).action(
    (flags: ApplianceFlags) => atAppliance(flags, (control) => control.ask('history.list', {}), historyText),
  )
}

/** What is in effect; addresses that DHCP replaces are not. */
export function networkText(network: NetworkSettings): string {
  const used = (text: string): string => (network.mode === 'static' ? text : '')
  const used6 = (text: string): string => (network.ipv6 === 'static' ? text : '')
  return pairs([
    ['Mode', network.mode === 'static' ? 'Static IP' : 'DHCP'],
    ['IP address', used(network.address)],
    ['Netmask', used(network.netmask)],
    ['Gateway', used(network.gateway)],
    ['DNS1', used(network.dns1)],
    ['DNS2', used(network.dns2)],
    ['IPv6', IPV6_NAMES[network.ipv6]],
    ['IPv6 address', used6(network.ipv6Address)],
    ['IPv6 prefix', used6(network.ipv6Prefix)],
    ['IPv6 gateway', used6(network.ipv6Gateway)],
    ['IPv6 DNS', used6(network.ipv6Dns)],
    ['VLAN', network.vlan],
    ['MTU', network.mtu],
    ['Hostname', network.hostname],
    ['NTP server', network.ntp],
  ])
}

/** Nothing is said of what is not there. */
const IPV6_NAMES = { off: '', auto: 'Automatic', dhcp: 'DHCPv6', static: 'Static' } as const

/** As the console's menu names them. */
const AUTH_NAMES = { none: 'NoAuth', basic: 'BasicAuth', ntlm: 'NTLMAuth' } as const

export function proxyText(proxy: ProxyShown): string {
  return pairs([
    ['Proxy', proxy.enabled ? 'on' : 'off'],
    ['Host', proxy.host],
    ['Port', proxy.host && String(proxy.port)],
    ['Authentication', proxy.host && AUTH_NAMES[proxy.auth]],
    ['User', proxy.user],
    ['Password', proxy.passwordIsSet ? 'set' : ''],
  ])
}

/** For scripts, none found is a failure. */
async function machinesOf(control: SensorControl, who: string): Promise<Result<MachineSummary[]>> {
  const outcome = await control.ask('asset', { who })
  if (outcome.ok && outcome.answer.length === 0) process.exitCode = 10
  return outcome
}

async function mirror(control: SensorControl): Promise<Result<MirrorStatus>> {
  const outcome = await control.ask('status', {})
  return outcome.ok ? { ok: true, answer: outcome.answer.mirror } : outcome
}

function statusText(status: SensorStatus): string {
  const { network, proxy, link, worker, spool } = status
  const { counters } = worker
  const trouble = link.trouble && `${link.trouble.message} Next attempt ${when(link.nextAttemptMs)}`
  const noLink = status.registration === 'Registered' ? 'down' : 'none before the registration'
  const rows: [string, string][] = [
    ['Sensor', [status.name, status.model, status.serial && `serial ${status.serial}`].filter(Boolean).join(', ')],
    ['Version', status.version],
    ['Registration', status.registration],
    ['Sensing', status.sensing],
    ['Management port', `${network.port}, link ${network.linkIsUp ? 'up' : 'down'}, ${network.mac}`],
    ['Address', `${network.address || 'none'} (${network.mode === 'dhcp' ? 'DHCP' : 'Static IP'})`],
    ['Netmask', network.netmask],
    ['Gateway', network.gateway],
    ['IPv6', network.ipv6.join(', ')],
    ['DNS', network.dns.join(', ')],
    ['On trial', trialText(network.trial)],
    ['Proxy', proxy.enabled ? `${proxy.host} port ${proxy.port}, ${AUTH_NAMES[proxy.auth]}` : 'off'],
    ['Platform', link.platform],
    ['Platform link', link.isUp ? `up since ${when(link.sinceMs)}` : (trouble ?? noLink)],
    ['Mirror port', worker.source],
    ['Worker', worker.isRunning ? `running, restarts ${worker.restarts}` : `stopped, restarts ${worker.restarts}`],
    ['Worker trouble', worker.trouble],
    ['Packets', `${count(counters.packets)}, of flows ${count(counters.flowPackets)}`],
    ['Kernel drops', count(counters.kernelDrops)],
    ['Port drops', count(counters.portDrops)],
    ['Flows', `${count(counters.liveFlows)} now, turned away ${count(counters.flowsTurnedAway)}`],
    ['Assets', count(counters.assets)],
    ['Memory', memoryText(worker)],
    ['Unread in floods', counters.messagesUnread > 0 ? counted(counters.messagesUnread, 'message') : ''],
    ['Spool', `${spoolText(spool, Date.now())}; uploaded ${count(spool.uploaded)}`],
    ['Spool room', spoolRoomText(spool)],
    ['Exported', exported(counters)],
  ]
  const ports = worker.ports.map(({ name, method, packets, kernelDrops, portDrops }): [string, string] => {
    const how = method === '' ? 'not open' : method
    return [`Port ${name}`, `${how}, packets ${count(packets)}, dropped ${count(kernelDrops + portDrops)}`]
  })
  return pairs([...rows, ...ports, ...status.settingsTrouble.map((line): [string, string] => ['Settings', line])])
}

/** Nothing unless new network settings wait for their proof. */
function trialText(trial: SensorStatus['network']['trial']): string {
  if (trial === undefined) return ''
  if (trial.state === 'gone back') return 'went back: nobody confirmed the new network settings in time'
  return `network settings, until ${when(trial.untilMs)}; awaits the ${trial.awaits}`
}

/** Nothing when there is no collector. */
function exported({ flowsExported, flowsNotExported }: WorkerCounters): string {
  if (flowsExported + flowsNotExported === 0) return ''
  return `${count(flowsExported)} flow records, ${count(flowsNotExported)} could not be sent`
}

function flowsText(flows: FlowSummary[]): string {
  if (flows.length === 0) return 'No flows have been reported yet.\n'
  return columns(
    ['Last seen', 'Client', 'Server', ' Port', 'Proto', 'Service', ' Sent', ' Received', ' Packets'],
    flows.map((flow) => [
      when(flow.lastMs),
      flow.client.name,
      flow.server.name,
      String(flow.port),
      flow.proto,
      serviceText(flow.service),
      count(flow.c2sBytes),
      count(flow.s2cBytes),
      count(flow.c2sPackets + flow.s2cPackets),
    ]),
  )
}

function errorsText(errors: RecentError[]): string {
  if (errors.length === 0) return 'No errors have been met.\n'
  return columns(
    ['Last seen', 'During', ' Times', ' Error', 'What'],
    errors.map(({ atMs, during, times, number, message }) => [
      when(atMs),
      during,
      count(times),
      String(number),
      `${CATALOGUE[number].says}. ${message}`,
    ]),
  )
}

function historyText(past: PastSettings[]): string {
  if (past.length === 0) return 'There are no earlier settings that differ from those in force.\n'
  return columns(
    [' Id', 'In force until', 'Setting', 'Then', 'Now'],
    past.flatMap(({ id, untilMs, changes }) =>
      changes.map(({ label, now, then }, at) => [
        ...(at === 0 ? [id, when(untilMs)] : ['', '']),
        label,
        then || '(none)',
        now || '(none)',
      ]),
    ),
  )
}

function limit(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > 1000) throw new InvalidArgumentError('a number from 1 to 1000')
  return value
}
