import type { ErrorNumber } from '../errors/catalogue'
import type { TroubleKind } from './trouble-kind'

/** What to do where DHCP gives no address. */
export const NO_LEASE_ADVICE =
  'Check that a DHCP server is on this network, or enter a static address in Set up Network.'

/** What to do, where the condition is known better than by its number. */
export function adviceOn(number: ErrorNumber, kind: TroubleKind | undefined): string | undefined {
  return kind === undefined ? undefined : (ADVICE[`${number} ${kind}`] ?? ADVICE[kind])
}

const SET_CLOCK = 'Set the clock, or let it be set by NTP; the times in reports are wrong until then.'

const ADVICE: Partial<Record<TroubleKind | `${number} ${TroubleKind}`, string>> = {
  '31 silent':
    'A firewall on the way drops it, or the gateway passes nothing on: have port 443 opened to the platform.',
  '31 refused': 'Check the address of the platform in sensor.ini, and whether the platform is running.',
  '31 no-way': 'Check the gateway, and the netmask against it, in Set up Network.',
  '32 silent': 'Check the address of the proxy. If it is right, a firewall on the way drops what is sent to it.',
  '32 refused': 'The machine is there, but nothing listens on that port: check the port of the proxy.',
  '32 no-way': 'Check the address of the proxy, and gateway and netmask in Set up Network.',
  login: 'Enter user name and password of the proxy again in Proxy Configuration.',
  'asks-login': 'Choose BasicAuth or NTLMAuth in Proxy Configuration, with a user of that proxy.',
  'other-login': 'Choose a kind of authentication that the proxy offers, in Proxy Configuration.',
  forbidden: 'Ask the owner of the proxy to allow CONNECT to the platform.',
  'no-tunnel': 'Ask the owner of the proxy to allow CONNECT, or enter a proxy that tunnels.',
  'not-http': 'Check address and port of the proxy: this port belongs to something else.',
  'proxy-tls': 'Enter the port on which the proxy speaks plain HTTP.',
  socks: 'Enter an HTTP proxy in Proxy Configuration; its port is another one.',
  beyond: 'The proxy works. Ask its owner why it does not get to the platform.',
  'beyond-name': 'The proxy works. Check the name of the platform, and the DNS servers of the proxy.',
  stranger: 'Have whoever runs that device exempt the platform from TLS inspection.',
  expired: 'If the clock here is right, the platform needs a new certificate; else set the clock.',
  early: 'If the clock here is right, the platform needs another certificate; else set the clock.',
  'other-name': 'Check the address of the platform in sensor.ini: another server answers there.',
  'ca-file': 'Put the CA certificate of the platform where sensor.ini says it is.',
  'clock-ahead': SET_CLOCK,
  'clock-behind': SET_CLOCK,
  unknown: 'Check the spelling of the name, and that the DNS server is the one for it.',
  blocked: 'Have whoever runs the DNS server let the name through, or use another server.',
  'server-trouble': 'Ask whoever runs the DNS server whether this appliance may use it, or enter another one.',
  '26 refused': 'Enter another DNS1: that machine is there, but it is no DNS server.',
  '27 refused': 'Enter another DNS2, or leave it empty: that machine is there, but it is no DNS server.',
  silent6: 'Check that router, and the IPv6 settings in Set up Network.',
  none6: 'Have the router advertise itself, or enter it as IPv6 gateway in Set up Network.',
  'none-offered': 'Have the DHCP server offer the router (option 3), or enter a static address in Set up Network.',
  'not-in-force': 'Enter the gateway again in Set up Network.',
  'no-ipv4': NO_LEASE_ADVICE,
  'no-port':
    'Write its name into sensor.ini, as port = eth0 below [management]; then do this again. ip link lists ports.',
  'other-port': 'Correct port below [management] in sensor.ini, then do this again. ip link lists the ports there are.',
  'not-root': 'Run nps sensor as root; or leave the network of this machine to others, with no port in sensor.ini.',
  'no-backend': 'Install iproute2, or start systemd-networkd.',
  'no-client': 'Install isc-dhcp-client or udhcpc, or enter a static address.',
  'no-client6': 'Install isc-dhcp-client, or choose another kind of IPv6 in Set up Network.',
  'not-tls': 'Check address and port of the platform in sensor.ini: this port belongs to something else.',
}
