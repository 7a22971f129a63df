import { aMirror } from './a-mirror'
import type { SensorStatus } from '../../src/sensor/messages'

/** A sensor fresh from the box, on DHCP, with a worker that runs. */
export function aStatus(changes: Partial<SensorStatus> = {}): SensorStatus {
  return {
    name: 'nps-test',
    model: 'NPS-1G',
    serial: 'SN0001',
    version: '0.1.0',
    registration: 'Unregistered',
    sensing: 'Paused',
    vendor: 'Qualys',
    network: {
      mode: 'dhcp',
      port: 'eth0',
      linkIsUp: true,
      mac: '02:00:00:00:00:01',
      address: '192.168.1.77',
      netmask: '255.255.255.0',
      gateway: '192.168.1.1',
      dns: ['192.168.1.1'],
      ipv6: [],
      gateway6: '',
    },
    proxy: { enabled: false, host: '', port: 443, auth: 'none' },
    link: { platform: 'platform.example.com', isUp: false, sinceMs: 0, nextAttemptMs: 0 },
    worker: {
      isRunning: true,
      restarts: 0,
      source: 'office.pcap',
      trouble: '',
      counters: {
        packets: 1234567,
        bytes: 861_000_000,
        flowPackets: 1200000,
        notIp: 30000,
        otherIp: 4500,
        damaged: 67,
        duplicates: 0,
        liveFlows: 321,
        assets: 45,
        kernelDrops: 0,
        portDrops: 0,
        flowsTurnedAway: 0,
        batchesSpooled: 3,
        summariesSpooled: 512,
        flowsExported: 0,
        flowsNotExported: 0,
      },
      ports: [],
    },
    mirror: aMirror(0, {}, { registration: 'Unregistered', sensing: 'Paused' }),
    spool: { batches: 0, bytes: 0, oldestMs: 0, budgetBytes: 512 << 20, merged: 0, dropped: 0, uploaded: 3 },
    settingsTrouble: [],
    consoleIsLocked: false,
    ...changes,
  }
}
