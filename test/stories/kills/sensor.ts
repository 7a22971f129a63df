import { join } from 'node:path'
import { simulatedHost } from '../../../src/host/simulated/host'
import { verifyNetwork } from '../../../src/network/verify-network'
import { verifyProxy } from '../../../src/network/verify-proxy'
import { Sensor } from '../../../src/sensor/sensor'
import { places } from '../../../src/settings/places'
import { openSettings } from '../../../src/settings/settings'

/** A whole sensor in a folder, with a worker that keeps a journal. Prints a line when it is there. */
async function main([folder, platformPort]: string[]): Promise<void> {
  const where = places(folder)
  const settings = await openSettings(where, { network: verifyNetwork, proxy: verifyProxy })
  const sensor = await Sensor.start({
    places: where,
    settings,
    host: simulatedHost({ platformPort: Number(platformPort) }),
    version: '0.0.0',
    captureMethod: 'auto',
    workerProgram: join(__dirname, 'journal-worker.js'),
    log: () => undefined,
  })
  process.once('SIGTERM', () => void sensor.stop().finally(() => process.exit()))
  console.log('ready')
}

void main(process.argv.slice(2))
