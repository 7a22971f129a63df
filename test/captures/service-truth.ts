import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { APPLICATIONS } from '../../src/services/application'
import type { ApplicationName } from '../../src/services/applications'
import { CAPTURES_FOLDER } from './captures-folder'

/** What somebody else's program made of one flow. The ends are in no order. */
export interface ServiceTruth {
  file: string
  /** `tcp 192.0.2.1:5000 192.0.2.2:443`, the lower end in text first. */
  key: string
  /** As they call it, the outermost first. */
  said: string[]
}

/** Both ends of a flow as text, the same whoever sends. */
export function flowKey(proto: string, a: string, aPort: number, b: string, bPort: number): string {
  const ends = [`${oneSpelling(a)} ${aPort}`, `${oneSpelling(b)} ${bPort}`]
  return `${proto} ${ends.sort().join(' ')}`
}

function oneSpelling(address: string): string {
  return address.includes(':') ? new URL(`http://[${address.replace(/[[\]]/g, '')}]/`).hostname : address
}

const TRUTH_FOLDER = join(CAPTURES_FOLDER, 'truth')

function truthFiles(start: string, end: string): { file: string; text: string }[] {
  return readdirSync(TRUTH_FOLDER)
    .filter((name) => name.startsWith(start) && name.endsWith(end))
    .map((name) => ({ file: name.slice(0, -end.length), text: readFileSync(join(TRUTH_FOLDER, name), 'utf8') }))
}

const NDPI_FLOW =
  /^\t\d+\t(TCP|UDP) (\S+):(\d+) <?-> (\S+):(\d+) (?:\[VLAN.*?\])?\[proto: [\d.]+\/([^\]]+)\].*?\[Confidence: DPI/

/** The flows that nDPI knows by their payload, from what its own tests expect. */
export function ndpiTruth(): ServiceTruth[] {
  return truthFiles('nDPI__', '.out').flatMap(({ file, text }) => {
    return text.split('\n').flatMap((line) => {
      const [, proto, a, aPort, b, bPort, name] = NDPI_FLOW.exec(line) ?? []
      if (name === undefined) return []
      const key = flowKey(proto!.toLowerCase(), a!, Number(aPort), b!, Number(bPort))
      return [{ file, key, said: name.split('.') }]
    })
  })
}

/** The names that nDPI reads in clients' hellos. */
export function ndpiServerNames(): { file: string; key: string; name: string }[] {
  return truthFiles('nDPI__', '.out').flatMap(({ file, text }) => {
    return text.split('\n').flatMap((line) => {
      const [, proto, a, aPort, b, bPort, called] = NDPI_FLOW.exec(line) ?? []
      const name = /\[Hostname\/SNI: ([^\]]+)\]/.exec(line)?.[1]
      if (name === undefined || called === undefined || !/^(TLS|QUIC|DoH_DoT)/.test(called)) return []
      return [{ file, key: flowKey(proto!.toLowerCase(), a!, Number(aPort), b!, Number(bPort)), name }]
    })
  })
}

interface ArkimeSession {
  body: {
    ipProtocol: number
    protocol?: string[]
    source: { ip: string; port: number }
    destination: { ip: string; port: number }
  }
}

/** The sessions of Arkime's tests; it goes by payload too. */
export function arkimeTruth(): ServiceTruth[] {
  return truthFiles('arkime__', '.test').flatMap(({ file, text }) => {
    const { sessions3 } = JSON.parse(text) as { sessions3: ArkimeSession[] }
    return sessions3.flatMap(({ body: { ipProtocol, protocol = [], source, destination } }) => {
      if (ipProtocol !== 6 && ipProtocol !== 17) return []
      const proto = ipProtocol === 6 ? 'tcp' : 'udp'
      const said = protocol.filter((each) => each !== proto)
      return [{ file, key: flowKey(proto, source.ip, source.port, destination.ip, destination.port), said }]
    })
  })
}

const INSIDE_TLS = APPLICATIONS.filter(({ tls }) => tls === true).map(({ name }) => name)

/** What others call what we call; theirs that have no application of ours are left out. */
export const NAMES_OF_OTHERS: ReadonlyMap<string, readonly ApplicationName[]> = new Map<string, ApplicationName[]>([
  // nDPI
  ['TLS', ['tls', ...INSIDE_TLS]],
  ['DoH_DoT', ['dot', 'https']],
  ['IMAPS', ['imaps']],
  ['DNS', ['dns', 'mdns']],
  ['DNScrypt', ['dnscrypt', 'dns']],
  ['MDNS', ['mdns']],
  ['LLMNR', ['llmnr']],
  // Its port is registered, its message is a plain question of DNS.
  ['AVASTSecureDNS', ['dns']],
  ['STUN', ['stun']],
  ['HTTP', ['http', 'http-proxy']],
  ['HTTP2', ['http']],
  ['WebSocket', ['http']],
  ['SNMP', ['snmp']],
  ['QUIC', ['https', 'quic', 'doq']],
  ['TuyaLP', ['tuya']],
  ['BJNP', ['bjnp']],
  ['BACnet', ['bacnet']],
  ['IEC60870', ['iec-104']],
  ['IEC62056', ['iec-62056']],
  ['DNP3', ['dnp3']],
  ['COAP', ['coap']],
  ['DTLS', ['dtls', 'coaps']],
  ['BitTorrent', ['bittorrent']],
  ['Dropbox', ['dropbox-lan-sync']],
  ['SOCKS', ['socks']],
  ['Teredo', ['teredo']],
  ['DHCP', ['dhcp']],
  ['DHCPV6', ['dhcpv6']],
  ['DCERPC', ['ms-rpc', 'profinet']],
  ['SSDP', ['ssdp']],
  ['MQTT', ['mqtt']],
  ['OpenVPN', ['openvpn']],
  ['FINS', ['fins']],
  ['DLEP', ['dlep']],
  ['LDP', ['ldp']],
  ['BFD', ['bfd']],
  ['HSRP', ['hsrp']],
  ['Cassandra', ['cassandra']],
  ['ATG', ['tank-gauge']],
  ['Corba', ['corba']],
  ['TeamViewer', ['teamviewer']],
  ['Service_Location_Protocol', ['slp']],
  ['ANSI_C1222', ['ansi-c1222']],
  ['SSH', ['ssh']],
  ['KNXnet_IP', ['knx']],
  ['Diameter', ['diameter']],
  ['CNP-IP', ['lontalk']],
  ['NTP', ['ntp']],
  ['HAProxy', ['haproxy']],
  ['Ether-S-Bus', ['s-bus']],
  ['RTCP', ['rtcp', 'rtp']],
  ['Gearman', ['gearman']],
  ['NetBIOS', ['netbios-ns', 'netbios-dgm', 'netbios-ssn', 'smb']],
  ['SMBv23', ['smb']],
  ['RDP', ['rdp']],
  ['POP3', ['pop3']],
  ['NoMachine', ['nomachine']],
  ['MPEG_TS', ['mpeg-ts']],
  ['ApplePush', ['apple-push']],
  // Arkime
  ['dns', ['dns', 'mdns', 'llmnr']],
  ['http', ['http', 'http-proxy', 'elasticsearch', 'ssdp']],
  ['stun', ['stun']],
  ['bacnet', ['bacnet']],
  ['snmp', ['snmp']],
  ['smb', ['smb', 'netbios-ssn']],
  ['smtp', ['smtp']],
  ['modbus', ['modbus']],
  ['tls', ['tls', ...INSIDE_TLS]],
  ['s7comm', ['s7comm']],
  ['bittorrent', ['bittorrent']],
  ['ssh', ['ssh']],
  ['dtls', ['dtls']],
  ['thrift', ['thrift']],
  ['quic', ['https', 'quic']],
  ['syslog', ['syslog']],
  ['ntp', ['ntp']],
  ['socks', ['socks']],
  ['radius', ['radius']],
  ['pop3', ['pop3']],
  ['dcerpc', ['ms-rpc', 'smb']],
  ['krb5', ['kerberos']],
  ['isakmp', ['ike']],
  ['tds', ['mssql']],
  ['gtp', ['gtp']],
])
