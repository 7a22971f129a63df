import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { issue, type Issue } from '../errors/issue'
import { SensorError } from '../errors/sensor-error'
import type { NetworkFacts, NetworkHost, NotTaken } from '../host/types'
import { linkTroubleOf } from '../link/link-trouble'
import { normaliseNetwork, verifyNetwork } from '../network/verify-network'
import type { NetworkSettings } from '../settings/network-settings'
import type { Settings } from '../settings/settings'
import type { TrialStatus } from './messages'
import { FirstOf } from './first-of'
import { TrialNote } from './network-trial'
import { Refused, refuseIfAny } from './refused'

/** How long an address may take to answer before it counts as unreachable. */
export const ANSWER_MS = 3_000

/** How long a machine that has the address may take to say so: it is on the same cable. */
const PROBE_MS = 1_000

/** How often it is looked what has become of the port without us. That reads a few lines of /proc and /sys. */
const LOOK_MS = 2_000

/** A platform that was not connected before may be unreachable for other reasons; then a person decides. */
const FIRST_PROOF_MS = 5_000
/** Between two attempts to reach the platform. */
const PROOF_PAUSE_MS = 1_000

/** The platform, as far as it can prove that a network is the right one. */
export interface Proof {
  /** Is it connected now? */
  isUp(): boolean
  /** Name and port, for people. */
  name(): string
  /** Does it answer over the network as it is now, through the proxy if there is one? */
  answers(signal: AbortSignal): Promise<boolean>
}

export interface ManagementPortParts {
  settings: Settings
  network: NetworkHost
  platform: Proof
  stateFolder: string
  log: (line: string) => void
  /** Runs a task when no other operation is under way. */
  inTurn: (task: () => Promise<void>) => Promise<void>
  /**
   * The host was told something else, or the port has changed by itself; the way to the platform is another one now when
   * the address is.
   */
  onChange: (hasMoved: boolean) => void
  /** A trial has begun, goes on, or is over. */
  onTrial: () => void
  /** Settings on trial are to stay. */
  onKept: () => Promise<void>
  /** The host does not do as the settings say, in plain words; and what to do, where that is known. */
  onTrouble: (message: string, advice?: string) => void
}

/** Settings in force that nobody has confirmed yet. */
interface Trial {
  wanted: NetworkSettings
  before: NetworkSettings
  status: TrialStatus & { state: 'running' }
  /** Aborted when it is over. */
  over: AbortController
}

/**
 * The management port: what the settings say is put in force, and new settings only count once they are proven. Until
 * then they are on trial: network.ini keeps what was there before, and after a crash or a power cut that is what comes
 * back.
 */
export class ManagementPort {
  /** What the host was told last; undefined when that failed. */
  private inForce: NetworkSettings | undefined
  /** Which port that was, and what was to set it up, as sensor.ini had it. */
  private told: readonly string[] = []
  private trial: Trial | undefined
  private hasGoneBack = false
  private readonly note: TrialNote
  private readonly closing = new AbortController()
  private nextLook: NodeJS.Timeout | undefined
  /** As of the last look with a cable: without one an address is only out of sight. */
  private lastAddress: string

  constructor(
    private readonly parts: ManagementPortParts,
    /** As of the last look. */
    public facts: NetworkFacts,
  ) {
    this.note = new TrialNote(parts.stateFolder)
    this.lastAddress = facts.address
  }

  /** Has the host been told what the settings say now, or what is on trial in their place? */
  get isAsConfigured(): boolean {
    const { network } = this.parts.settings
    if (!isDeepStrictEqual(this.told, this.whom)) return false
    return isDeepStrictEqual(network, this.inForce) || isDeepStrictEqual(network, this.trial?.before)
  }

  private get whom(): readonly string[] {
    const { port, backend } = this.parts.settings.sensor.management
    return [port, backend]
  }

  /** In force now: what is on trial, or else what is settled. A change begins with these. */
  get settings(): NetworkSettings {
    return this.trial?.wanted ?? this.parts.settings.network
  }

  get trialStatus(): TrialStatus | undefined {
    return this.trial?.status ?? (this.hasGoneBack ? { state: 'gone back' } : undefined)
  }

  /**
   * After a start, and after an edit by hand, the host has the address that is in the settings. A host that cannot is
   * shown as it is.
   */
  async restore(): Promise<void> {
    const { settings, network, onTrouble } = this.parts
    this.endTrial()
    this.inForce = undefined
    this.told = this.whom
    try {
      if (await this.note.wasBrokenOff(settings.network)) {
        onTrouble('The sensor ended while new network settings were on trial. Those of before are in force again.')
      }
      for (const { why, field } of await network.restore(settings.network)) onTrouble(`${WHY[why]} (${field}).`)
      this.inForce = settings.network
      await this.note.remove()
    } catch (error) {
      const { message, advice } = plainTrouble(error)
      onTrouble(message, advice)
    }
    await this.changed()
  }

  /** Have an eye on the port from now on: cables are pulled, leases come, move and expire without a word to us. */
  watch(): void {
    const { inTurn, log } = this.parts
    const again = (): void => {
      if (!this.closing.signal.aborted) this.watch()
    }
    this.nextLook = setTimeout(() => {
      // In turn: in the middle of a change the port is of no interest.
      void inTurn(() => this.look())
        .catch((error: Error) => log(`network: ${error.message}`))
        .then(again)
    }, LOOK_MS)
  }

  /** See what the port is like now, and tell when it is not what it was. */
  async look(): Promise<void> {
    await this.parts.network.passOn()
    const facts = await this.parts.network.facts()
    if (!isDeepStrictEqual(facts, this.facts)) this.see(facts)
  }

  /** What is on trial goes back: nobody is there any more who could confirm it. */
  async stop(): Promise<void> {
    this.closing.abort()
    clearTimeout(this.nextLook)
    if (this.trial !== undefined) await this.goBack(this.trial.before)
  }

  /**
   * Verify, ask whether somebody has the address, put in force, prove that gateway and DNS answer, and then the platform.
   * What was there comes back when one of them does not, or when `signal` is aborted before that is known. Where the
   * platform was not connected before either, its silence proves nothing: the settings are then answered while still on
   * trial, for keep() or goBack(), and go back by themselves.
   */
  async apply(raw: NetworkSettings, signal: AbortSignal): Promise<NetworkSettings> {
    const cancelled = new FirstOf([signal, this.closing.signal])
    try {
      return await this.try(raw, cancelled.signal)
    } finally {
      cancelled.close()
    }
  }

  private async try(raw: NetworkSettings, cancel: AbortSignal): Promise<NetworkSettings> {
    const { settings, platform } = this.parts
    refuseIfAny(verifyNetwork(raw))
    refuseIfCancelled(cancel)
    this.hasGoneBack = false
    const before = settings.network
    const wanted = normaliseNetwork(raw, before)
    const isNew = !isDeepStrictEqual(wanted, before)
    await this.parts.network.check(wanted)
    refuseIfAny(await this.taken(wanted))
    refuseIfCancelled(cancel)
    const mustBeProven = platform.isUp()
    this.endTrial()
    try {
      if (isNew) await this.note.write(wanted)
      await this.putInForce(wanted)
      await this.changed()
      refuseIfCancelled(cancel)
      refuseIfAny(await orCancelled(this.unreachable(wanted), cancel))
      if (!isNew) {
        // Of a trial that these settings have ended.
        await this.note.remove()
        return wanted
      }
      const trial = this.begin(wanted, before)
      const waitMs = mustBeProven ? this.trialMs : Math.min(FIRST_PROOF_MS, this.trialMs)
      const isProven = await this.proven(trial, waitMs, cancel)
      refuseIfCancelled(cancel)
      if (isProven) await this.settle(wanted)
      else if (mustBeProven) {
        const seconds = Math.round(this.trialMs / 1000)
        const reason = `it did not answer over the new settings within ${seconds} s; those of before are in force again`
        throw new Refused([issue('', 31, { platform: platform.name(), reason })])
      } else this.leaveToPerson(trial)
      return wanted
    } catch (error) {
      await this.goBack(before)
      throw error
    }
  }

  /** The person says that what is on trial is to stay. Refused once with 31 when it has gone back meanwhile. */
  async keep(): Promise<void> {
    const { trial } = this
    if (trial !== undefined) return this.settle(trial.wanted)
    if (!this.hasGoneBack) return
    this.hasGoneBack = false
    const reason = 'nobody confirmed the new settings in time, and those of before are in force again'
    throw new Refused([issue('', 31, { platform: this.parts.platform.name(), reason })])
  }

  /** The person does not want what is on trial. */
  async abandon(): Promise<void> {
    if (this.trial !== undefined) await this.goBack(this.trial.before)
  }

  // Putting in force

  /** As far as it can be: a port without an address is in force, too, and the issues say what is missing. */
  private async putInForce(network: NetworkSettings): Promise<void> {
    this.inForce = undefined
    this.told = this.whom
    const lacks = await this.parts.network.apply(network)
    refuseIfAny(this.issuesOf(lacks, network))
    this.inForce = network
  }

  private async goBack(before: NetworkSettings): Promise<void> {
    this.endTrial()
    const { network, onTrouble } = this.parts
    try {
      this.inForce = undefined
      this.told = this.whom
      for (const { why, field } of await network.apply(before)) onTrouble(`After going back: ${WHY[why]} (${field}).`)
      this.inForce = before
      await this.note.remove()
    } catch (failure) {
      const { message, advice } = plainTrouble(failure)
      onTrouble(`Going back failed. ${message}`, advice)
    } finally {
      await this.changed()
    }
  }

  /** Rejects, with the trial as it was, when the settings cannot be kept. */
  private async settle(wanted: NetworkSettings): Promise<void> {
    const { settings, network, onKept, onTrouble } = this.parts
    await settings.saveNetwork(wanted)
    this.endTrial()
    // From here on they are what comes back after a power cut, whatever fails: to go back now would leave the port with
    // other settings than network.ini. The rest only makes the next start quicker, and that does it again.
    try {
      await network.settle(wanted)
      await this.note.remove()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      onTrouble(`The new settings are in force and kept, but not yet as the machine starts by itself: ${reason}`)
    }
    await onKept()
    await this.changed()
  }

  private async changed(): Promise<void> {
    this.see(await this.parts.network.facts())
  }

  private see(facts: NetworkFacts): void {
    const { address, linkIsUp } = facts
    const hasMoved = address !== this.lastAddress && (address !== '' || linkIsUp)
    this.facts = facts
    if (hasMoved) this.lastAddress = address
    this.parts.onChange(hasMoved)
  }

  // The trial

  private get trialMs(): number {
    return this.parts.settings.sensor.management.trialSeconds * 1000
  }

  private begin(wanted: NetworkSettings, before: NetworkSettings): Trial {
    const status = { state: 'running', untilMs: Date.now() + this.trialMs, awaits: 'platform' } as const
    this.trial = { wanted, before, status, over: new AbortController() }
    this.parts.log(`network: on trial for ${this.trialMs / 1000} s`)
    this.parts.onTrial()
    return this.trial
  }

  private endTrial(): void {
    if (this.trial === undefined) return
    this.trial.over.abort()
    this.trial = undefined
    this.parts.onTrial()
  }

  /** Does the platform answer within this time? */
  private async proven({ over }: Trial, withinMs: number, cancel: AbortSignal): Promise<boolean> {
    const until = new FirstOf([cancel, over.signal], withinMs)
    const { signal } = until
    try {
      while (!signal.aborted) {
        if (await this.parts.platform.answers(signal)) return true
        await pause(PROOF_PAUSE_MS, undefined, { signal }).catch(() => undefined)
      }
      return false
    } finally {
      until.close()
    }
  }

  /** Either may come first: the word of the person, the answer of the platform, or the end of the time. */
  private leaveToPerson(trial: Trial): void {
    trial.status = { ...trial.status, awaits: 'person' }
    this.parts.onTrial()
    const { log, inTurn } = this.parts
    const inTime = trial.status.untilMs - Date.now()
    const decide = async (isProven: boolean): Promise<void> => {
      if (this.trial !== trial) return
      if (isProven) return this.settle(trial.wanted).catch(() => this.goBack(trial.before))
      log('network: nobody confirmed the new settings; going back')
      await this.goBack(trial.before)
      this.hasGoneBack = true
      this.parts.onTrial()
      this.parts.onTrouble('Nobody confirmed the new network settings in time. Those of before are in force again.')
    }
    void this.proven(trial, Math.max(0, inTime), this.closing.signal)
      .then((isProven) => inTurn(() => decide(isProven)))
      .catch((error: Error) => log(`network: ${error.message}`))
  }

  // What is wrong

  /** Does another machine have the static address? Before anything is touched. */
  private async taken(wanted: NetworkSettings): Promise<Issue[]> {
    const { mode, address: value, vlan } = wanted
    const { network, settings } = this.parts
    // On a VLAN that is joined only now nobody can be asked before.
    if (mode !== 'static' || vlan !== settings.network.vlan) return []
    // What it was at the last look is not enough: that lease may be another machine's by now.
    if (value === (await network.facts()).address) return []
    const [mac] = (await network.whoElseHas(value, PROBE_MS)) ?? []
    if (mac === undefined) return []
    return [issue('address', 13, { value, reason: `the machine with the MAC address ${mac} has it already` })]
  }

  /** One family without an address is borne as long as the other has one. */
  private issuesOf(lacks: readonly NotTaken[], { ipv6 }: NetworkSettings): Issue[] {
    const noFamily = (each: NotTaken): boolean => each.why === 'no lease' || each.why === 'no router'
    const isReachable = ipv6 !== 'off' && lacks.filter(noFamily).length < 2
    return lacks.flatMap(({ field, why }) => {
      const reason = WHY[why]
      if (field === 'ipv6Address' && why === 'duplicate') {
        return [issue(field, 13, { value: 'This address', reason: 'another machine has it already' })]
      }
      if (why === 'not set') return [issue(field, 10, { reason })]
      if (field === 'mode' && isReachable) return []
      return [issue(field, 31, { platform: this.parts.platform.name(), reason })]
    })
  }

  /** all of them at once. */
  private async unreachable(wanted: NetworkSettings): Promise<Issue[]> {
    const v4 = wanted.mode === 'static' ? (['gateway', 'dns1', 'dns2'] as const) : []
    const v6 = wanted.ipv6 === 'static' ? (['ipv6Gateway', 'ipv6Dns'] as const) : []
    const numbers = { gateway: 25, ipv6Gateway: 25, dns1: 26, ipv6Dns: 26, dns2: 27 } as const
    const found = await Promise.all(
      [...v4, ...v6].map(async (field) => {
        const value = wanted[field]
        if (value === '' || (await this.parts.network.answers(value, ANSWER_MS))) return []
        return [issue(field, numbers[field], { value })]
      }),
    )
    return found.flat()
  }
}

const WHY: Record<NotTaken['why'], string> = {
  'no lease': 'no DHCP server has given an address',
  'no router': 'no router has advertised itself',
  duplicate: 'another machine has the address already',
  'not set': 'the port did not take the value',
}

function plainTrouble(error: unknown): { message: string; advice?: string } {
  if (error instanceof SensorError) return linkTroubleOf(error)
  return { message: error instanceof Error ? error.message : String(error) }
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
