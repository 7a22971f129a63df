import { join } from 'node:path'
import type { CaptureMethod } from '../capture/messages'
import type { Host } from '../host/types'
import { realHost } from '../host/real/host'
import { simulatedHost } from '../host/simulated/host'
import { verifyNetwork } from '../network/verify-network'
import { verifyProxy } from '../network/verify-proxy'
import { places } from '../settings/places'
import { openSettings, type Settings } from '../settings/settings'
import { refuseIfRunning } from './control-server'
import { Sensor } from './sensor'

export interface RunSensorOptions {
  /** Folder of the appliance; without it, the one that is this machine. */
  folder?: string
  /** On a simulated network, touching nothing of this machine. */
  isSimulated: boolean
  version: string
  /** How mirror ports are listened to. */
  captureMethod: CaptureMethod
  /** A simulated appliance was told to start anew or to go off. A real one is ended by the machine it runs on. */
  onPower: (order: 'reboot' | 'shutdown') => void
}

/** Wire a sensor to its world and start it. Rejects in plain words when one runs on these settings already. */
export async function startSensor(options: RunSensorOptions): Promise<Sensor> {
  const where = places(options.folder)
  // Before the settings are opened, which clears up what looks left behind: it may be what another sensor is writing.
  await refuseIfRunning(where.socket)
  const settings = await openSettings(where, { network: verifyNetwork, proxy: verifyProxy })
  return Sensor.start({
    places: where,
    settings,
    host: chooseHost(options, settings),
    version: options.version,
    captureMethod: options.captureMethod,
    workerProgram: join(__dirname, '..', 'capture', 'main.js'),
    log,
  })
}

function chooseHost(options: RunSensorOptions, settings: Settings): Host {
  if (!options.isSimulated) return realHost(() => settings.sensor.management)
  const url = new URL(settings.sensor.platform.url)
  return simulatedHost({
    platformPort: Number(url.port) || 443,
    onPower: (order) => {
      log(`power: ${order}; ${order === 'reboot' ? 'back in a moment' : 'off until the simulation is started again'}`)
      options.onPower(order)
    },
  })
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`)
}
