import { join } from 'node:path'
import type { Lab } from './lab'
import type { Namespace } from './namespace'
import type { Program } from './program'

export interface DnsmasqOptions {
  /** The port of the machine on which it serves. */
  port: string
  /** Leases from `from` to `to`, with a router and DNS servers to go with them. */
  dhcp?: {
    from: string
    to: string
    netmask: string
    router?: string
    dns?: string[]
    /** dnsmasq gives no shorter lease than two minutes. */
    leaseSeconds?: number | 'infinite'
  }
  /** The names it knows; any other does not exist. Without it there is no DNS. */
  names?: Record<string, string>
  /** Whatever else dnsmasq(8) takes. */
  more?: string[]
}

/** dnsmasq as DHCP server, DNS server or both, on this machine; resolves when it serves. It logs what it is asked. */
export async function startDnsmasq(lab: Lab, machine: Namespace, options: DnsmasqOptions): Promise<Program> {
  const { port, dhcp, names, more = [] } = options
  const server = machine.start([
    'dnsmasq',
    '--conf-file=/dev/null',
    '--keep-in-foreground',
    '--log-facility=-',
    '--log-queries',
    '--log-dhcp',
    '--user=root',
    '--pid-file=',
    '--no-resolv',
    '--no-hosts',
    '--bind-interfaces',
    `--interface=${port}`,
    '--except-interface=lo',
    ...(dhcp === undefined ? [] : dhcpWords(lab, machine, dhcp)),
    ...(names === undefined
      ? ['--port=0']
      : // With `#` in front of everything that is not named: it does not exist, and nobody else is asked.
        ['--local=/#/', ...Object.entries(names).map(([name, address]) => `--host-record=${name},${address}`)]),
    ...more,
  ])
  await server.says(/started/)
  return server
}

function dhcpWords(lab: Lab, machine: Namespace, dhcp: NonNullable<DnsmasqOptions['dhcp']>): string[] {
  const { from, to, netmask, router, dns = [], leaseSeconds = 3600 } = dhcp
  return [
    `--dhcp-range=${from},${to},${netmask},${leaseSeconds}`,
    // An option without a value is not sent; left away, dnsmasq would name itself.
    `--dhcp-option=option:router${router === undefined ? '' : `,${router}`}`,
    `--dhcp-option=option:dns-server${dns.map((address) => `,${address}`).join('')}`,
    '--dhcp-authoritative',
    // It would ping an address for three seconds before it gives it out.
    '--no-ping',
    `--dhcp-leasefile=${join(lab.folder, `${machine.name}.leases`)}`,
  ]
}
