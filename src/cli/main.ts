import { register as console } from './console'
import { register as explain } from './explain'
import { register as health } from './health'
import { register as personalize } from './personalize'
import { register as platform } from './platform'
import { runProgram } from './program'
import { register as sensor } from './sensor'
import { register as set } from './set'
import { register as show } from './show'
import { register as simulate } from './simulate'
import { register as system } from './system'
import { register as test } from './test'
import { register as traffic } from './traffic'
import { register as worker } from './worker'

/**
 * The `nps` command. Each subcommand is one file of this folder that exports `register`; what it needs to do its work
 * is loaded when it does it, so that no command pays for another's start.
 */
runProgram([
  console,
  explain,
  health,
  personalize,
  platform,
  sensor,
  set,
  show,
  simulate,
  system,
  test,
  traffic,
  worker,
])
