import { Command } from 'commander'
import { register as platform } from './platform'

/** The `nps` command. Each subcommand is one file of this folder that exports `register`. */
const program = new Command('nps').description('Network Passive Sensor').version('0.1.0')

platform(program)

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`nps: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 10
})
