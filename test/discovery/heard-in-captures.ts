/** By protocol: a capture, and what must be known after it. */
export const HEARD_IN_CAPTURES: Record<string, [file: string, ...lines: string[]]> = {
  arp: ['zeek__testing__btest__Traces__wikipedia.pcap'],
  dhcp: [
    'zeek__testing__btest__Traces__dhcp__dhcp_time_and_nameserver.pcap',
    '00:90:f5:91:cd:1f dhcp hostname pop-os',
    '192.168.15.101 dhcp service udp/67 dhcp',
  ],
  dhcpv6: [
    'ICS-Security-Tools__pcaps__beckoff__invokeid12.pcapng',
    'fe80::d1d9:a23d:f71d:9f1a dhcpv6 hostname ShenhuaJ6-PC',
    'fe80::d1d9:a23d:f71d:9f1a dhcpv6 dhcp-vendor-class MSFT 5.0',
  ],
  mdns: [
    'ipfixprobe__tests__functional__inputs__dnssd.pcap',
    '147.229.182.88 mdns hostname Martins-iPhone',
    '147.229.183.219 mdns mdns-model MacBookPro14,2',
    '147.229.183.219 mdns mdns-osxvers 19',
  ],
  llmnr: [
    'suricata-verify__tests__llmnr__llmnr-authority-additional__input.pcap',
    '192.168.1.10 llmnr hostname server',
  ],
  dns: [
    'PcapPlusPlus__Tests__Pcap++Test__PcapExamples__many_interfaces-1.pcapng',
    '192.168.1.139 dns hostname Hadriels-MBP',
  ],
  nbns: ['ipfixprobe__tests__functional__inputs__netbios.pcap', '147.229.182.2 nbns hostname MACBOOKPRO-071C'],
  nbdgm: [
    'tcpdump__tests__eapon1.pcap',
    '192.168.1.249 nbdgm hostname DJP95S0J',
    '192.168.1.249 nbdgm nt-version 5.1',
    '00:0c:ce:88:31:9a eap role authenticator',
  ],
  smb: [
    'suricata-verify__tests__smb1-02__smb1_osx.pcap',
    '192.168.1.2 smb smb-os QTS',
    '192.168.1.2 smb hostname TS412',
    '192.168.1.10 smb smb-os Mac OS X 10.10',
  ],
  http: [
    'nDPI__tests__cfgs__default__pcap__socks.pcap',
    '10.180.156.185 http http-agent curl/7.24.0 (x86_64-apple-darwin12.0) libcurl/7.24.0 OpenSSL/0.9.8y zlib/1.2.5',
  ],
  ssdp: [
    'suricata-verify__tests__sip-ssdp-pm__ssdp.pcap',
    '192.168.1.1 ssdp ssdp-server UPnP/Tomato 1.28.7500 MIPSR2Toastman-RT K26 USB Ext UPnP/1.0 MiniUPnPd/1.6',
  ],
  tls: [
    'PcapPlusPlus__Tests__ExamplesTest__pcap_examples__tls.pcap',
    '192.168.1.4 tls ja4 t10d360400_77f462745360_a875e5012fde',
  ],
  ssh: [
    'zeek__testing__btest__Traces__var-services-std-ports.pcap',
    '172.16.238.131 ssh ssh-banner SSH-2.0-OpenSSH_5.8p1 Debian-1ubuntu3',
    '172.16.238.131 http http-server Apache/2.2.17 (Ubuntu)',
  ],
  smtp: [
    'zeek__testing__btest__Traces__smtp__rfc3030-bdat-example1.pcap',
    '127.0.0.1 smtp smtp-banner 220 example.com ESMTP Postfix (Debian/GNU)',
    '127.0.0.1 smtp hostname example.com',
  ],
  ftp: [
    'suricata-verify__tests__ftp__ftp-upload-active__input.pcap',
    '172.23.0.2 ftp ftp-banner 220 FTP Sandbox Ready.',
  ],
  pop3: ['arkime__tests__pcap__pop3-tag.pcap', '10.0.0.2 pop3 mail-banner +OK POP3 ready'],
  sip: ['ipfixprobe__tests__functional__inputs__sip.pcap', '147.32.77.113 sip sip-agent friendly-scanner'],
  snmp: [
    'zeek__testing__btest__Traces__snmp__snmpwalk-short.pcap',
    '138.68.10.203 snmp hostname ubuntu-512mb-sfo2-01',
    '138.68.10.203 snmp snmp-object 1.3.6.1.4.1.8072.3.2.10',
    '138.68.10.203 snmp location Sitting on the Dock of the Bay',
  ],
  kerberos: ['arkime__tests__pcap__krb5-tcp.pcap', '10.10.10.10 kerberos hostname xxxxxxxxxxx'],
  ntp: ['tcpdump__tests__ntp-time-ef.pcap', '10.43.135.229 ntp ntp-request client v4 0 n 32 0 0 - +'],
  lldp: [
    'tcpdump__tests__LLDP_and_CDP.pcap',
    '00:19:2f:a7:b2:8d lldp hostname S2.cisco.com',
    '00:19:2f:a7:b2:8d lldp lldp-capabilities bridge',
    '00:18:ba:98:68:8f cdp hostname S1',
  ],
  cdp: [
    'PcapPlusPlus__Tests__Packet++Test__PacketExamples__llc_vlan.pcap',
    '00:13:c3:df:ae:18 cdp hostname R1',
    '00:13:c3:df:ae:18 cdp cdp-platform Cisco 2811',
    '00:13:c3:df:ae:18 cdp cdp-capabilities router,switch,igmp',
  ],
  stp: ['PcapPlusPlus__Tests__Packet++Test__PacketExamples__Sll2PacketLLC.pcap', 'e0:1c:fc:d3:b1:e1 stp role bridge'],
  tcp: [
    'ICS-Security-Tools__pcaps__EthernetIP__enip_test.pcap',
    '10.1.1.167 tcp tcp-handshake syn 128 M,N,W,N,N,S 8192 2 1460',
    '10.1.1.164 ethernet-ip model 1756-ENBT/A',
  ],
  ospf: ['nDPI__tests__cfgs__default__pcap__ospfv2_add_new_prefix.pcap', '10.1.10.10 ospf role ospf router'],
  vrrp: ['libpcap__tests__filter__vrrp.pcap', '10.0.0.91 vrrp role vrrp router'],
  'neighbour-discovery': [
    'tcpdump__tests__icmpv6.pcap',
    'fe80::b299:28ff:fec8:d66c neighbour-discovery gateway router advertisement',
  ],
  modbus: [
    'icsnpp-modbus__testing__traces__modbus_example.pcap',
    '127.0.0.1 modbus maker Zeek Modbus Test',
    '127.0.0.1 modbus firmware 1.2.3.6',
  ],
  s7comm: [
    'icsnpp-s7comm__tests__traces__s7ident.pcap',
    '172.17.0.2 s7comm order-number 6ES7 315-2EH14-0AB0',
    '172.17.0.2 s7comm hostname SNAP7-SERVER',
    '172.17.0.2 s7comm module-type CPU 315-2 PN/DP',
  ],
  'ethernet-ip': [
    'icsnpp-enip__tests__traces__enip_cip_example.pcap',
    '10.1.1.164 ethernet-ip serial 0x00524d8e',
    '10.1.1.164 ethernet-ip cip-vendor 1',
  ],
  bacnet: [
    'arkime__tests__pcap__bacnet-stack-services.pcap',
    '192.168.0.13 bacnet hostname SimpleServer',
    '192.168.0.13 bacnet bacnet-instance 123',
  ],
  'profinet-dcp': [
    'ICS-Security-Tools__pcaps__profinet__PROFINET-RT-DCP__ChangeIPUsingDCP.pcap',
    '08:00:06:93:cf:32 profinet-dcp hostname X208-BORD',
    '08:00:06:93:cf:32 profinet-dcp profinet-vendor 0x002a',
  ],
  fins: [
    'icsnpp-omron-fins__testing__traces__omron_test.pcap',
    '10.1.1.164 fins model CP1L-EL20DR-D',
    '10.1.1.164 fins firmware 01.00',
  ],
  dnp3: [
    'zeek__testing__btest__Traces__dnp3__dnp3_udp_write.pcap',
    '192.168.80.12 dnp3 role dnp3 outstation',
    '192.168.80.12 dnp3 dnp3-address 1',
    '192.168.80.160 dnp3 role dnp3 master',
  ],
  iec104: ['nDPI__tests__cfgs__default__pcap__iec60780-5-104.pcap', '172.27.248.79 iec104 role iec104 station'],
  ads: [
    'ICS-Security-Tools__pcaps__beckoff__beckoffiplinktc3.pcapng',
    '192.168.1.8 ads ads-device PLC Server',
    '192.168.1.8 ads firmware 2.11.2100',
    '192.168.1.8 ads ads-system 3 6.0.0',
  ],
  'opc-ua': [
    'icsnpp-opcua-binary__pcaps__open62541_client-server_mainloop-not-localhost-non-standard-port.pcap',
    '192.168.224.102 opc-ua role opc-ua server',
    '192.168.224.102 opc-ua opc-ua-application urn:open62541.server.application',
  ],
  'profinet-cm': [
    'icsnpp-profinet-io-cm__testing__traces__profinet_io_cm_connect.pcapng',
    '192.168.1.3 profinet-cm station pc-worx-rt-basic-6d-d3-43',
    '192.168.0.1 profinet-cm station plcxb1d0ed',
  ],
  synchrophasor: [
    'icsnpp-synchrophasor__tests__traces__C37.118_1PMU_UDP_minimal_otherport.pcap',
    '192.168.0.60 synchrophasor hostname PMU1',
  ],
  'hart-ip': [
    'icsnpp-hart-ip__testing__traces__hart-ip.pcap',
    '192.168.0.10 hart-ip hart-device-type 0x264e',
    '192.168.0.10 hart-ip serial 0x0000d2',
    '192.168.0.10 hart-ip tag wihartgw',
  ],
  ntlm: ['arkime__tests__pcap__wireshark-smb-on-windows10.pcap', '192.168.199.132 ntlm hostname DESKTOP-2AEFM7G'],
  mysql: ['zeek__testing__btest__Traces__mysql__query-attr.pcap', '127.0.0.1 mysql mysql-version 8.0.29-debug'],
  syslog: ['arkime__tests__pcap__ospf.pcap', '10.0.0.1 syslog hostname rtr01', '172.16.0.2 bgp role bgp router'],
  bgp: ['tcpdump__tests__bgp-bgpsec.pcap', '172.18.0.2 bgp role bgp router'],
  hsrp: ['nDPI__tests__cfgs__default__pcap__hsrp0.pcap', '10.28.168.253 hsrp role hsrp router'],
  rip: ['tcpdump__tests__ripv2_auth.pcap', '10.0.0.20 rip role rip router'],
  pim: ['nDPI__tests__cfgs__default__pcap__pim.pcap', '192.168.203.234 pim role pim router'],
  isis: ['tcpdump__tests__spb.pcap', '08:00:27:2c:25:1e isis role isis router'],
  eap: ['tcpdump__tests__eapon1.pcap', '00:0c:ce:88:31:9a eap role authenticator'],
}

/** Servers of the outside, which only ranges that have them let into an inventory. */
export const HEARD_OUTSIDE: [file: string, ...lines: string[]][] = [
  [
    'zeek__testing__btest__Traces__tls__imap-starttls.pcap',
    '212.227.17.186 imap mail-banner * OK [CAPABILITY IMAP4rev1 CHILDREN',
  ],
  [
    'PcapPlusPlus__Tests__Pcap++Test__PcapExamples__many_interfaces-1.pcapng',
    '17.253.12.253 ntp role ntp server',
    '17.253.12.253 ntp ntp-stratum 1',
  ],
]
