import { readFile } from 'node:fs/promises'
import { Option, type Command } from 'commander'
import type { ProxyWanted } from '../sensor/messages'
import { DEFAULT_NETWORK } from '../settings/network-settings'
import { DEFAULT_PROXY } from '../settings/proxy-settings'
import { addApplianceOptions, atAppliance, readStandardInput, withoutLineEnd, type ApplianceFlags } from './appliance'
import { networkText, proxyText } from './show'

/** `nps set`: the network and proxy screens of the console, for scripts. */
export function register(program: Command): void {
  const set = program.command('set').description('change the settings of the running appliance')
  addApplianceOptions(set.command('network').description('how the management port gets its address'))
    .addOption(
      new Option('--dhcp', 'get everything from DHCP').conflicts([
        'static',
        'address',
        'netmask',
        'gateway',
        'dns1',
        'dns2',
      ]),
    )
    .option('--static', 'use the values that follow')
    .option('--address <ip>', 'IP address of the management port')
    .option('--netmask <mask>', 'netmask, such as 255.255.255.0')
    .option('--gateway <ip>', 'router of this network')
    .option('--dns1 <ip>', 'primary DNS server')
    .option('--dns2 <ip>', 'secondary DNS server')
    .action(setNetwork)
  addApplianceOptions(set.command('proxy').description('the proxy that connections to the platform take'))
    .addOption(
      new Option('--off', 'use no proxy').conflicts(['host', 'port', 'auth', 'user', 'passwordFile', 'passwordStdin']),
    )
    .option('--host <host>', 'name or address of the proxy')
    .option('--port <port>', 'its TCP port', String(DEFAULT_PROXY.port))
    .addOption(new Option('--auth <kind>', 'how it authenticates').choices(['none', 'basic', 'ntlm']).default('none'))
    .option('--user <user>', 'user, or domain\\user')
    .addOption(new Option('--password-file <file>', 'read the password from this file').conflicts('passwordStdin'))
    .option('--password-stdin', 'read the password from standard input')
    .action(setProxy)
}

interface NetworkFlags extends ApplianceFlags {
  dhcp?: boolean
  static?: boolean
  address?: string
  netmask?: string
  gateway?: string
  dns1?: string
  dns2?: string
}

async function setNetwork(flags: NetworkFlags, command: Command): Promise<void> {
  const { dhcp, static: isStatic, address = '', netmask = '', gateway = '', dns1 = '', dns2 = '' } = flags
  if (!dhcp && !isStatic) command.error('error: say --dhcp or --static')
  const wanted = dhcp ? DEFAULT_NETWORK : { mode: 'static' as const, address, netmask, gateway, dns1, dns2 }
  await atAppliance(flags, (control) => control.ask('network.apply', wanted), networkText)
}

interface ProxyFlags extends ApplianceFlags {
  off?: boolean
  host?: string
  port: string
  auth: ProxyWanted['auth']
  user?: string
  passwordFile?: string
  passwordStdin?: boolean
}

async function setProxy(flags: ProxyFlags, command: Command): Promise<void> {
  if (flags.off) {
    // All else stays as it is for the next time.
    const { password: _, ...off } = DEFAULT_PROXY
    await atAppliance(flags, (control) => control.ask('proxy.apply', off), proxyText)
    return
  }
  const { host, port, auth, user = '' } = flags
  if (host === undefined) command.error('error: say --host HOST or --off')
  const hasIdentity = flags.user ?? flags.passwordFile ?? flags.passwordStdin
  if (auth === 'none' && hasIdentity !== undefined) {
    command.error('error: a user and a password go with --auth basic or --auth ntlm')
  }
  const password = await readPassword(flags, command)
  const wanted: ProxyWanted = {
    enabled: true,
    host,
    // What is no number is refused by the sensor as port 0, with the number a port gets.
    port: /^\d{1,5}$/.test(port) ? Number(port) : 0,
    auth,
    user,
    ...(password === undefined ? {} : { password }),
  }
  await atAppliance(flags, (control) => control.ask('proxy.apply', wanted), proxyText)
}

/** Never from the command line, where every user of the machine could read it. Without a source the kept one stays. */
async function readPassword(
  { passwordFile, passwordStdin }: ProxyFlags,
  command: Command,
): Promise<string | undefined> {
  if (passwordStdin) return readStandardInput()
  if (passwordFile === undefined) return undefined
  try {
    return withoutLineEnd(await readFile(passwordFile, 'utf8'))
  } catch (error) {
    return command.error(`error: ${error instanceof Error ? error.message : String(error)}`)
  }
}
