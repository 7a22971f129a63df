import { Command } from 'commander'
import { SensorError } from '../errors/sensor-error'
import { outliveTheTerminal } from './lost-terminal'

/**
 * Run the `nps` command with these subcommands. A failure is said in one line; the exit status is the product's
 * number of it, or 10.
 */
export function runProgram(registrations: readonly ((program: Command) => void)[]): void {
  const program = new Command('nps').description('Network Passive Sensor').version('0.1.0')
  for (const register of registrations) register(program)
  outliveTheTerminal()
  program.parseAsync().catch((error: unknown) => {
    process.stderr.write(`nps: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = error instanceof SensorError ? error.number : 10
  })
}
