import type { Values } from '../form/state'
import type { SensorStatus } from '../sensor/messages'

/** As the menus name them (R-010, G-02). */
const MODE_NAMES = { dhcp: 'DHCP', static: 'Static IP' }

/** What conditions and `{places}` of menus/ can name. */
export function factsOf(status: SensorStatus, nowMs: number): Values {
  return {
    ...trialFacts(status, nowMs),
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

function nowOf({ address, mode, ipv6 }: SensorStatus['network']): string {
  return [address || 'no address', MODE_NAMES[mode], ...ipv6.slice(0, 1)].join(', ')
}

/**
 * Whether new network settings are proven, as sentences that follow what a screen says anyway: nothing when they are.
 * `progress` is said while an operation runs.
 */
function trialFacts({ network: { trial } }: SensorStatus, nowMs: number): Values {
  if (trial === undefined) return { 'network.trial': '', progress: '' }
  if (trial.state === 'gone back') {
    return {
      'network.trial': ' But nobody confirmed them in time: they have gone back to those of before.',
      progress: '',
    }
  }
  const left = `${Math.max(0, Math.ceil((trial.untilMs - nowMs) / 1000))} s`
  return trial.awaits === 'platform'
    ? { 'network.trial': '', progress: `Waiting for the platform. All goes back in ${left} unless it answers.` }
    : { 'network.trial': ` Only on trial: OK keeps them. Without it they go back in ${left}.`, progress: '' }
}
