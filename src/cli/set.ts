import { readFile } from 'node:fs/promises'
import { Argument, Option, type Command } from 'commander'
import type { ProxyWanted } from '../sensor/messages'
import { DEFAULT_FURTHER, type FurtherSettings, type Ipv4Settings } from '../settings/network-settings'
import { DEFAULT_PROXY } from '../settings/proxy-settings'
import {
  addApplianceOptions,
  atAppliance,
  interrupted,
  readStandardInput,
  withoutLineEnd,
  type ApplianceFlags,
} from './appliance'
import { askSecrets } from './ask-secrets'
import { throughTrial } from './network-trial'
import { networkText, proxyText } from './show'

const KEEP = '--keep'
const KEEP_HELP = 'keep network settings that the platform does not confirm, unless it was connected before'

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
    .addOption(new Option('--ipv6 <how>', 'IPv6 beside IPv4').choices(['off', 'auto', 'dhcp', 'static']))
    .option('--ipv6-address <ip>', 'static IPv6 address')
    .option('--ipv6-prefix <length>', 'length of its prefix, 1 to 128')
    .option('--ipv6-gateway <ip>', 'IPv6 router; empty for the one that announces itself')
    .option('--ipv6-dns <ip>', 'DNS server with an IPv6 address')
    .option('--vlan <id>', 'VLAN of the management network; empty for untagged')
    .option('--mtu <bytes>', 'largest packet; empty for what the port has by itself')
    .option('--hostname <name>', 'host name; empty for the one of the machine')
    .option(
      '--ntp <servers>',
      'time servers with blanks between; empty for those of the machine and of DHCP, see nps-settings(5)',
    )
    .option(KEEP, KEEP_HELP, false)
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
    .option('--untried', 'put it in force although nothing has passed through it yet', false)
    .action(setProxy)
  addApplianceOptions(
    set
      .command('console-lock')
      .description('whether the console asks for the 4-digit password; the one in force is read from standard input')
      .addArgument(new Argument('<state>', 'on or off').choices(['on', 'off'])),
  ).action(setConsoleLock)
  addApplianceOptions(
    set
      .command('pin')
      .description('another 4-digit password; the one in force and the new one are read from standard input'),
  ).action(setPin)
  addApplianceOptions(
    set
      .command('restore')
      .description('put settings that were in force before in force again')
      .argument('<id>', 'as in nps show history'),
  )
    .option(KEEP, KEEP_HELP, false)
    .action((id: string, flags: ApplianceFlags & { keep: boolean }) =>
      atAppliance(
        flags,
        (control) => throughTrial(control, flags.keep, (signal) => control.ask('history.restore', { id }, signal)),
        () => 'The earlier settings are in force again.\n',
      ),
    )
}

async function setConsoleLock(state: 'on' | 'off', flags: ApplianceFlags): Promise<void> {
  const [pin = ''] = await askSecrets(['Password'])
  await atAppliance(
    flags,
    (control) => control.ask('console.lock', { lock: state === 'on', pin, newPin: '' }),
    () => `The console ${state === 'on' ? 'asks for the password' : 'is open to everyone'}.\n`,
  )
}

async function setPin(flags: ApplianceFlags, command: Command): Promise<void> {
  const [pin = '', newPin = '', again = newPin] = await askSecrets([
    'Password in force',
    'New password, 4 digits',
    ...(process.stdin.isTTY ? ['New password again'] : []),
  ])
  if (newPin === '') command.error('error: there is no new password')
  if (newPin !== again) command.error('error: the new password was not the same twice')
  await atAppliance(
    flags,
    async (control) => {
      const status = await control.ask('status', {})
      if (!status.ok) return status
      return control.ask('console.lock', { lock: status.answer.consoleIsLocked, pin, newPin })
    },
    () => 'The password is another one now.\n',
  )
}

interface NetworkFlags extends ApplianceFlags, Partial<Omit<FurtherSettings, 'ipv6'>> {
  dhcp?: boolean
  static?: boolean
  address?: string
  netmask?: string
  gateway?: string
  dns1?: string
  dns2?: string
  ipv6?: FurtherSettings['ipv6']
  keep: boolean
}

const IPV4_FLAGS = ['address', 'netmask', 'gateway', 'dns1', 'dns2'] as const

async function setNetwork(flags: NetworkFlags, command: Command): Promise<void> {
  const { dhcp, static: isStatic } = flags
  const further = furtherOf(flags)
  const isAboutIpv4 = dhcp === true || isStatic === true
  const hasValues = IPV4_FLAGS.some((name) => flags[name] !== undefined)
  if (!isAboutIpv4 && (hasValues || Object.keys(further).length === 0)) command.error('error: say --dhcp or --static')
  await atAppliance(
    flags,
    async (control) => {
      const now = await control.ask('network.show', {})
      if (!now.ok) return now
      const wanted = { ...(isAboutIpv4 ? ipv4Of(flags) : ipv4In(now.answer)), ...further }
      return throughTrial(control, flags.keep, (signal) => control.ask('network.apply', wanted, signal))
    },
    networkText,
  )
}

function ipv4Of({ dhcp, address = '', netmask = '', gateway = '', dns1 = '', dns2 = '' }: NetworkFlags): Ipv4Settings {
  return { mode: dhcp ? 'dhcp' : 'static', address, netmask, gateway, dns1, dns2 }
}

function ipv4In({ mode, address, netmask, gateway, dns1, dns2 }: Ipv4Settings): Ipv4Settings {
  return { mode, address, netmask, gateway, dns1, dns2 }
}

function furtherOf(flags: NetworkFlags): Partial<FurtherSettings> {
  const names = Object.keys(DEFAULT_FURTHER) as (keyof FurtherSettings)[]
  return Object.fromEntries(names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])))
}

interface ProxyFlags extends ApplianceFlags {
  off?: boolean
  host?: string
  port: string
  auth: ProxyWanted['auth']
  user?: string
  passwordFile?: string
  passwordStdin?: boolean
  untried?: boolean
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
    ...(flags.untried ? { untried: true } : {}),
  }
  await atAppliance(flags, (control) => control.ask('proxy.apply', wanted, interrupted()), proxyText)
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
