import type { Command } from 'commander'
import { addApplianceOptions, atAppliance, type ApplianceFlags } from './appliance'

/** `nps system`: what the console has under System. */
export function register(program: Command): void {
  const system = program.command('system').description('reboot, switch off or reset the running appliance')
  const orders = [
    ['reboot', 'start the appliance anew', 'The appliance starts anew.'],
    ['shutdown', 'switch the appliance off; somebody has to switch it on again', 'The appliance is going off.'],
    ['reset', 'settings, registration and password as shipped', 'Everything is as shipped; the password is 0000.'],
  ] as const
  for (const [name, description, done] of orders) {
    addApplianceOptions(system.command(name).description(description))
      .option('--yes', 'really do it', false)
      .action(async (flags: ApplianceFlags & { yes: boolean }, command: Command) => {
        if (!flags.yes) command.error('error: say --yes to really do it')
        const confirmation = name.toUpperCase()
        await atAppliance(
          flags,
          (control) => control.ask(`system.${name}`, { confirmation }),
          () => `${done}\n`,
        )
      })
  }
}
