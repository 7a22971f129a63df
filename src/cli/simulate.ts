import { join, resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import type { SimulateOptions } from './simulated-appliance'

const ROOT = resolve(__dirname, '../../..')

/** `nps simulate`: a whole appliance on this machine that touches nothing of it; what `npm start` runs. */
export function register(program: Command): void {
  program
    .command('simulate')
    .description('a whole simulated appliance: platform, sensor, worker on replayed traffic, console in this terminal')
    .option('--folder <dir>', 'where it keeps its state', join(ROOT, '.appliance'))
    .option('--replay <file>', 'a capture file to play as the mirror port, in place of the built-in office and plant')
    .option('--speed <factor>', 'how fast the capture is played', positive, 5)
    .option('--port <number>', 'port of the platform on loopback; another one if it is taken', port, 8443)
    .option('--fresh', 'forget the state of earlier runs first', false)
    .option('--no-console', 'only run, until a signal comes; other terminals can use nps console --folder')
    .action(async (options: SimulateOptions) => {
      const { simulate } = await import('./simulated-appliance.js')
      await simulate(options)
    })
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 10_000)) throw new InvalidArgumentError('A number above 0, at most 10000.')
  return value
}

function port(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('0 to 65535.')
  return value
}
