/** What keeps the clock of a machine right, and how it is told whom to ask. */
export interface TimeService {
  /** Is there on a machine that has the service. */
  folder: string
  /** Read at a start, besides what the service knows by itself: the servers that the settings name. */
  settled: string
  /** The same for the servers that DHCP offers: gone after a boot, as the lease is. */
  offered: string
  /** systemd-networkd lets it know of the servers that DHCP offers (sd-network). */
  hearsNetworkd: boolean
  head: string
  /** What it takes to ask this server. */
  line: (server: string) => string
  /** Has it read its files again. */
  reload: readonly [program: string, ...words: string[]]
}

/** chrony.conf(5), with the folders that its package reads, and timesyncd.conf(5). */
export const TIME_SERVICES: readonly TimeService[] = [
  {
    folder: '/etc/chrony',
    settled: '/etc/chrony/sources.d/nps.sources',
    offered: '/run/chrony-dhcp/nps.sources',
    hearsNetworkd: false,
    head: '',
    line: (server) => `server ${server} iburst`,
    reload: ['chronyc', 'reload', 'sources'],
  },
  {
    folder: '/etc/systemd',
    settled: '/etc/systemd/timesyncd.conf.d/nps.conf',
    offered: '/run/systemd/timesyncd.conf.d/nps.conf',
    hearsNetworkd: true,
    head: '[Time]\n',
    line: (server) => `NTP=${server}`,
    reload: ['systemctl', 'try-restart', 'systemd-timesyncd'],
  },
]
