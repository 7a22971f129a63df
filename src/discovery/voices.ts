import { BACNET } from './protocols/bacnet'
import { FTP, IMAP, POP3, SIP, SMTP, SSH, TELNET } from './protocols/banners'
import { BECKHOFF_ADS } from './protocols/beckhoff-ads'
import { DHCP } from './protocols/dhcp'
import { DHCPV6 } from './protocols/dhcpv6'
import { DNS } from './protocols/dns'
import { ETHERNET_IP } from './protocols/ethernet-ip'
import { FINS } from './protocols/fins'
import { HTTP, IPP, RTSP, SSDP } from './protocols/http'
import { KERBEROS } from './protocols/kerberos'
import { LLMNR } from './protocols/llmnr'
import { MDNS } from './protocols/mdns'
import { MYSQL } from './protocols/databases'
import { KNX } from './protocols/knx'
import { RADIUS, SYSLOG_SENDER } from './protocols/logs'
import { HART_IP, SYNCHROPHASOR } from './protocols/measuring'
import { MNDP, UBIQUITI } from './protocols/neighbour-announcements'
import { NIAGARA_FOX } from './protocols/niagara-fox'
import { NTLM } from './protocols/ntlm'
import { NTP } from './protocols/ntp'
import { PRINTERS } from './protocols/printers'
import { PROFINET_CM } from './protocols/profinet-cm'
import { BGP, HSRP, RIP } from './protocols/routing'
import { MODBUS } from './protocols/modbus'
import { NETBIOS_DATAGRAMS, NETBIOS_NAMES } from './protocols/netbios'
import { OPC_UA } from './protocols/opc-ua'
import { RDP } from './protocols/rdp'
import { S7COMM } from './protocols/s7comm'
import { SMB } from './protocols/smb'
import { SNMP } from './protocols/snmp'
import { DNP3, IEC104 } from './protocols/telecontrol'
import { TLS } from './protocols/tls'
import { WS_DISCOVERY } from './protocols/ws-discovery'
import type { Voice } from './voice'

/** Protocols over TCP and UDP that tell something of a machine. */
export const OFFICE_VOICES: readonly Voice[] = [
  DHCP,
  DHCPV6,
  MDNS,
  LLMNR,
  DNS,
  NETBIOS_NAMES,
  NETBIOS_DATAGRAMS,
  SMB,
  HTTP,
  SSDP,
  IPP,
  TLS,
  SSH,
  SMTP,
  FTP,
  POP3,
  IMAP,
  TELNET,
  SIP,
  SNMP,
  KERBEROS,
  NTP,
  RDP,
  WS_DISCOVERY,
  NTLM,
  MYSQL,
  RTSP,
  PRINTERS,
  MNDP,
  UBIQUITI,
  SYSLOG_SENDER,
  RADIUS,
  HSRP,
  RIP,
  BGP,
]

/** Those of plants and buildings, heard only where the OT module is on. */
export const INDUSTRIAL_VOICES: readonly Voice[] = [
  MODBUS,
  S7COMM,
  ETHERNET_IP,
  BACNET,
  DNP3,
  IEC104,
  FINS,
  BECKHOFF_ADS,
  OPC_UA,
  NIAGARA_FOX,
  KNX,
  PROFINET_CM,
  SYNCHROPHASOR,
  HART_IP,
]

/** What the proofs of all that plants and buildings speak name as their source; the last two are frames without IP. */
export const INDUSTRIAL_SOURCES: ReadonlySet<string> = new Set([
  ...INDUSTRIAL_VOICES.map(({ source }) => source),
  'mms',
  'profinet-dcp',
  'goose',
])
