import type { Command } from 'commander'
import { addApplianceOptions, atAppliance, readStandardInput, type ApplianceFlags } from './appliance'
import { visible } from '../text/visible'

/** `nps personalize`: register the appliance with the platform. */
export function register(program: Command): void {
  addApplianceOptions(
    program
      .command('personalize')
      .description('register the running appliance with the platform')
      .argument('<code>', 'the 14-digit personalization code, or - to read it from standard input'),
  ).action(async (argument: string, flags: ApplianceFlags) => {
    const code = argument === '-' ? (await readStandardInput()).trim() : argument
    await atAppliance(
      flags,
      (control) => control.ask('personalize', { code }),
      ({ name }) => `Appliance registration completed successfully.\nName  ${visible(name)}\n`,
    )
  })
}
