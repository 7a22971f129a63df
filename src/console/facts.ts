import type { Values } from '../form/state'
import type { SensorStatus } from '../sensor/messages'

/** What conditions and `{places}` of menus/ can name. */
export function factsOf(status: SensorStatus): Values {
  return {
    vendor: status.vendor,
    'sensor.name': status.name,
    'sensor.registration': status.registration,
    'network.mode': status.network.mode,
    'network.address': status.network.address,
    'proxy.enabled': String(status.proxy.enabled),
    'proxy.now': status.proxy.enabled ? `${status.proxy.host} port ${status.proxy.port} is in use` : 'none is in use',
    'console.lock': String(status.consoleIsLocked),
  }
}
