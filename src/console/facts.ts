import type { Values } from '../form/state'
import type { SensorStatus } from '../sensor/messages'

/** As the menus name them (R-010, G-02). */
const MODE_NAMES = { dhcp: 'DHCP', static: 'Static IP' }

/** What conditions and `{places}` of menus/ can name. */
export function factsOf(status: SensorStatus, nowMs: number): Values {
  return {
    ...trialFacts(status, nowMs),
    ...leasedFacts(status),
    vendor: status.vendor,
    'sensor.name': status.name,
    'sensor.registration': status.registration,
    'network.mode': status.network.mode,
    'network.address': status.network.address,
    'network.now': nowOf(status.network),
    'proxy.enabled': String(status.proxy.enabled),
    'proxy.auth': status.proxy.enabled ? status.proxy.auth : '',
    'proxy.now': status.proxy.enabled ? `${status.proxy.host} port ${status.proxy.port} is in use` : 'none is in use',
    'console.lock': String(status.consoleIsLocked),
  }
}

/**
 * With DHCP what the settings hold of a static address is of another time: what is in force instead is the lease. Said
 * as what a static value `was`, so that nobody takes the old one for the one that is given up.
 */
function leasedFacts({ network: { mode, address, netmask, gateway, dns } }: SensorStatus): Values {
  if (mode !== 'dhcp') return {}
  const leased = { address, netmask, gateway, dns1: dns[0] ?? '', dns2: dns[1] ?? '' }
  return Object.fromEntries(
    Object.entries(leased).map(([name, value]) => [`network.${name}.now`, value === '' ? '' : `${value} (DHCP)`]),
  )
}

function nowOf({ address, mode, ipv6 }: SensorStatus['network']): string {
  return [address || 'no address', MODE_NAMES[mode], ...ipv6.slice(0, 1)].join(', ')
}

/**
 * How new network settings stand, as the end of a sentence that begins with `were accepted`: in force for good, or on
 * trial. `progress` is said while an operation runs.
 */
function trialFacts({ network: { trial } }: SensorStatus, nowMs: number): Values {
  if (trial === undefined) return { 'network.stand': ' and are in force now.', 'network.trial': '', progress: '' }
  if (trial.state === 'gone back') {
    const stand = ', but nobody confirmed them in time: those of before are in force again.'
    return { 'network.stand': stand, 'network.trial': '', progress: '' }
  }
  const left = `${Math.max(0, Math.ceil((trial.untilMs - nowMs) / 1000))} s`
  const stand = ` and are in force on trial, as the platform does not answer. OK keeps them; else those of before come back in ${left}.`
  const progress = `Waiting for the platform. All goes back in ${left} unless it answers.`
  return {
    'network.stand': stand,
    'network.trial': trial.awaits,
    progress: trial.awaits === 'platform' ? progress : '',
  }
}
