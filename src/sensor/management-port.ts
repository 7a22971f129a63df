import { isDeepStrictEqual } from 'node:util'
import { issue, type Issue } from '../errors/issue'
import type { NetworkFacts, NetworkHost } from '../host/types'
import { normaliseNetwork, verifyNetwork } from '../network/verify-network'
import type { NetworkSettings } from '../settings/network-settings'
import type { Settings } from '../settings/settings'
import { Refused, refuseIfAny } from './refused'

/** How long an address may take to answer before it counts as unreachable. */
export const ANSWER_MS = 3_000

export interface ManagementPortParts {
  settings: Settings
  network: NetworkHost
  /** The host was told something else; the way to the platform may be another one now. */
  onChange: () => void
  /** The host does not do as the settings say, in plain words. */
  onTrouble: (message: string) => void
}

/** The management port: what the settings say is put in force, and new settings only count once they are proven. */
export class ManagementPort {
  /** What the host was told last; undefined when that failed. */
  private inForce: NetworkSettings | undefined

  constructor(
    private readonly parts: ManagementPortParts,
    /** As of the last change. */
    public facts: NetworkFacts,
  ) {}

  /** Has the host been told what the settings say now? */
  get isAsConfigured(): boolean {
    return isDeepStrictEqual(this.parts.settings.network, this.inForce)
  }

  /**
   * After a start, and after an edit by hand, the host has the address that is in the settings. A host that cannot is
   * shown as it is.
   */
  async restore(): Promise<void> {
    try {
      await this.putInForce(this.parts.settings.network)
    } catch (error) {
      this.parts.onTrouble(error instanceof Error ? error.message : String(error))
    }
    await this.changed()
  }

  /**
   * Verify, put in force, prove that gateway and DNS answer, save; what was there comes back when they do not, or when
   * `signal` is aborted before that is known.
   */
  async apply(raw: NetworkSettings, signal: AbortSignal): Promise<NetworkSettings> {
    const { settings, onTrouble } = this.parts
    refuseIfAny(verifyNetwork(raw))
    refuseIfCancelled(signal)
    const before = settings.network
    const wanted = normaliseNetwork(raw, before)
    try {
      await this.putInForce(wanted)
      refuseIfCancelled(signal)
      refuseIfAny(await orCancelled(this.unreachable(wanted), signal))
      await settings.saveNetwork(wanted)
    } catch (error) {
      await this.putInForce(before).catch((failure: Error) => onTrouble(`going back failed: ${failure.message}`))
      throw error
    } finally {
      await this.changed()
    }
    return wanted
  }

  private async putInForce(network: NetworkSettings): Promise<void> {
    this.inForce = undefined
    await this.parts.network.apply(network)
    this.inForce = network
  }

  private async changed(): Promise<void> {
    this.facts = await this.parts.network.facts()
    this.parts.onChange()
  }

  /** all of them at once. */
  private async unreachable(wanted: NetworkSettings): Promise<Issue[]> {
    if (wanted.mode === 'dhcp') return []
    const checks = [
      { field: 'gateway', number: 25 },
      { field: 'dns1', number: 26 },
      { field: 'dns2', number: 27 },
    ] as const
    const found = await Promise.all(
      checks.map(async ({ field, number }) => {
        const value = wanted[field]
        if (value === '' || (await this.parts.network.answers(value, ANSWER_MS))) return []
        return [issue(field, number, { value })]
      }),
    )
    return found.flat()
  }
}

export function refuseIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new Refused([issue('', 10, { reason: 'cancelled; nothing was changed' })])
}

/** What comes of `work`, or a refusal as soon as it is cancelled. */
export async function orCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const over = new AbortController()
  const cancelled = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { signal: over.signal }),
  )
  await Promise.race([work, cancelled])
  over.abort()
  refuseIfCancelled(signal)
  return work
}
