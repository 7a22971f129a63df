import type { Command } from 'commander'
import type { CaptureMethod } from '../capture/messages'
import { captureMethod } from './capture-method'
import { STAYS_OFF } from './child-program'

/** Longer than the worker may take to write down what it holds. */
const FAREWELL_MS = 10_000

/** `nps sensor`: the resident service. */
export function register(program: Command): void {
  program
    .command('sensor')
    .description('the resident service: owns the settings, runs the worker, holds the link to the platform')
    .option('--folder <dir>', 'where this appliance keeps its files; without it, /etc/nps and /var/lib/nps')
    .option('--simulated', 'on a simulated network, touching nothing of this machine', false)
    .addOption(captureMethod())
    .option('--announce', 'print one line of JSON when ready, and end when standard input ends', false)
    .action(async (options: { folder?: string; simulated: boolean; announce: boolean; source: CaptureMethod }) => {
      const { startSensor } = await import('../sensor/main.js')
      let isEnding = false
      const end = (status = 0): void => {
        if (isEnding) return
        isEnding = true
        // A peer that never answers must not keep us: what is being written survives a power cut, so also this.
        setTimeout(() => process.exit(status), FAREWELL_MS)
        // An order may come as soon as the socket is there, a moment before everything is.
        void starting.then((sensor) => sensor.stop()).finally(() => process.exit(status))
      }
      const starting = startSensor({
        ...(options.folder === undefined ? {} : { folder: options.folder }),
        isSimulated: options.simulated,
        version: program.version() ?? '',
        captureMethod: options.source,
        onPower: (order) => end(order === 'shutdown' ? STAYS_OFF : 0),
      })
      await starting
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end())
      if (options.announce) {
        process.stdout.write('{"ready":true}\n')
        process.stdin
          .on('end', () => end())
          .on('close', () => end())
          .resume()
      }
    })
}
