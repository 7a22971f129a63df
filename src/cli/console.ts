import { InvalidArgumentError, type Command } from 'commander'
import { runConsole } from '../console/main'
import { CONSOLE_BAUD } from '../console/terminal'
import { FOLDER_HELP, socketsOf, stateOf } from './appliance'

interface ConsoleFlags {
  folder?: string
  socket?: string
  device?: string
  baud: number
  plain: boolean
}

/** `nps console`: the dialog face on one terminal. */
export function register(program: Command): void {
  program
    .command('console')
    .description('the menus, on this terminal or on a serial line')
    .option('--folder <dir>', FOLDER_HELP)
    .option('--socket <path>', 'control socket of the sensor, in place of the one of the folder')
    .option('--device <path>', 'a serial device to open, such as /dev/ttyS0, in place of this terminal')
    .option('--baud <rate>', 'bits per second of that device', rate, CONSOLE_BAUD)
    .option(
      '--plain',
      'numbered questions line by line, for scripts, screen readers and paper; also without a terminal',
      false,
    )
    .action(run)
}

async function run(flags: ConsoleFlags): Promise<void> {
  const sockets = flags.socket === undefined ? socketsOf(flags.folder) : [flags.socket]
  const state = stateOf(flags.folder)
  await runConsole({
    sockets,
    state,
    baud: flags.baud,
    isPlain: flags.plain,
    ...(flags.device === undefined ? {} : { device: flags.device }),
  })
}

function rate(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 300) throw new InvalidArgumentError('bits per second, such as 115200')
  return value
}
