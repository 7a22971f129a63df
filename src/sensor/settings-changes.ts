import { normaliseProxy, verifyProxy } from '../network/verify-proxy'
import type { NetworkSettings, NetworkWanted } from '../settings/network-settings'
import type { Settings } from '../settings/settings'
import type { ManagementPort } from './management-port'
import type { ProxyShown, ProxyWanted } from './messages'
import { withKeptPassword, withoutPassword } from './proxy-password'
import { Refused, refuseIfAny } from './refused'
import type { SettingsHistory } from './settings-history'

export interface SettingsChangesParts {
  settings: Settings
  port: ManagementPort
  history: SettingsHistory
  /** The way to the platform may be another one now. */
  onProxy: () => void
}

/** New network and proxy settings, from a face or from the history: verified, put in force, and what was before kept. */
export class SettingsChanges {
  constructor(private readonly parts: SettingsChangesParts) {}

  /** As ManagementPort.apply(); what is not mentioned stays as it is. */
  applyNetwork(wanted: NetworkWanted, signal: AbortSignal): Promise<NetworkSettings> {
    const mentioned = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
    return this.parts.port.apply({ ...this.parts.settings.network, ...mentioned }, signal)
  }

  /** Refuses what applyProxy() would refuse. */
  checkProxy(wanted: ProxyWanted): void {
    refuseIfAny(verifyProxy(withKeptPassword(wanted, this.parts.settings.proxy)))
  }

  async applyProxy(wanted: ProxyWanted): Promise<ProxyShown> {
    const { settings, history, onProxy } = this.parts
    const full = withKeptPassword(wanted, settings.proxy)
    refuseIfAny(verifyProxy(full))
    await settings.saveProxy(normaliseProxy(full, settings.proxy))
    await history.note()
    onProxy()
    return withoutPassword(settings.proxy)
  }

  /** Earlier settings, by the way of new ones. */
  async restore(id: string, signal: AbortSignal): Promise<void> {
    const entry = this.parts.history.find(id)
    if (entry.family === 'network') await this.applyNetwork(entry.settings, signal)
    else await this.applyProxy(entry.settings).catch(adviseOnPassword)
  }
}

/** Passwords are not kept with earlier settings, and the screen that restores them has no field for one. */
function adviseOnPassword(error: unknown): never {
  if (!(error instanceof Refused)) throw error
  const message = 'The password of that proxy is not kept. Enter that proxy again in Proxy Configuration.'
  throw new Refused(error.issues.map((each) => (each.number === 21 ? { ...each, message } : each)))
}
