import { Command } from 'commander'
import { SensorError } from '../errors/sensor-error'
import { register as console } from './console'
import { outliveTheTerminal } from './lost-terminal'
import { register as personalize } from './personalize'
import { register as platform } from './platform'
import { register as sensor } from './sensor'
import { register as set } from './set'
import { register as show } from './show'
import { register as simulate } from './simulate'
import { register as traffic } from './traffic'
import { register as worker } from './worker'

/**
 * The `nps` command. Each subcommand is one file of this folder that exports `register`; what it needs to do its work
 * is loaded when it does it, so that no command pays for another's start.
 */
const program = new Command('nps').description('Network Passive Sensor').version('0.1.0')

console(program)
personalize(program)
platform(program)
sensor(program)
set(program)
show(program)
simulate(program)
traffic(program)
worker(program)

outliveTheTerminal()
program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`nps: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof SensorError ? error.number : 10
})
