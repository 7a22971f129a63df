import type { ApplicationName } from '../../src/services/applications'

/**
 * What the manifest, which has it from tshark, calls an application; for those that only ever come outside of tunnels
 * here, since a tunnel over UDP is one flow, whatever is inside.
 */
export const EXERCISED: Partial<Record<ApplicationName, readonly string[]>> = {
  ssh: ['ssh'],
  smtp: ['smtp'],
  imap: ['imap'],
  pop3: ['pop'],
  ftp: ['ftp'],
  snmp: ['snmp'],
  sip: ['sip'],
  stun: ['stun', 'classicstun'],
  ldap: ['ldap', 'cldap'],
  kerberos: ['kerberos'],
  mysql: ['mysql'],
  postgresql: ['pgsql'],
  mssql: ['tds'],
  redis: ['resp'],
  cassandra: ['cql'],
  mqtt: ['mqtt'],
  nfs: ['nfs', 'mount', 'nfsacl'],
  portmap: ['portmap'],
  vnc: ['vnc'],
  bgp: ['bgp'],
  ldp: ['ldp'],
  rip: ['rip'],
  hsrp: ['hsrp'],
  openvpn: ['openvpn'],
  pptp: ['pptp'],
  diameter: ['diameter'],
  coap: ['coap'],
  bittorrent: ['bt-dht'],
  gnutella: ['gnutella'],
  modbus: ['modbus'],
  s7comm: ['s7comm'],
  'ethernet-ip': ['enip', 'cipio'],
  dnp3: ['dnp3'],
  bacnet: ['bacnet', 'bvlc'],
  'iec-104': ['iec60870_104'],
  'opc-ua': ['opcua'],
  'hart-ip': ['hart_ip'],
  ads: ['ams'],
  fins: ['omron'],
  'ansi-c1222': ['c1222'],
}

/** Ends of file names that exercise an application we do not find, and why. */
export const MISSED: Partial<Record<ApplicationName, Record<string, string>>> = {
  ssh: {
    'tests__geneve.pcap': 'inside a tunnel',
    'filter__geneve.pcap': 'inside a tunnel',
    'sflow_expanded.pcap': 'in the samples of sFlow',
    'vxlan-decoder-03__vxlan.pcap': 'inside a tunnel',
    'pcapng-example.pcapng': 'encrypted from the first packet captured on',
  },
  sip: { 'http_on_sip_port.pcap': 'it is HTTP' },
}

/** The other way round: found where the manifest does not have it. It lists what tshark goes by, mostly the port. */
export const FOUND_ALSO: Partial<Record<ApplicationName, Record<string, string>>> = {
  ssh: {
    'tcp_handshake_synthetic.pcap': 'at port 8080',
    'ssl-and-ssh-using-sslh.pcap': 'at port 443',
  },
  stun: { 'turn.pcap': 'at port 80' },
  ldap: { 'ldap-simpleauth-diff-port.pcap': 'at another port' },
  mqtt: { 'coap_mqtt.pcap': 'at another port' },
  nfs: {
    'nfs-attr-oobr.pcap': 'a broken answer at its port',
    'modbus-and-non-modbus-p502.pcap': 'calls at the port of Modbus',
  },
  bgp: { 'arkime__tests__pcap__ospf.pcap': 'keepalives beside OSPF' },
  'ethernet-ip': { 'EIP-ControlProtocolChangeAttempt.pcap': 'beside what the list names' },
  'opc-ua': { 'non-standard-port.pcap': 'at another port' },
  ads: { 'beckoff__invokeid12.pcapng': 'beside what the list names' },
}
