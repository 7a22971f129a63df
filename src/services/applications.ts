/** What applications are grouped under on the pages. The guide names the first; the others follow its manner. */
export type Family =
  | 'Web Services'
  | 'Mail Services'
  | 'Name Services'
  | 'File Services'
  | 'Print Services'
  | 'Directory Services'
  | 'Database Services'
  | 'Messaging'
  | 'Voice and Video'
  | 'Remote Access'
  | 'Network Services'
  | 'Network Management'
  | 'Routing'
  | 'Tunnels and VPN'
  | 'Industrial Control'
  | 'Building Automation'
  | 'Internet of Things'
  | 'Peer to Peer'
  | 'Encrypted'

/** What is known of one application before any packet was seen. */
export interface ApplicationRow {
  /** Short and in lower case, for columns and files. Reports keep it, so it never changes its meaning. */
  readonly name: string
  /** For people. */
  readonly title: string
  readonly family: Family
  /** Server ports that the IANA registry of service names gives it: `tcp/443 udp/443`. */
  readonly iana?: string
  /** Server ports it is met on although the registry gives them to others, or to nobody. */
  readonly usual?: string
  /** May be spoken inside TLS, from the first byte or after STARTTLS: TLS at its ports is no contradiction. */
  readonly tls?: true
  /** Is spoken in HTTP: HTTP at its ports is no contradiction. */
  readonly http?: true
}

/**
 * The applications a flow can be said to carry. A row is all that a new one needs; a recogniser in `glance/` makes it
 * known on any port as well. Where two rows have one port, the earlier has it.
 */
// prettier-ignore
export const APPLICATION_ROWS = [
  // Web
  { name: 'http', title: 'HTTP', family: 'Web Services', iana: 'tcp/80 tcp/8080 tcp/8008', usual: 'tcp/8000 tcp/8081 tcp/8888', http: true },
  { name: 'https', title: 'HTTPS', family: 'Web Services', iana: 'tcp/443 udp/443', usual: 'tcp/8443 tcp/9443', tls: true },
  { name: 'http-proxy', title: 'HTTP proxy', family: 'Web Services', usual: 'tcp/3128', http: true },
  { name: 'socks', title: 'SOCKS proxy', family: 'Web Services', iana: 'tcp/1080' },
  { name: 'rtmp', title: 'RTMP', family: 'Voice and Video', iana: 'tcp/1935' },

  // Names
  { name: 'dns', title: 'DNS', family: 'Name Services', iana: 'tcp/53 udp/53' },
  { name: 'dot', title: 'DNS over TLS', family: 'Name Services', iana: 'tcp/853', tls: true },
  { name: 'doq', title: 'DNS over QUIC', family: 'Name Services', iana: 'udp/853' },
  { name: 'dnscrypt', title: 'DNSCrypt', family: 'Name Services' },
  { name: 'mdns', title: 'Multicast DNS', family: 'Name Services', iana: 'udp/5353' },
  { name: 'llmnr', title: 'LLMNR', family: 'Name Services', iana: 'udp/5355 tcp/5355' },
  { name: 'netbios-ns', title: 'NetBIOS names', family: 'Name Services', iana: 'udp/137' },
  { name: 'whois', title: 'Whois', family: 'Name Services', iana: 'tcp/43' },

  // Mail
  { name: 'smtp', title: 'SMTP', family: 'Mail Services', iana: 'tcp/25 tcp/587', usual: 'tcp/2525', tls: true },
  { name: 'smtps', title: 'SMTP over TLS', family: 'Mail Services', usual: 'tcp/465', tls: true },
  { name: 'imap', title: 'IMAP', family: 'Mail Services', iana: 'tcp/143', tls: true },
  { name: 'imaps', title: 'IMAP over TLS', family: 'Mail Services', iana: 'tcp/993', tls: true },
  { name: 'pop3', title: 'POP3', family: 'Mail Services', iana: 'tcp/110', tls: true },
  { name: 'pop3s', title: 'POP3 over TLS', family: 'Mail Services', iana: 'tcp/995', tls: true },
  { name: 'nntp', title: 'NNTP', family: 'Mail Services', iana: 'tcp/119 tcp/563', tls: true },

  // Files and printing
  { name: 'smb', title: 'SMB', family: 'File Services', iana: 'tcp/445' },
  { name: 'netbios-ssn', title: 'NetBIOS session', family: 'File Services', iana: 'tcp/139' },
  { name: 'netbios-dgm', title: 'NetBIOS datagram', family: 'File Services', iana: 'udp/138' },
  { name: 'nfs', title: 'NFS', family: 'File Services', iana: 'tcp/2049 udp/2049' },
  { name: 'afp', title: 'AFP', family: 'File Services', iana: 'tcp/548' },
  { name: 'ncp', title: 'NetWare Core Protocol', family: 'File Services', iana: 'tcp/524 udp/524' },
  { name: 'iscsi', title: 'iSCSI', family: 'File Services', iana: 'tcp/3260' },
  { name: 'ftp', title: 'FTP', family: 'File Services', iana: 'tcp/21', tls: true },
  { name: 'ftps', title: 'FTP over TLS', family: 'File Services', iana: 'tcp/990', tls: true },
  { name: 'ftp-data', title: 'FTP data', family: 'File Services', iana: 'tcp/20' },
  { name: 'tftp', title: 'TFTP', family: 'File Services', iana: 'udp/69' },
  { name: 'rsync', title: 'rsync', family: 'File Services', iana: 'tcp/873' },
  { name: 'git', title: 'Git', family: 'File Services', iana: 'tcp/9418' },
  { name: 'dropbox-lan-sync', title: 'Dropbox LAN sync', family: 'File Services', iana: 'udp/17500 tcp/17500' },
  { name: 'ipp', title: 'IPP', family: 'Print Services', iana: 'tcp/631 udp/631', http: true, tls: true },
  { name: 'lpd', title: 'LPD', family: 'Print Services', iana: 'tcp/515' },
  { name: 'jetdirect', title: 'Raw printing', family: 'Print Services', iana: 'tcp/9100' },
  { name: 'bjnp', title: 'Canon BJNP', family: 'Print Services', iana: 'udp/8611 udp/8612 udp/8613 udp/8614' },

  // Directories and logging on
  { name: 'ldap', title: 'LDAP', family: 'Directory Services', iana: 'tcp/389 udp/389 tcp/3268', tls: true },
  { name: 'ldaps', title: 'LDAP over TLS', family: 'Directory Services', iana: 'tcp/636 tcp/3269', tls: true },
  { name: 'kerberos', title: 'Kerberos', family: 'Directory Services', iana: 'tcp/88 udp/88' },
  { name: 'kpasswd', title: 'Kerberos passwords', family: 'Directory Services', iana: 'tcp/464 udp/464' },
  { name: 'radius', title: 'RADIUS', family: 'Directory Services', iana: 'udp/1812 udp/1813 udp/3799', usual: 'udp/1645 udp/1646' },
  { name: 'tacacs', title: 'TACACS+', family: 'Directory Services', iana: 'tcp/49' },
  { name: 'diameter', title: 'Diameter', family: 'Directory Services', iana: 'tcp/3868 tcp/5868', tls: true },

  // Databases
  { name: 'mysql', title: 'MySQL', family: 'Database Services', iana: 'tcp/3306', tls: true },
  { name: 'postgresql', title: 'PostgreSQL', family: 'Database Services', iana: 'tcp/5432', tls: true },
  { name: 'mssql', title: 'Microsoft SQL Server', family: 'Database Services', iana: 'tcp/1433', tls: true },
  { name: 'mssql-browser', title: 'Microsoft SQL Server Browser', family: 'Database Services', iana: 'udp/1434' },
  { name: 'oracle', title: 'Oracle TNS', family: 'Database Services', usual: 'tcp/1521' },
  { name: 'db2', title: 'IBM Db2', family: 'Database Services', iana: 'tcp/446', usual: 'tcp/50000', tls: true },
  { name: 'mongodb', title: 'MongoDB', family: 'Database Services', iana: 'tcp/27017', usual: 'tcp/27018 tcp/27019', tls: true },
  { name: 'redis', title: 'Redis', family: 'Database Services', iana: 'tcp/6379', tls: true },
  { name: 'cassandra', title: 'Cassandra', family: 'Database Services', usual: 'tcp/9042 tcp/7000', tls: true },
  { name: 'memcached', title: 'memcached', family: 'Database Services', iana: 'tcp/11211 udp/11211' },
  { name: 'elasticsearch', title: 'Elasticsearch', family: 'Database Services', usual: 'tcp/9200 tcp/9300', http: true, tls: true },
  { name: 'influxdb', title: 'InfluxDB', family: 'Database Services', usual: 'tcp/8086', http: true, tls: true },

  // Messaging
  { name: 'mqtt', title: 'MQTT', family: 'Messaging', iana: 'tcp/1883' },
  { name: 'mqtts', title: 'MQTT over TLS', family: 'Messaging', iana: 'tcp/8883', tls: true },
  { name: 'amqp', title: 'AMQP', family: 'Messaging', iana: 'tcp/5672' },
  { name: 'amqps', title: 'AMQP over TLS', family: 'Messaging', iana: 'tcp/5671', tls: true },
  { name: 'kafka', title: 'Kafka', family: 'Messaging', usual: 'tcp/9092', tls: true },
  { name: 'nats', title: 'NATS', family: 'Messaging', usual: 'tcp/4222', tls: true },
  { name: 'stomp', title: 'STOMP', family: 'Messaging', usual: 'tcp/61613' },
  { name: 'xmpp', title: 'XMPP', family: 'Messaging', iana: 'tcp/5222 tcp/5269', tls: true },
  { name: 'irc', title: 'IRC', family: 'Messaging', iana: 'tcp/194 tcp/6667', usual: 'tcp/6666 tcp/6668 tcp/6669 tcp/6697', tls: true },
  { name: 'oscar', title: 'OSCAR (AIM, ICQ)', family: 'Messaging', iana: 'tcp/5190' },
  { name: 'gearman', title: 'Gearman', family: 'Messaging', iana: 'tcp/4730' },
  { name: 'apple-push', title: 'Apple push notifications', family: 'Messaging', usual: 'tcp/5223', tls: true },
  { name: 'google-push', title: 'Google push notifications', family: 'Messaging', usual: 'tcp/5228', tls: true },

  // Voice and video
  { name: 'sip', title: 'SIP', family: 'Voice and Video', iana: 'tcp/5060 udp/5060' },
  { name: 'sips', title: 'SIP over TLS', family: 'Voice and Video', iana: 'tcp/5061', tls: true },
  { name: 'rtp', title: 'RTP', family: 'Voice and Video', iana: 'udp/5004' },
  { name: 'rtcp', title: 'RTCP', family: 'Voice and Video', iana: 'udp/5005' },
  { name: 'rtsp', title: 'RTSP', family: 'Voice and Video', iana: 'tcp/554 tcp/8554' },
  { name: 'mpeg-ts', title: 'MPEG transport stream', family: 'Voice and Video' },
  { name: 'stun', title: 'STUN', family: 'Voice and Video', iana: 'udp/3478 tcp/3478' },
  { name: 'h323', title: 'H.323 call signalling', family: 'Voice and Video', iana: 'tcp/1720' },
  { name: 'mgcp', title: 'MGCP', family: 'Voice and Video', iana: 'udp/2427 udp/2727' },
  { name: 'megaco', title: 'Megaco', family: 'Voice and Video', iana: 'udp/2944 tcp/2944 udp/2945 tcp/2945' },
  { name: 'skinny', title: 'Skinny', family: 'Voice and Video', iana: 'tcp/2000' },

  // Remote access
  { name: 'ssh', title: 'SSH', family: 'Remote Access', iana: 'tcp/22' },
  { name: 'telnet', title: 'Telnet', family: 'Remote Access', iana: 'tcp/23' },
  { name: 'rdp', title: 'RDP', family: 'Remote Access', iana: 'tcp/3389 udp/3389', tls: true },
  { name: 'vnc', title: 'VNC', family: 'Remote Access', iana: 'tcp/5900', usual: 'tcp/5901 tcp/5902' },
  { name: 'x11', title: 'X11', family: 'Remote Access', iana: 'tcp/6000 tcp/6001 tcp/6002 tcp/6003' },
  { name: 'winrm', title: 'Windows remote management', family: 'Remote Access', iana: 'tcp/5985 tcp/5986', http: true, tls: true },
  { name: 'rlogin', title: 'rlogin', family: 'Remote Access', iana: 'tcp/513' },
  { name: 'rsh', title: 'rsh', family: 'Remote Access', iana: 'tcp/514' },
  { name: 'rexec', title: 'rexec', family: 'Remote Access', iana: 'tcp/512' },
  { name: 'teamviewer', title: 'TeamViewer', family: 'Remote Access', usual: 'tcp/5938 udp/5938' },
  { name: 'anydesk', title: 'AnyDesk', family: 'Remote Access', usual: 'tcp/7070 tcp/6568', tls: true },
  { name: 'nomachine', title: 'NoMachine', family: 'Remote Access', usual: 'tcp/4000 udp/4000' },
  { name: 'citrix', title: 'Citrix ICA', family: 'Remote Access', iana: 'tcp/1494 tcp/2598' },

  // Network services
  { name: 'dhcp', title: 'DHCP', family: 'Network Services', iana: 'udp/67 udp/68' },
  { name: 'dhcpv6', title: 'DHCPv6', family: 'Network Services', iana: 'udp/547 udp/546' },
  { name: 'ntp', title: 'NTP', family: 'Network Services', iana: 'udp/123' },
  { name: 'ptp', title: 'PTP', family: 'Network Services', iana: 'udp/319 udp/320' },
  { name: 'ssdp', title: 'SSDP', family: 'Network Services', iana: 'udp/1900' },
  { name: 'ws-discovery', title: 'WS-Discovery', family: 'Network Services', iana: 'udp/3702 tcp/3702' },
  { name: 'wsd', title: 'Web services for devices', family: 'Network Services', iana: 'tcp/5357 tcp/5358', http: true, tls: true },
  { name: 'slp', title: 'Service location', family: 'Network Services', iana: 'udp/427 tcp/427' },
  { name: 'nat-pmp', title: 'NAT-PMP', family: 'Network Services', iana: 'udp/5351 udp/5350' },
  { name: 'portmap', title: 'Portmap', family: 'Network Services', iana: 'tcp/111 udp/111' },
  { name: 'sun-rpc', title: 'Sun RPC', family: 'Network Services' },
  { name: 'ms-rpc', title: 'Microsoft RPC', family: 'Network Services', iana: 'tcp/135 udp/135', usual: 'tcp/593' },
  { name: 'some-ip', title: 'SOME/IP', family: 'Network Services', usual: 'udp/30490' },
  { name: 'thrift', title: 'Thrift', family: 'Network Services' },
  { name: 'icap', title: 'ICAP', family: 'Web Services', iana: 'tcp/1344' },
  { name: 'finger', title: 'Finger', family: 'Network Services', iana: 'tcp/79' },
  { name: 'echo', title: 'Echo', family: 'Network Services', iana: 'tcp/7 udp/7' },
  { name: 'discard', title: 'Discard', family: 'Network Services', iana: 'tcp/9 udp/9' },
  { name: 'daytime', title: 'Daytime', family: 'Network Services', iana: 'tcp/13 udp/13' },
  { name: 'chargen', title: 'Character generator', family: 'Network Services', iana: 'tcp/19 udp/19' },
  { name: 'time', title: 'Time', family: 'Network Services', iana: 'tcp/37 udp/37' },
  { name: 'ident', title: 'Ident', family: 'Network Services', iana: 'tcp/113' },
  { name: 'corba', title: 'CORBA (GIOP)', family: 'Network Services', iana: 'tcp/683 udp/683 tcp/684' },
  { name: 'haproxy', title: 'PROXY protocol', family: 'Network Services' },

  // Network management
  { name: 'snmp', title: 'SNMP', family: 'Network Management', iana: 'udp/161 udp/162 tcp/161 tcp/162' },
  { name: 'syslog', title: 'Syslog', family: 'Network Management', iana: 'udp/514', usual: 'tcp/1514 udp/1514' },
  { name: 'syslog-tls', title: 'Syslog over TLS', family: 'Network Management', iana: 'tcp/6514 udp/6514', tls: true },
  { name: 'netflow', title: 'NetFlow', family: 'Network Management', usual: 'udp/2055 udp/9995 udp/9996' },
  { name: 'ipfix', title: 'IPFIX', family: 'Network Management', iana: 'udp/4739 tcp/4739' },
  { name: 'sflow', title: 'sFlow', family: 'Network Management', iana: 'udp/6343' },
  { name: 'netconf', title: 'NETCONF', family: 'Network Management', iana: 'tcp/830' },
  { name: 'cwmp', title: 'CWMP (TR-069)', family: 'Network Management', iana: 'tcp/7547', http: true, tls: true },
  { name: 'openflow', title: 'OpenFlow', family: 'Network Management', iana: 'tcp/6653', usual: 'tcp/6633', tls: true },
  { name: 'zabbix', title: 'Zabbix', family: 'Network Management', iana: 'tcp/10050 tcp/10051', tls: true },
  { name: 'ipmi', title: 'IPMI (RMCP)', family: 'Network Management', iana: 'udp/623' },
  { name: 'capwap', title: 'CAPWAP', family: 'Network Management', iana: 'udp/5246 udp/5247' },
  { name: 'lwapp', title: 'LWAPP', family: 'Network Management', usual: 'udp/12222 udp/12223' },
  { name: 'kubernetes', title: 'Kubernetes API', family: 'Network Management', usual: 'tcp/6443', http: true, tls: true },
  { name: 'docker', title: 'Docker API', family: 'Network Management', iana: 'tcp/2375 tcp/2376', http: true, tls: true },
  { name: 'splunk', title: 'Splunk forwarding', family: 'Network Management', usual: 'tcp/9997', tls: true },
  { name: 'veeam', title: 'Veeam', family: 'File Services', usual: 'tcp/9392 tcp/9401', tls: true },
  { name: 'lsp-ping', title: 'MPLS ping', family: 'Network Management', iana: 'udp/3503' },

  // Routing
  { name: 'bgp', title: 'BGP', family: 'Routing', iana: 'tcp/179' },
  { name: 'rip', title: 'RIP', family: 'Routing', iana: 'udp/520' },
  { name: 'ripng', title: 'RIPng', family: 'Routing', iana: 'udp/521' },
  { name: 'ldp', title: 'LDP', family: 'Routing', iana: 'tcp/646 udp/646' },
  { name: 'msdp', title: 'MSDP', family: 'Routing', iana: 'tcp/639' },
  { name: 'bfd', title: 'BFD', family: 'Routing', iana: 'udp/3784 udp/3785 udp/4784 udp/6784' },
  { name: 'hsrp', title: 'HSRP', family: 'Routing', iana: 'udp/1985 udp/2029' },
  { name: 'glbp', title: 'GLBP', family: 'Routing', iana: 'udp/3222' },
  { name: 'olsr', title: 'OLSR', family: 'Routing', iana: 'udp/698' },
  { name: 'babel', title: 'Babel', family: 'Routing', iana: 'udp/6696' },
  { name: 'rpki-rtr', title: 'RPKI to router', family: 'Routing', iana: 'tcp/323' },
  { name: 'dlep', title: 'DLEP', family: 'Routing', iana: 'udp/854 tcp/854' },

  // Tunnels
  { name: 'ike', title: 'IPsec key exchange', family: 'Tunnels and VPN', iana: 'udp/500' },
  { name: 'ipsec-nat-t', title: 'IPsec through NAT', family: 'Tunnels and VPN', iana: 'udp/4500' },
  { name: 'openvpn', title: 'OpenVPN', family: 'Tunnels and VPN', iana: 'udp/1194 tcp/1194' },
  { name: 'wireguard', title: 'WireGuard', family: 'Tunnels and VPN', usual: 'udp/51820' },
  { name: 'l2tp', title: 'L2TP', family: 'Tunnels and VPN', iana: 'udp/1701' },
  { name: 'pptp', title: 'PPTP', family: 'Tunnels and VPN', iana: 'tcp/1723' },
  { name: 'vxlan', title: 'VXLAN', family: 'Tunnels and VPN', iana: 'udp/4789 udp/4790', usual: 'udp/8472' },
  { name: 'geneve', title: 'Geneve', family: 'Tunnels and VPN', iana: 'udp/6081' },
  { name: 'gtp', title: 'GTP', family: 'Tunnels and VPN', iana: 'udp/2152 udp/2123 udp/3386' },
  { name: 'lisp', title: 'LISP', family: 'Tunnels and VPN', iana: 'udp/4341 udp/4342' },
  { name: 'teredo', title: 'Teredo', family: 'Tunnels and VPN', iana: 'udp/3544' },
  { name: 'mpls-udp', title: 'MPLS in UDP', family: 'Tunnels and VPN', iana: 'udp/6635' },
  { name: 'ayiya', title: 'AYIYA', family: 'Tunnels and VPN', iana: 'udp/5072' },

  // Plants
  { name: 'modbus', title: 'Modbus/TCP', family: 'Industrial Control', iana: 'tcp/502 udp/502' },
  { name: 'modbus-tls', title: 'Modbus/TCP security', family: 'Industrial Control', iana: 'tcp/802', tls: true },
  { name: 's7comm', title: 'Siemens S7', family: 'Industrial Control', usual: 'tcp/102' },
  { name: 's7comm-plus', title: 'Siemens S7 plus', family: 'Industrial Control' },
  { name: 'mms', title: 'IEC 61850 MMS', family: 'Industrial Control' },
  { name: 'ethernet-ip', title: 'EtherNet/IP', family: 'Industrial Control', iana: 'tcp/44818 udp/44818 udp/2222' },
  { name: 'dnp3', title: 'DNP3', family: 'Industrial Control', iana: 'tcp/20000 udp/20000' },
  { name: 'iec-104', title: 'IEC 60870-5-104', family: 'Industrial Control', iana: 'tcp/2404' },
  { name: 'opc-ua', title: 'OPC UA', family: 'Industrial Control', iana: 'tcp/4840 udp/4840' },
  { name: 'profinet', title: 'PROFINET', family: 'Industrial Control', iana: 'udp/34962 udp/34963 udp/34964 tcp/34962 tcp/34963 tcp/34964' },
  { name: 'ethercat', title: 'EtherCAT', family: 'Industrial Control', iana: 'udp/34980 tcp/34980' },
  { name: 'ads', title: 'Beckhoff ADS', family: 'Industrial Control', usual: 'tcp/48898 udp/48899' },
  { name: 'fins', title: 'Omron FINS', family: 'Industrial Control', usual: 'udp/9600 tcp/9600' },
  { name: 'hart-ip', title: 'HART-IP', family: 'Industrial Control', iana: 'udp/5094 tcp/5094' },
  { name: 'ff-hse', title: 'Foundation Fieldbus HSE', family: 'Industrial Control', iana: 'udp/1089 udp/1090 udp/1091 tcp/1089 tcp/1090 tcp/1091' },
  { name: 'melsec', title: 'Mitsubishi MELSEC', family: 'Industrial Control', usual: 'tcp/5006 tcp/5007 udp/5006' },
  { name: 'ge-srtp', title: 'GE SRTP', family: 'Industrial Control', usual: 'tcp/18245 tcp/18246' },
  { name: 'codesys', title: 'CODESYS', family: 'Industrial Control', usual: 'tcp/2455 tcp/11740' },
  { name: 'crimson', title: 'Red Lion Crimson', family: 'Industrial Control', usual: 'tcp/789' },
  { name: 'bsap', title: 'BSAP', family: 'Industrial Control', usual: 'udp/1234 udp/1235' },
  { name: 'synchrophasor', title: 'Synchrophasor (C37.118)', family: 'Industrial Control', usual: 'tcp/4712 udp/4713' },
  { name: 'ansi-c1222', title: 'ANSI C12.22', family: 'Industrial Control', iana: 'tcp/1153 udp/1153' },
  { name: 'iec-62056', title: 'DLMS/COSEM (IEC 62056)', family: 'Industrial Control', iana: 'tcp/4059 udp/4059' },
  { name: 'tank-gauge', title: 'Automatic tank gauge', family: 'Industrial Control', usual: 'tcp/10001' },

  // Buildings and things
  { name: 'bacnet', title: 'BACnet/IP', family: 'Building Automation', iana: 'udp/47808' },
  { name: 'knx', title: 'KNXnet/IP', family: 'Building Automation', iana: 'udp/3671 tcp/3671' },
  { name: 'fox', title: 'Niagara Fox', family: 'Building Automation', usual: 'tcp/1911 tcp/4911', tls: true },
  { name: 'lontalk', title: 'LonTalk (CNP/IP)', family: 'Building Automation', iana: 'udp/1628 udp/1629' },
  { name: 's-bus', title: 'SAIA S-Bus', family: 'Building Automation', usual: 'udp/5050' },
  { name: 'coap', title: 'CoAP', family: 'Internet of Things', iana: 'udp/5683 tcp/5683' },
  { name: 'coaps', title: 'CoAP over DTLS', family: 'Internet of Things', iana: 'udp/5684 tcp/5684', tls: true },
  { name: 'tuya', title: 'Tuya', family: 'Internet of Things', usual: 'udp/6666 udp/6667' },

  // Peers
  { name: 'bittorrent', title: 'BitTorrent', family: 'Peer to Peer', usual: 'tcp/6881 udp/6881' },
  { name: 'gnutella', title: 'Gnutella', family: 'Peer to Peer', iana: 'tcp/6346 udp/6346' },

  // Seen to be encrypted, and nothing tells what is inside
  { name: 'tls', title: 'TLS', family: 'Encrypted' },
  { name: 'dtls', title: 'DTLS', family: 'Encrypted' },
  { name: 'quic', title: 'QUIC', family: 'Encrypted' },
] as const satisfies readonly ApplicationRow[]

/** The short names there are. */
export type ApplicationName = (typeof APPLICATION_ROWS)[number]['name']
