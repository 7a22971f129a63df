import type { Values } from '../form/state'
import type { SensorStatus } from '../sensor/messages'

/** As the menus name them (R-010, G-02). */
const MODE_NAMES = { dhcp: 'DHCP', static: 'Static IP' }

/** What conditions and `{places}` of menus/ can name. */
export function factsOf(status: SensorStatus): Values {
  return {
    vendor: status.vendor,
    'sensor.name': status.name,
    'sensor.registration': status.registration,
    'network.mode': status.network.mode,
    'network.address': status.network.address,
    'network.now': `${status.network.address || 'no address'}, ${MODE_NAMES[status.network.mode]}`,
    'proxy.enabled': String(status.proxy.enabled),
    'proxy.auth': status.proxy.enabled ? status.proxy.auth : '',
    'proxy.now': status.proxy.enabled ? `${status.proxy.host} port ${status.proxy.port} is in use` : 'none is in use',
    'console.lock': String(status.consoleIsLocked),
  }
}
