import { prefixOfNetmask } from '../settings/netmasks'
import { managementDevice, type NetworkSettings } from '../settings/network-settings'
import { ETHERNET_MTU, fixedDns } from './generate-networkd'
import { TIME_SERVICES, type TimeService } from './time-services'

/** Where the files of generateIproute2() and the DHCP client's own lie: gone after a boot, as the kernel's state is. */
export const IPROUTE2_FOLDER = '/run/nps/network'

/** Held by the DHCP client's script while it runs, and by every program that it has started. */
export const EVENT_LOCK = `${IPROUTE2_FOLDER}/dhcp-event.lock`

/** There once the script has carried out the first lease of this family, to the last word of it. */
export function leaseDone(family: 4 | 6): string {
  return `${IPROUTE2_FOLDER}/done${family}`
}

/**
 * What sets the port up without a network service, in the order in which it is used: `link.batch` for ip(8),
 * `sysctl.conf`, `address.batch` for ip(8), then `dhcp-event`, the script of the DHCP client, or `resolv.conf` when
 * there is none. Together they lead from any state to the wanted one, so a run that was broken off is simply done again.
 */
export function generateIproute2(port: string, settings: NetworkSettings): Map<string, string> {
  const device = managementDevice(port, settings)
  const files = new Map([
    ['link.batch', linkBatch(port, device, settings)],
    ['sysctl.conf', (device === port ? '' : `net.ipv6.conf.${port}.disable_ipv6 = 1\n`) + sysctl(device, settings)],
    ['address.batch', addressBatch(device, settings)],
  ])
  const servers = fixedDns(settings).map((server) => `nameserver ${server}\n`)
  if (clientsOf(settings).length > 0) files.set('dhcp-event', dhcpEvent(servers, settings.ntp === ''))
  else files.set('resolv.conf', `# Written by nps from network.ini; see nps-settings(5).\n${servers.join('')}`)
  return files
}

/** For which families a DHCP client is wanted. */
export function clientsOf({ mode, ipv6 }: NetworkSettings): (4 | 6)[] {
  return [...(mode === 'dhcp' ? [4 as const] : []), ...(ipv6 === 'dhcp' ? [6 as const] : [])]
}

function linkBatch(port: string, device: string, { vlan, mtu }: NetworkSettings): string {
  const lines = [`address flush dev ${port} scope global`, `link set dev ${port} mtu ${mtu || ETHERNET_MTU} up`]
  if (device !== port) {
    lines.push(`link add link ${port} name ${device} type vlan id ${vlan}`, `link set dev ${device} up`)
  }
  return `${lines.join('\n')}\n`
}

/** Turning IPv6 off and on again takes every address and route of before away, and then asks for routers (RFC 4861). */
function sysctl(device: string, { ipv6, ipv6Gateway }: NetworkSettings): string {
  const hears = ipv6 !== 'off' && !(ipv6 === 'static' && ipv6Gateway !== '')
  const values = {
    disable_ipv6: 1,
    // 2: also where this machine forwards packets, as one with containers does.
    accept_ra: hears ? 2 : 0,
    accept_ra_defrtr: hears ? 1 : 0,
    accept_ra_pinfo: hears ? 1 : 0,
    accept_ra_mtu: 0,
    autoconf: ipv6 === 'auto' ? 1 : 0,
  }
  const lines = [...Object.entries(values), ['disable_ipv6', 0] as const]
  return lines.map(([key, value]) => `net.ipv6.conf.${device}.${key} = ${value}\n`).join('')
}

function addressBatch(device: string, settings: NetworkSettings): string {
  const lines: string[] = []
  if (settings.mode === 'static') {
    const prefix = prefixOfNetmask(settings.netmask)
    lines.push(
      `address replace ${settings.address}/${prefix} broadcast + dev ${device}`,
      `route replace default via ${settings.gateway} dev ${device}`,
    )
  }
  if (settings.ipv6 === 'static') {
    lines.push(`address replace ${settings.ipv6Address}/${settings.ipv6Prefix} dev ${device}`)
    if (settings.ipv6Gateway !== '') lines.push(`route replace default via ${settings.ipv6Gateway} dev ${device}`)
  }
  return lines.map((line) => `${line}\n`).join('')
}

/**
 * What a lease means, for udhcpc(8), which tells by argument and short names, and dhclient(8), which tells by `reason`
 * and long ones (dhclient-script(8)). Nothing of what a server sends is ever run: values are only passed on as words. The
 * time servers it offers are asked where the settings name none.
 */
function dhcpEvent(fixedServers: readonly string[], takesTime: boolean): string {
  return `#!/bin/sh
# Written by nps from network.ini; see nps-settings(5).
here=${IPROUTE2_FOLDER}
# One at a time: the clients of both families write the same files.
exec 9>${EVENT_LOCK}
flock 9 2>/dev/null
event=\${reason:-$1}
address=\${new_ip_address:-$ip}
netmask=\${new_subnet_mask:-\${subnet:-255.255.255.255}}
routers=\${new_routers:-$router}
servers=\${new_domain_name_servers:-$dns}
clocks=\${new_ntp_servers:-$ntpsrv}
server=\${new_dhcp_server_identifier:-$serverid}
seconds=\${new_dhcp_lease_time:-\${lease:-forever}}

# Only what can be part of an address; everything else of a hostile server's answer is dropped.
words() { printf '%s\\n' "$*" | tr -c '0-9a-fA-F.:\\n' '\\n' | grep . ; }

tell_dns() {
  for server in $(words "$2"); do echo "nameserver $server"; done >"$here/dns$1.new"
  mv "$here/dns$1.new" "$here/dns$1"
  {
    echo '# Written by nps from what DHCP offers; see nps-settings(5).'
    cat "$here/dns4" "$here/dns6" 2>/dev/null
    cat <<'END'
${fixedServers.join('')}END
  } >/etc/resolv.conf.nps && mv -f /etc/resolv.conf.nps /etc/resolv.conf
}
${takesTime ? TELL_TIME : ''}
case $event in
  PREINIT | PREINIT6)
    ip link set dev "$interface" up ;;
  bound | renew | BOUND | RENEW | REBIND | REBOOT)
    ip -4 address replace "$address/$netmask" broadcast + dev "$interface" valid_lft "$seconds" preferred_lft "$seconds"
    for other in $(ip -4 -o address show dev "$interface" scope global | awk '{ print $4 }'); do
      [ "\${other%/*}" = "$address" ] || ip -4 address del "$other" dev "$interface"
    done
    for gateway in $(words "$routers"); do
      ip -4 route replace default via "$gateway" dev "$interface" onlink
      break
    done
    words "$server" >"$here/server4"
    tell_dns 4 "$servers"${takesTime ? '\n    tell_time 4 "$clocks"' : ''}
    : >${leaseDone(4)} ;;
  deconfig | EXPIRE | FAIL | RELEASE | STOP)
    ip -4 address flush dev "$interface" scope global
    rm -f "$here/server4"
    tell_dns 4 ''${takesTime ? "\n    tell_time 4 ''" : ''} ;;
  BOUND6 | RENEW6 | REBIND6)
    ip -6 address replace "$new_ip6_address/\${new_ip6_prefixlen:-128}" dev "$interface" \\
      valid_lft "\${new_max_life:-forever}" preferred_lft "\${new_preferred_life:-forever}"
    tell_dns 6 "$new_dhcp6_name_servers"${takesTime ? '\n    tell_time 6 "$(clocks6)"' : ''}
    : >${leaseDone(6)} ;;
  EXPIRE6 | RELEASE6 | STOP6)
    [ -z "$old_ip6_address" ] || ip -6 address del "$old_ip6_address/\${old_ip6_prefixlen:-128}" dev "$interface"
    tell_dns 6 ''${takesTime ? "\n    tell_time 6 ''" : ''} ;;
  # DEPREF6: from now on no connection is to begin with the address (RFC 4862 5.5.4), which the kernel sees to by itself.
esac
exit 0
`
}

/**
 * RFC 5908: option 56 holds a list of sub-options, and dhclient(8) is told to read them as three words each: kind, length
 * and an address. Kind 1 is a server; one of another kind, such as a name, spoils what is read after it.
 */
const TELL_TIME = `
clocks6() {
  set -- $(words "$new_dhcp6_ntp_servers")
  while [ "$1 $2" = '1 16' ]; do
    echo "$3"
    shift 3
  done
  words "$new_dhcp6_sntp_servers"
}

# A service is told only what is new to it: to be told may be to be started again.
tell_time() {
  for server in $(words "$2"); do echo "$server"; done >"$here/ntp$1"
  offered=$(cat "$here/ntp4" "$here/ntp6" 2>/dev/null)
${TIME_SERVICES.map(tellService).join('')}}
`

function tellService({ folder, offered, head, line, reload }: TimeService): string {
  const lines = `for server in $offered; do echo ${JSON.stringify(line('$server'))}; done`
  const print = head === '' ? lines : `echo '${head.trimEnd()}'; ${lines}`
  return `  if [ -d ${folder} ]; then
    wanted=$([ -z "$offered" ] || { ${print}; })
    if [ "$wanted" != "$(cat ${offered} 2>/dev/null)" ]; then
      mkdir -p ${offered.replace(/\/[^/]*$/, '')}
      echo "$wanted" >${offered}.new && mv -f ${offered}.new ${offered}
      ${reload.join(' ')} >/dev/null 2>&1
    fi
  fi
`
}
