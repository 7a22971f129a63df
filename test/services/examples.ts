import type { ApplicationName } from '../../src/services/applications'
import { clientHello, handshake, record } from './hello'
import { hex } from '../wire/frames'

/** A first payload, to which port it goes, and what it is. */
export interface Example {
  is: ApplicationName
  transport: 'tcp' | 'udp'
  port: number
  bytes: string | Uint8Array
  /** Known by its port alone: elsewhere nobody could tell. */
  onlyThere?: true
}

const tlsTo = (name: string, ...protocols: string[]): Buffer => record(handshake(clientHello({ name, protocols })))
const QUIC_INITIAL = hex('c3 00000001 08 8394c8f03e515708 00 00 449e', '00'.repeat(1200))
const DTLS_HELLO = hex('16 feff 0000 000000000000 0040 01 000034 0000 000000 000034', clientHello().subarray(0, 52))
const OPEN_VPN = hex('38 1122334455667788 00 00000000')
const DNS_QUESTION = hex('abcd 0100 0001 0000 0000 0000 03 777777 07 6578616d706c65 03 636f6d 00 0001 0001')

/** Made by hand from the descriptions of the protocols. */
// prettier-ignore
export const EXAMPLES: readonly Example[] = [
  { is: 'http', transport: 'tcp', port: 80, bytes: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' },
  { is: 'http', transport: 'tcp', port: 80, bytes: 'HTTP/1.1 200 OK\r\n\r\n' },
  { is: 'http', transport: 'tcp', port: 80, bytes: `GET /${'a'.repeat(600)}` },
  { is: 'http', transport: 'tcp', port: 80, bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
  { is: 'http-proxy', transport: 'tcp', port: 3128, bytes: 'CONNECT a.example:443 HTTP/1.1\r\n\r\n' },
  { is: 'http-proxy', transport: 'tcp', port: 80, bytes: 'GET http://a.example/ HTTP/1.1\r\n\r\n' },
  { is: 'https', transport: 'tcp', port: 443, bytes: tlsTo('a.example', 'h2') },
  { is: 'imaps', transport: 'tcp', port: 993, bytes: tlsTo('a.example', 'imap') },
  { is: 'rtsp', transport: 'tcp', port: 554, bytes: 'OPTIONS rtsp://a RTSP/1.0\r\nCSeq: 1\r\n\r\n' },
  { is: 'sip', transport: 'udp', port: 5060, bytes: 'REGISTER sip:a SIP/2.0\r\nVia: b\r\n\r\n' },
  { is: 'sip', transport: 'tcp', port: 5060, bytes: 'SIP/2.0 200 OK\r\n\r\n' },
  { is: 'icap', transport: 'tcp', port: 1344, bytes: 'OPTIONS icap://a ICAP/1.0\r\n\r\n' },
  { is: 'ssdp', transport: 'udp', port: 1900, bytes: 'M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n' },
  { is: 'haproxy', transport: 'tcp', port: 4000, bytes: 'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n' },
  { is: 'socks', transport: 'tcp', port: 1080, bytes: hex('05 02 00 02') },
  { is: 'socks', transport: 'tcp', port: 1080, bytes: hex('04 01 0050 c0000201 00') },
  { is: 'dtls', transport: 'udp', port: 4433, bytes: DTLS_HELLO },
  { is: 'https', transport: 'udp', port: 443, bytes: QUIC_INITIAL, onlyThere: true },
  { is: 'ssh', transport: 'tcp', port: 22, bytes: 'SSH-2.0-OpenSSH_9.6\r\n' },
  { is: 'rdp', transport: 'tcp', port: 3389, bytes: hex('0300 0013 0e e0 0000 0000 00 01 00 0800 03000000') },
  { is: 'vnc', transport: 'tcp', port: 5900, bytes: 'RFB 003.008\n' },
  { is: 'telnet', transport: 'tcp', port: 23, bytes: hex('ff fd 18 ff fd 20') },
  { is: 'x11', transport: 'tcp', port: 6000, bytes: hex('6c 00 0b00 0000 0000 0000 0000') },
  { is: 'smtp', transport: 'tcp', port: 25, bytes: '220 mail.example ESMTP\r\n' },
  { is: 'smtp', transport: 'tcp', port: 25, bytes: 'EHLO client.example\r\n' },
  { is: 'ftp', transport: 'tcp', port: 21, bytes: '220 (vsFTPd 3.0.3)\r\n' },
  { is: 'ftp', transport: 'tcp', port: 21, bytes: 'USER anonymous\r\n', onlyThere: true },
  { is: 'pop3', transport: 'tcp', port: 110, bytes: '+OK POP3 server ready\r\n' },
  { is: 'imap', transport: 'tcp', port: 143, bytes: '* OK IMAP4rev1 ready\r\n' },
  { is: 'imap', transport: 'tcp', port: 143, bytes: 'a1 CAPABILITY\r\n', onlyThere: true },
  { is: 'nntp', transport: 'tcp', port: 119, bytes: '200 news.example ready\r\n', onlyThere: true },
  { is: 'dns', transport: 'udp', port: 53, bytes: DNS_QUESTION },
  { is: 'dns', transport: 'tcp', port: 53, bytes: hex('0021', DNS_QUESTION) },
  { is: 'mdns', transport: 'udp', port: 5353, bytes: hex('0000 0000 0001 0000 0000 0000 01 61 05 6c6f63616c 00 000c 8001'), onlyThere: true },
  { is: 'llmnr', transport: 'udp', port: 5355, bytes: hex('0001 0000 0001 0000 0000 0000 01 61 00 0001 0001'), onlyThere: true },
  { is: 'netbios-ns', transport: 'udp', port: 137, bytes: hex('0001 0110 0001 0000 0000 0000 20', '43'.repeat(32), '00 0020 0001'), onlyThere: true },
  { is: 'smb', transport: 'tcp', port: 445, bytes: hex('00000040 fe534d42 4000', '00'.repeat(58)) },
  { is: 'netbios-ssn', transport: 'tcp', port: 139, bytes: hex('81 000044', '20'.repeat(68)), onlyThere: true },
  { is: 'nfs', transport: 'tcp', port: 2049, bytes: hex('80000028 00000001 00000000 00000002 000186a3 00000004 00000000') },
  { is: 'portmap', transport: 'udp', port: 111, bytes: hex('00000001 00000000 00000002 000186a0 00000002 00000003') },
  { is: 'tftp', transport: 'udp', port: 69, bytes: '\0\x01boot.img\0octet\0' },
  { is: 'rsync', transport: 'tcp', port: 873, bytes: '@RSYNCD: 31.0\n' },
  { is: 'git', transport: 'tcp', port: 9418, bytes: '002dgit-upload-pack /a.git\0host=a\0' },
  { is: 'ldap', transport: 'tcp', port: 389, bytes: hex('30 0c 02 01 01 60 07 02 01 03 04 00 80 00') },
  { is: 'ldap', transport: 'tcp', port: 389, bytes: hex('30 0c 02 01 01 61 07 0a 01 00 04 00 04 00'), onlyThere: true },
  { is: 'kerberos', transport: 'udp', port: 88, bytes: hex('6a 30 30 2e a1 03 02 01 05 a2 03 02 01 0a', '00'.repeat(36)) },
  { is: 'kerberos', transport: 'tcp', port: 88, bytes: hex('00000032 6a 30 30 2e a1 03 02 01 05 a2 03 02 01 0a', '00'.repeat(36)) },
  { is: 'radius', transport: 'udp', port: 1812, bytes: hex('01 01 0014', '00'.repeat(16)), onlyThere: true },
  { is: 'mysql', transport: 'tcp', port: 3306, bytes: hex('09000000 0a 382e30 00 00000000') },
  { is: 'postgresql', transport: 'tcp', port: 5432, bytes: hex('00000008 04d2162f') },
  { is: 'postgresql', transport: 'tcp', port: 5432, bytes: hex('00000010 00030000 75736572 00 61 00 00') },
  { is: 'mssql', transport: 'tcp', port: 1433, bytes: hex('12 01 0016 0000 00 00 00 0006 0006 ff 000000000000 0000') },
  { is: 'mongodb', transport: 'tcp', port: 27017, bytes: hex('15000000 01000000 00000000 dd070000 00000000 00') },
  { is: 'redis', transport: 'tcp', port: 6379, bytes: '*1\r\n$4\r\nPING\r\n' },
  { is: 'oracle', transport: 'tcp', port: 1521, bytes: hex('0020 0000 01 00 0000 0138 012c', '00'.repeat(20)) },
  { is: 'mqtt', transport: 'tcp', port: 1883, bytes: hex('10 0c 0004 4d515454 04 02 003c 0000') },
  { is: 'amqp', transport: 'tcp', port: 5672, bytes: 'AMQP\0\0\x09\x01' },
  { is: 'xmpp', transport: 'tcp', port: 5222, bytes: "<?xml version='1.0'?><stream:stream to='a'>" },
  { is: 'irc', transport: 'tcp', port: 6667, bytes: 'NICK someone\r\n' },
  { is: 'nats', transport: 'tcp', port: 4222, bytes: 'INFO {"server_id":"a"}\r\n' },
  { is: 'stun', transport: 'udp', port: 3478, bytes: hex('0001 0000 2112a442', '00'.repeat(12)) },
  { is: 'rtcp', transport: 'udp', port: 5005, bytes: hex('80 c8 0006', '00'.repeat(24)) },
  { is: 'rtp', transport: 'udp', port: 5004, bytes: hex('80 00 0001 00000000 00000001', 'ff'.repeat(160)) },
  { is: 'dhcp', transport: 'udp', port: 67, bytes: hex('01 01 06 00', '00'.repeat(232), '63825363 35 01 01 ff') },
  { is: 'dhcpv6', transport: 'udp', port: 547, bytes: hex('01 123456 0001 0000'), onlyThere: true },
  { is: 'ntp', transport: 'udp', port: 123, bytes: hex('23', '00'.repeat(47)), onlyThere: true },
  { is: 'snmp', transport: 'udp', port: 161, bytes: hex('30 1a 02 01 01 04 06 7075626c6963 a0 0d 020101 020100 020100 3002 3000') },
  { is: 'syslog', transport: 'udp', port: 514, bytes: '<34>1 2026-01-01T00:00:00Z a b - - - c' },
  { is: 'netflow', transport: 'udp', port: 2055, bytes: hex('0009 0001', '00'.repeat(16)), onlyThere: true },
  { is: 'sflow', transport: 'udp', port: 6343, bytes: hex('00000005 00000001 c0000201'), onlyThere: true },
  { is: 'ms-rpc', transport: 'tcp', port: 135, bytes: hex('05 00 0b 03 10000000 4800 0000 01000000') },
  { is: 'bgp', transport: 'tcp', port: 179, bytes: hex('ff'.repeat(16), '0013 04') },
  { is: 'rip', transport: 'udp', port: 520, bytes: hex('02 02 0000'), onlyThere: true },
  { is: 'ike', transport: 'udp', port: 500, bytes: hex('1122334455667788 0000000000000000 21 20 22 08 00000000 0000001c'), onlyThere: true },
  { is: 'openvpn', transport: 'udp', port: 1194, bytes: OPEN_VPN },
  { is: 'openvpn', transport: 'tcp', port: 1194, bytes: hex('000e', OPEN_VPN) },
  { is: 'wireguard', transport: 'udp', port: 51820, bytes: hex('01000000', '55'.repeat(144)) },
  { is: 'vxlan', transport: 'udp', port: 4789, bytes: hex('08000000 00002a00', '02'.repeat(14)), onlyThere: true },
  { is: 'pptp', transport: 'tcp', port: 1723, bytes: hex('009c 0001 1a2b3c4d 0001') },
  { is: 'modbus', transport: 'tcp', port: 502, bytes: hex('0001 0000 0006 01 03 0000 000a') },
  { is: 's7comm', transport: 'tcp', port: 102, bytes: hex('0300 0019 02 f0 80 32 01 0000 0000 0008 0000 f0 00 0001 0001 01e0') },
  { is: 'ethernet-ip', transport: 'tcp', port: 44818, bytes: hex('6500 0400 00000000 00000000 0000000000000000 00000000 01000000') },
  { is: 'bacnet', transport: 'udp', port: 47808, bytes: hex('81 0b 000c 01 20 ffff 00 ff 10 08') },
  { is: 'dnp3', transport: 'tcp', port: 20000, bytes: hex('0564 05 c0 0100 0004 e921') },
  { is: 'opc-ua', transport: 'tcp', port: 4840, bytes: hex('48454c 46 20000000', '00'.repeat(24)) },
  { is: 'iec-104', transport: 'tcp', port: 2404, bytes: hex('68 04 07 00 00 00') },
  { is: 'profinet', transport: 'udp', port: 34964, bytes: hex('04 00 20 00 10 00 00 00 0000a0de 976cd111 8271 00a02442df7d', '00'.repeat(60)) },
  { is: 'ads', transport: 'udp', port: 48899, bytes: hex('03661471 00000000 01000000 0a0000010101 1027 00000000') },
  { is: 'fins', transport: 'tcp', port: 9600, bytes: 'FINS\0\0\0\x0c\0\0\0\0\0\0\0\0\0\0\0\0' },
  { is: 'hart-ip', transport: 'tcp', port: 5094, bytes: hex('01 00 00 00 0001 000d 01 00007530') },
  { is: 'knx', transport: 'udp', port: 3671, bytes: hex('06 10 02 01 000e 08 01 c0000201 0e57') },
  { is: 'fox', transport: 'tcp', port: 1911, bytes: 'fox a 0 -1 fox hello\n{\n' },
  { is: 'coap', transport: 'udp', port: 5683, bytes: hex('40 01 1234 b1 61'), onlyThere: true },
  { is: 'bittorrent', transport: 'tcp', port: 6881, bytes: '\x13BitTorrent protocol\0\0\0\0' },
  { is: 'bittorrent', transport: 'udp', port: 6881, bytes: 'd1:ad2:id20:aaaaaaaaaaaaaaaaaaaae1:q4:ping1:t2:aa1:y1:qe' },
]
