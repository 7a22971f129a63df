import { DEFAULT_MEMORY_MEGABYTES, LEAST_MEMORY_MEGABYTES, MOST_MEMORY_MEGABYTES } from '../capture/memory-budget'
import { DEFAULT_ASSET_GROUPS } from '../flow/asset-groups'
import { key, list, schema } from './document'
import {
  captureSource,
  collector,
  decimal,
  httpsUrl,
  ipRange,
  macAddress,
  moment,
  oneOf,
  optionalIpv4,
  optionalIpv6,
  optionalNumber,
  text,
  wholeNumber,
  yesOrNo,
} from './kinds'
import { NOTHING_SAID } from './inventory-settings'
import { DEFAULT_NETWORK } from './network-settings'
import { DEFAULT_PROXY } from './proxy-settings'
import { DEFAULT_REGISTRATION } from './registration-state'

/** A day, in seconds: longer and the platform would take the sensor for dead. */
const LONGEST_INTERVAL = 86_400
/** A collector that starts anew waits so long for its templates, and times longer than that are of no use in its graphs. */
const LONGEST_EXPORT_INTERVAL = 3600
/** G-06 caps the time between two signs of life at five minutes. */
const LONGEST_HEARTBEAT = 300
export const NETWORK_INI = schema({
  file: 'network.ini',
  place: 'settings',
  isSecret: false,
  about: 'How the management port gets its address. The sensor reads this file again whenever it changes.',
  sections: {
    management: {
      mode: key(
        oneOf('dhcp', 'static'),
        DEFAULT_NETWORK.mode,
        'Where the address comes from. With dhcp the rest is kept but not used.',
      ),
      address: key(optionalIpv4, DEFAULT_NETWORK.address, 'IP address.'),
      netmask: key(optionalIpv4, DEFAULT_NETWORK.netmask, 'Netmask, from 128.0.0.0 to 255.255.255.252.'),
      gateway: key(optionalIpv4, DEFAULT_NETWORK.gateway, 'The router of this network.'),
      dns1: key(optionalIpv4, DEFAULT_NETWORK.dns1, 'Primary DNS server.'),
      dns2: key(optionalIpv4, DEFAULT_NETWORK.dns2, 'Secondary DNS server; may stay empty.'),
      ipv6: key(
        oneOf('off', 'auto', 'dhcp', 'static'),
        DEFAULT_NETWORK.ipv6,
        'IPv6 beside IPv4: off, auto by what routers advertise, dhcp by DHCPv6, or static.',
      ),
      ipv6Address: key(optionalIpv6, DEFAULT_NETWORK.ipv6Address, 'Static IPv6 address.'),
      ipv6Prefix: key(optionalNumber(1, 128), DEFAULT_NETWORK.ipv6Prefix, 'Length of its prefix.'),
      ipv6Gateway: key(
        optionalIpv6,
        DEFAULT_NETWORK.ipv6Gateway,
        'The IPv6 router; without one, the router that announces itself.',
      ),
      ipv6Dns: key(optionalIpv6, DEFAULT_NETWORK.ipv6Dns, 'A DNS server with an IPv6 address; may stay empty.'),
      vlan: key(
        optionalNumber(1, 4094),
        DEFAULT_NETWORK.vlan,
        'VLAN ID of the management network; empty for untagged.',
      ),
      mtu: key(
        optionalNumber(576, 9216),
        DEFAULT_NETWORK.mtu,
        'Largest packet in bytes; empty for what the port has by itself.',
      ),
      hostname: key(text('a host name', 64), DEFAULT_NETWORK.hostname, 'Host name; empty leaves the machine its own.'),
      ntp: key(
        text('names or addresses with blanks between', 1024),
        DEFAULT_NETWORK.ntp,
        'Time servers, at most four; empty for those of the machine and those that DHCP offers.',
      ),
    },
  },
})

export const PROXY_INI = schema({
  file: 'proxy.ini',
  place: 'settings',
  isSecret: false,
  about: 'The proxy that all connections to the platform take. Its password is in secrets.ini.',
  sections: {
    proxy: {
      enabled: key(yesOrNo, DEFAULT_PROXY.enabled, 'Use the proxy.'),
      host: key(text('a host name or an address', 253), DEFAULT_PROXY.host, 'Name or address of the proxy.'),
      port: key(wholeNumber(1, 65_535), DEFAULT_PROXY.port, 'TCP port of the proxy.'),
      auth: key(oneOf('none', 'basic', 'ntlm'), DEFAULT_PROXY.auth, 'How the proxy wants to know who is asking.'),
      user: key(text('a user name', 32), DEFAULT_PROXY.user, 'User, or DOMAIN\\user.'),
    },
  },
})

export const SECRETS_INI = schema({
  file: 'secrets.ini',
  place: 'settings',
  isSecret: true,
  about: 'What nobody else may read. Keep this file at mode 0600; the sensor puts it back to that.',
  sections: {
    proxy: {
      password: key(
        text('printable ASCII', 16, /^[ -~]*$/),
        DEFAULT_PROXY.password,
        'Password for the proxy. Write it in double quotes.',
      ),
    },
    console: {
      pin: key(
        text('a scrypt hash, or nothing', 256, /^(scrypt:[A-Za-z0-9+/]{22}==:[A-Za-z0-9+/]{43}=)?$/),
        '',
        'Hash of the 4-digit password of console and panel. Empty: the password is 0000.',
      ),
    },
  },
})

export const SENSOR_INI = schema({
  file: 'sensor.ini',
  place: 'settings',
  isSecret: false,
  about: 'The sensor itself: who it is, which platform it belongs to, what it listens to and how often it reports.',
  sections: {
    sensor: {
      name: key(text('a name', 128), '', 'Name shown on console and panel until the platform gives one.'),
      model: key(text('a model', 64), 'QPS-01G-0100-A0', 'Model, as on the sticker.'),
      serial: key(text('a serial number', 64), '', 'Serial number, as on the sticker.'),
    },
    management: {
      port: key(
        text('the name of an interface', 15, /^[^\s/]*$/),
        '',
        'The management port, such as eth0. Without it the network of this machine is left as it is.',
      ),
      backend: key(
        oneOf('auto', 'systemd-networkd', 'iproute2'),
        'auto',
        'What sets the network up. With auto it is systemd-networkd where that runs, and else ip(8) with a DHCP client.',
      ),
      trialSeconds: key(
        wholeNumber(1, 3600),
        60,
        'New network settings go back when they are not proven within so many seconds.',
      ),
    },
    platform: {
      url: key(httpsUrl, 'https://localhost', 'Address of the platform.'),
      ca: key(text('a path', 4096), '', 'File of CA certificates (PEM) to trust in place of those of the system.'),
    },
    capture: {
      source: key(
        captureSource,
        { kind: 'interface', names: ['eth1'] },
        'The mirror port or ports, or a capture file played as if it were one.',
      ),
      replaySpeed: key(decimal(0.01, 10_000), 1, 'Speed of a replay: 1 is the pace of its own timestamps.'),
      dropDuplicates: key(
        yesOrNo,
        false,
        'Do not count a packet again that was heard a moment before; see nps-health(8).',
      ),
      openOverlays: key(
        yesOrNo,
        false,
        'Open VXLAN and Geneve and report the flows inside, in place of the tunnels. Networks that use the same addresses are then not told apart.',
      ),
      memoryMegabytes: key(
        wholeNumber(LEAST_MEMORY_MEGABYTES, MOST_MEMORY_MEGABYTES),
        DEFAULT_MEMORY_MEGABYTES,
        'Megabytes of memory that the capture worker may take, all in all. Its tables are as large as that allows. A full table costs detail and no total: light flows are folded together, and what else there is no room for is counted. When this is changed, the worker writes down what it has counted and starts anew; nothing is heard for that moment. See nps-worker(8), also for several mirror ports.',
      ),
    },
    inventory: {
      industrial: key(
        yesOrNo,
        true,
        'Discover the devices of plants and buildings too (OT), such as controllers, unless the platform says no.',
      ),
      fingerprints: key(
        oneOf('platform', 'yes', 'no'),
        'platform',
        'Consent to fingerprints: to know machines by how they speak (TCP, TLS, DHCP, NTP), and to tell the platform by which clues each is known. Without it machines are known by what they say in words alone, and the platform is told what was made of it. With platform there is consent once the operator gives it there; with yes there is until the operator takes it back; with no there never is. When it is taken back, the platform forgets the clues that it was told before, and what was made of fingerprints alone; of what waits in the spool they are left out when it is sent.',
      ),
      ignoredHostnames: list(
        text('a host name', 256, /./s),
        [],
        'Hostnames that many machines have, so that they merge no two of them, beside those that the platform names; upper and lower case are the same.',
      ),
    },
    report: {
      newAssetsSeconds: key(wholeNumber(1, LONGEST_INTERVAL), 300, 'Seconds between reports of new assets.'),
      updatesSeconds: key(wholeNumber(1, LONGEST_INTERVAL), 1800, 'Seconds between reports of everything else.'),
      heartbeatSeconds: key(
        wholeNumber(1, LONGEST_HEARTBEAT),
        60,
        'Seconds between two signs of life to the platform.',
      ),
      spoolMegabytes: key(
        wholeNumber(1, 1_000_000),
        512,
        'Megabytes of disk for reports that the platform does not have yet. When they are used up, the oldest are merged into hours, then into days, and only dropped when that is not enough.',
      ),
      export: list(
        collector,
        [],
        'IPFIX collectors that get the flows too, over UDP or TCP. Nothing on the way is encrypted: see nps-worker(8).',
      ),
      exportSeconds: key(wholeNumber(1, LONGEST_EXPORT_INTERVAL), 60, 'Seconds between deliveries to them.'),
      exportExternalAddresses: key(
        yesOrNo,
        false,
        'Tell them the addresses of external hosts. With no these are 0.0.0.0 or ::, as they are External on the platform.',
      ),
    },
    console: {
      vendor: key(text('a name', 32), 'Qualys', 'The name in Welcome to ... and REGISTER WITH ... PLATFORM.'),
      lock: key(yesOrNo, false, 'Ask for the 4-digit password on the console too.'),
    },
  },
})

export const ASSETS_INI = schema({
  file: 'assets.ini',
  place: 'settings',
  isSecret: false,
  about:
    'Which addresses are whose. Once registered, the platform keeps this file. A list may be empty: write its key once, without a value.',
  sections: {
    groups: {
      inventoried: list(
        ipRange,
        DEFAULT_ASSET_GROUPS.inventoried,
        'Assets are made of these and their traffic is tracked.',
      ),
      nonInventoried: list(
        ipRange,
        DEFAULT_ASSET_GROUPS.nonInventoried,
        'Traffic is tracked with the address, but no asset is made.',
      ),
      excludedRanges: list(
        ipRange,
        DEFAULT_ASSET_GROUPS.excludedRanges,
        'Shown as Excluded; nothing is kept about them.',
      ),
      excludedMacs: list(macAddress, DEFAULT_ASSET_GROUPS.excludedMacs, 'The same, by MAC address.'),
    },
    inventory: {
      industrial: key(
        yesOrNo,
        NOTHING_SAID.industrial,
        'Discover devices of plants and buildings (OT), unless sensor.ini says no.',
      ),
      fingerprints: key(
        oneOf('undecided', 'yes', 'no'),
        NOTHING_SAID.fingerprints,
        'What the operator has said of fingerprints; see sensor.ini.',
      ),
      ignoredHostnames: list(
        text('a host name', 256, /./s),
        NOTHING_SAID.ignoredHostnames,
        'Hostnames that merge no two machines, beside those of sensor.ini.',
      ),
    },
  },
  repeated: {
    monitored: {
      name: key(text('a name', 256), '', 'Name of a group outside the enterprise that is counted apart.'),
      fqdns: list(text('a host name', 256, /./s), [], 'Its host names; *.example.com is every name below example.com.'),
      ranges: list(ipRange, [], 'Its addresses.'),
    },
  },
})

export const REGISTRATION_INI = schema({
  file: 'registration.ini',
  place: 'state',
  isSecret: false,
  about: 'What the sensor remembers of its registration. Written by the sensor; not for editing.',
  sections: {
    registration: {
      state: key(
        oneOf('Unregistered', 'Registered', 'Deregistered'),
        DEFAULT_REGISTRATION.state,
        'Where the registration stands.',
      ),
      sensorId: key(text('a UUID', 36), DEFAULT_REGISTRATION.sensorId, 'Id the platform gave.'),
      name: key(text('a name', 128), DEFAULT_REGISTRATION.name, 'Name the platform gave.'),
      sensing: key(
        oneOf('Sensing', 'Paused', 'ECO'),
        DEFAULT_REGISTRATION.sensing,
        'What the platform last told it to do.',
      ),
      configurationVersion: key(
        wholeNumber(0, Number.MAX_SAFE_INTEGER),
        DEFAULT_REGISTRATION.configurationVersion,
        'Version of the configuration in force.',
      ),
      since: key(moment, DEFAULT_REGISTRATION.sinceMs, 'Since when the state is what it is.'),
    },
  },
})

/** Every settings file there is. */
export const SCHEMAS = [NETWORK_INI, PROXY_INI, SECRETS_INI, SENSOR_INI, ASSETS_INI, REGISTRATION_INI] as const
