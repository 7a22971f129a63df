import type { ErrorNumber } from '../errors/catalogue'
import { issue, type Issue } from '../errors/issue'
import { SensorError } from '../errors/sensor-error'
import { adviceOn } from '../link/advice'
import { kindOf } from '../link/trouble-kind'
import { normaliseProxy, verifyProxy } from '../network/verify-proxy'
import type { NetworkSettings, NetworkWanted } from '../settings/network-settings'
import type { ProxySettings } from '../settings/proxy-settings'
import type { Settings } from '../settings/settings'
import { orCancelled, refuseIfCancelled, type ManagementPort } from './management-port'
import type { ProxyShown, ProxyWanted } from './messages'
import { withKeptPassword, withoutPassword } from './proxy-password'
import { Refused, refuseIfAny } from './refused'
import type { SettingsHistory } from './settings-history'

export interface SettingsChangesParts {
  settings: Settings
  port: ManagementPort
  history: SettingsHistory
  /** Is the platform reached through this proxy? Rejects with SensorError when not. */
  prove: (proxy: ProxySettings) => Promise<void>
  /** The way to the platform may be another one now. */
  onProxy: () => void
}

/** New network and proxy settings, from a face or from the history: verified, put in force, and what was before kept. */
export class SettingsChanges {
  constructor(private readonly parts: SettingsChangesParts) {}

  /** As ManagementPort.apply(); what is not mentioned stays as it is, on trial or settled. */
  applyNetwork(wanted: NetworkWanted, signal: AbortSignal): Promise<NetworkSettings> {
    const mentioned = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
    return this.parts.port.apply({ ...this.parts.port.settings, ...mentioned }, signal)
  }

  /** Refuses what applyProxy() would refuse. */
  checkProxy(wanted: ProxyWanted): void {
    refuseIfAny(wrongWith(wanted, this.parts.settings.proxy))
  }

  /**
   * A proxy counts once the platform has answered through it; until then, and when it does not, what was in force stays.
   * It is tried beside what is in force, so there is nothing to go back to. Turning the proxy off needs no proof: who does
   * that may be about to change the network as well.
   */
  async applyProxy(wanted: ProxyWanted, signal: AbortSignal): Promise<ProxyShown> {
    const { settings, history, onProxy } = this.parts
    const full = withKeptPassword(wanted, settings.proxy)
    refuseIfAny(wrongWith(wanted, settings.proxy))
    refuseIfCancelled(signal)
    const proxy = normaliseProxy(full, settings.proxy)
    if (proxy.enabled && wanted.untried !== true) await orCancelled(this.tryProxy(proxy), signal)
    await settings.saveProxy(proxy)
    await history.note()
    onProxy()
    return withoutPassword(settings.proxy)
  }

  private async tryProxy(proxy: ProxySettings): Promise<void> {
    try {
      await this.parts.prove(proxy)
    } catch (error) {
      if (!(error instanceof SensorError)) throw error
      const advice = adviceOn(error.number, kindOf(error))
      throw new Refused([{ ...issue(fieldOf(error), error.number, error.values), ...(advice && { advice }) }])
    }
  }

  /** Earlier settings, by the way of new ones. */
  async restore(id: string, signal: AbortSignal): Promise<void> {
    const entry = this.parts.history.find(id)
    if (entry.family === 'network') await this.applyNetwork(entry.settings, signal)
    else await this.applyProxy(entry.settings, signal).catch(adviseOnPassword)
  }
}

/** Faces show a password as kept, until it turns out that it is kept for another proxy or user. */
function wrongWith(wanted: ProxyWanted, inForce: ProxySettings): Issue[] {
  const advice = 'Enter the password: the one that is kept is for the proxy and the user in force.'
  const isForAnother = wanted.password === undefined && inForce.password !== ''
  return verifyProxy(withKeptPassword(wanted, inForce)).map((each) =>
    each.number === 21 && isForAnother ? { ...each, advice } : each,
  )
}

/** Where a person has to type something else. */
function fieldOf(error: SensorError): keyof ProxySettings | '' {
  if (kindOf(error) === 'login') return 'password'
  if (kindOf(error) === 'socks') return 'host'
  const fields: Partial<Record<ErrorNumber, keyof ProxySettings>> = { 12: 'host', 22: 'auth', 32: 'host', 33: 'auth' }
  return fields[error.number] ?? ''
}

/** Passwords are not kept with earlier settings, and the screen that restores them has no field for one. */
function adviseOnPassword(error: unknown): never {
  if (!(error instanceof Refused)) throw error
  const message = 'The password of that proxy is not kept. Enter that proxy again in Proxy Configuration.'
  throw new Refused(
    error.issues.map((each) => (each.number === 21 ? { field: each.field, number: each.number, message } : each)),
  )
}
