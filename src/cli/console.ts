import { InvalidArgumentError, type Command } from 'commander'
import { CONSOLE_BAUD, runConsole } from '../console/main'
import { places } from '../settings/places'

interface ConsoleFlags {
  folder?: string
  socket?: string
  device?: string
  baud: number
}

/** `nps console`: the dialog face on one terminal. */
export function register(program: Command): void {
  program
    .command('console')
    .description('the menus, on this terminal or on a serial line')
    .option('--folder <dir>', 'the appliance that keeps its files there; without it, the one that is this machine')
    .option('--socket <path>', 'control socket of the sensor, in place of the one of the folder')
    .option('--device <path>', 'a serial device to open, such as /dev/ttyS0, in place of this terminal')
    .option('--baud <rate>', 'bits per second of that device', rate, CONSOLE_BAUD)
    .action(run)
}

async function run(flags: ConsoleFlags): Promise<void> {
  const socket = flags.socket ?? places(flags.folder).socket
  await runConsole({ socket, baud: flags.baud, ...(flags.device === undefined ? {} : { device: flags.device }) })
}

function rate(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 300) throw new InvalidArgumentError('bits per second, such as 115200')
  return value
}
