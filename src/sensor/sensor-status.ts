import { basename } from 'node:path'
import type { SourceSettings } from '../capture/messages'
import type { SettingsMistake } from '../settings/document'
import type { Settings } from '../settings/settings'
import type { ManagementPort } from './management-port'
import type { SensorStatus } from './messages'
import { mirrorStatus } from './mirror-status'
import type { PlatformLink } from './platform-link'
import type { WorkerSupervisor } from './worker-supervisor'

/** Where the state that faces see comes from. */
export interface StatusSources {
  settings: Settings
  version: string
  serial: string
  port: Pick<ManagementPort, 'facts' | 'settings' | 'trialStatus'>
  link: PlatformLink
  worker: WorkerSupervisor
  spool: Omit<SensorStatus['spool'], 'uploaded'>
  nowMs: number
}

/** The state of everything, now. */
export function sensorStatus(sources: StatusSources): SensorStatus {
  const { settings, version, serial, port, link, worker, spool, nowMs } = sources
  const { sensor, registration, proxy } = settings
  const { facts, trialStatus: trial } = port
  return {
    name: registration.name || sensor.sensor.name,
    model: sensor.sensor.model,
    serial,
    version,
    registration: registration.state,
    sensing: registration.sensing,
    vendor: sensor.console.vendor,
    network: { ...facts, mode: port.settings.mode, ...(trial === undefined ? {} : { trial }) },
    proxy: { enabled: proxy.enabled, host: proxy.host, port: proxy.port, auth: proxy.auth },
    link: link.status(),
    worker: {
      isRunning: worker.isRunning,
      restarts: worker.restarts,
      source: sourceName(sensor.capture.source),
      trouble: worker.trouble,
      counters: worker.counters,
      memoryMegabytes: sensor.capture.memoryMegabytes,
      ports: worker.ports,
    },
    mirror: mirrorStatus({
      health: worker.health,
      isRunning: worker.isRunning,
      trouble: worker.trouble,
      registration: registration.state,
      sensing: registration.sensing,
      model: sensor.sensor.model,
      nowMs,
    }),
    spool: { ...spool, uploaded: link.uploadedBatches },
    settingsTrouble: settings.mistakes.map(mistakeLine),
    consoleIsLocked: sensor.console.lock,
  }
}

/** A mistake in a settings file on one line. */
export function mistakeLine({ file, line, key, message }: SettingsMistake): string {
  return `${file}:${line} ${key}: ${message}`
}

function sourceName(source: SourceSettings): string {
  return source.kind === 'interface' ? source.names.join(', ') : `replay of ${basename(source.path)}`
}
