import type { ErrorNumber } from '../errors/catalogue'
import type { Issue } from '../errors/issue'
import type { PortCounters, WorkerCounters } from '../capture/messages'
import type { HealthReport } from '../health/health-report'
import type { FlowSummary, MachineList, MachineSummary } from '../report/summary'
import type { NetworkFacts } from '../host/types'
import type { LinkTrouble } from '../link/link-trouble'
import type { TroubleKind } from '../link/trouble-kind'
import type { NetworkSettings, NetworkWanted } from '../settings/network-settings'
import type { ProxySettings } from '../settings/proxy-settings'

/**
 * What the faces (console, panel, scripts) and the sensor say to each other over the control socket: one JSON
 * object a line. A face sends requests and gets one answer each, matched by id; after `watch` it also gets a
 * status event whenever something changes.
 */
export type Request = {
  [Name in keyof Operations]: { id: number; do: Name; with: Operations[Name]['with'] }
}[keyof Operations]

export type Answer =
  | { id: number; ok: true; answer: unknown }
  /** The state is as it was. Issues are in the order of G-12 (the first one wins), never empty. */
  | { id: number; ok: false; issues: Issue[] }

export type Event = { event: 'status'; status: SensorStatus }

/** Each operation: what goes in, what comes out. */
export interface Operations {
  /** The state of everything, now. */
  status: { with: Record<string, never>; answer: SensorStatus }
  /** The state now, and an Event at each change from here on. */
  watch: { with: Record<string, never>; answer: SensorStatus }
  /** What is in force, on trial or settled. */
  'network.show': { with: Record<string, never>; answer: NetworkSettings }
  /**
   * Verify, put in force and prove; answers when it is done or refused. With mode `dhcp` the other fields of IPv4 are
   * ignored, and what is not mentioned stays. Where the platform was not connected before and does not answer now, the
   * settings are on trial after the answer, as the status tells: they go back unless `network.keep` comes in time.
   */
  'network.apply': { with: NetworkWanted; answer: NetworkSettings }
  /** What is on trial is to stay; nothing happens without a trial. Refused with 31 once it has gone back. */
  'network.keep': { with: Record<string, never>; answer: Record<string, never> }
  /** What is on trial is to go back at once; nothing happens without a trial. */
  'network.abandon': { with: Record<string, never>; answer: Record<string, never> }
  'proxy.show': { with: Record<string, never>; answer: ProxyShown }
  /** Verify only: what `proxy.apply` would refuse. A wizard asks after each step. */
  'proxy.check': { with: ProxyWanted; answer: Record<string, never> }
  /** Verify, prove that the platform answers through it unless that is not wanted, and put in force. */
  'proxy.apply': { with: ProxyWanted; answer: ProxyShown }
  /** Register with the 14-digit code. Sent to the platform once. */
  personalize: { with: { code: string }; answer: { name: string } }
  /** The summaries reported last, newest first. */
  flows: { with: { limit: number }; answer: FlowSummary[] }
  /**
   * The machines that have this address or MAC, or go by this hostname, with the evidence for all that is said of them, as
   * the worker knows them now; a few at most. Refused with 10 while no worker runs.
   */
  asset: { with: { who: string }; answer: MachineSummary[] }
  /**
   * The machines that were heard last, the latest first: all, or those that have this text in an address, a MAC or a
   * hostname. Refused likewise.
   */
  assets: { with: { text: string; limit: number }; answer: MachineList }
  /** Is this the console password? Issue 28 when not (G-01, only with `console.lock` on). */
  unlock: { with: { pin: string }; answer: Record<string, never> }
  /**
   * The test of the connection as far as it is, at once. With `start` a new one begins unless one runs; with `stop` the
   * one that runs is given up, whoever started it.
   */
  'connection.test': { with: { start: boolean; stop?: boolean | undefined }; answer: ConnectionTest }
  /** The errors met last, newest first. */
  errors: { with: { limit: number }; answer: RecentError[] }
  /** Settings that were in force before, newest first, ten at most. */
  'history.list': { with: Record<string, never>; answer: PastSettings[] }
  /** Put one of them in force again: verified and proven like new values. */
  'history.restore': { with: { id: string }; answer: Record<string, never> }
  /**
   * Turn the console password on or off, change it, or both (G-01). `pin` is the one in force, else issue 28;
   * an empty `newPin` leaves it as it is.
   */
  'console.lock': { with: { lock: boolean; pin: string; newPin: string }; answer: Record<string, never> }
  /** `confirmation` is REBOOT; anything else is refused, as it is for the next two with their words. */
  'system.reboot': { with: { confirmation: string }; answer: Record<string, never> }
  /** `confirmation` is SHUTDOWN. */
  'system.shutdown': { with: { confirmation: string }; answer: Record<string, never> }
  /** All settings as shipped, registration, spool and console password with them. `confirmation` is RESET. */
  'system.reset': { with: { confirmation: string }; answer: Record<string, never> }
  /**
   * Withdraw a request of this connection that has no answer yet, by its id. It puts back what was before, and the
   * withdrawn request is then answered like any other: refused with 10, or with success when it was done already.
   * Refused with 10 for what is not CANCELLABLE or has been answered. Faces use the signal of SensorControl.ask().
   */
  cancel: { with: { request: number }; answer: Record<string, never> }
}

/**
 * What can be withdrawn while it is under way. Of the others most are over in a moment, and a personalization code that
 * was sent may be spent already. A test of the connection has its own `stop`.
 */
export const CANCELLABLE: readonly (keyof Operations)[] = ['network.apply', 'proxy.apply', 'history.restore']

/** A walk up the ladder from the cable to the platform, one rung after the other. */
export interface ConnectionTest {
  isRunning: boolean
  /** 0 before the first test. */
  startedMs: number
  rungs: Rung[]
  /** Whatever failed on the way: is the platform reached all the same? */
  isReached: boolean
  /**
   * All of it in twelve characters to read out to support, once it is over (`nps explain`); empty until then, and for
   * good when it did not come to its end.
   */
  code: string
}

/** Said of a test that is over, has not reached the platform, and has not found out why. */
export const STOPPED = 'The test was stopped before its end.'

export interface Rung {
  /** What is looked at, such as `Gateway 192.168.50.1`. */
  name: string
  /** `skipped`: does not apply here, or cannot be looked at because of a rung before. */
  state: 'waiting' | 'running' | 'passed' | 'failed' | 'skipped'
  /** The value found, such as `answers after 2 ms`; why, for one that was skipped. */
  measured: string
  /**
   * The product's number and the plain sentence of a rung that failed; which of the conditions of that number it was,
   * and what to do about it, where more is known than by the number alone.
   */
  trouble?: { number: ErrorNumber; message: string; kind?: TroubleKind; advice?: string }
}

/** An error that a person or a log should be able to look up later. */
export interface RecentError {
  atMs: number
  number: ErrorNumber
  message: string
  /** What to do, where more is known than by the number alone. */
  advice?: string | undefined
  /** What was being done, in plain words, such as `Set up Network`. */
  during: string
  /** How often it has come with no other in between while doing this; `atMs` is the last time. */
  times: number
}

/** Settings that were in force until `untilMs`. */
export interface PastSettings {
  id: string
  untilMs: number
  family: 'network' | 'proxy'
  /** What restoring them would change, by the label of the field on the screen. Never empty, never a secret. */
  changes: { label: string; now: string; then: string }[]
}

/** Proxy settings as they may be shown: the password never leaves the sensor. */
export type ProxyShown = Omit<ProxySettings, 'password'> & { passwordIsSet: boolean }

/**
 * Proxy settings as a face asks for them; without `password` the one already kept stays. `untried`: put in force
 * without a proof, on an appliance that does not stand where the proxy is yet.
 */
export type ProxyWanted = Omit<ProxySettings, 'password'> & { password?: string; untried?: boolean }

export type Registration = 'Unregistered' | 'Registered' | 'Deregistered'
export type Sensing = 'Sensing' | 'Paused' | 'ECO'

/** How good the feed of the mirror port is. */
export interface MirrorStatus {
  /** In plain words: the worst that is the matter and what to do about it, or that all is well. */
  verdict: string
  isWell: boolean
  /** What else is the matter, the worst first. */
  also: string[]
  /** What the model is built for, in bits per second; 0 where it is not known. */
  ratedBitsPerSecond: number
  health: HealthReport
}

/** How a trial of new network settings stands, for the faces. */
export type TrialStatus =
  /** In force until then; what is waited for is the platform, or a person to say that they are to stay. */
  | { state: 'running'; untilMs: number; awaits: 'platform' | 'person' }
  /** Nobody confirmed them, and what was in force before is again. */
  | { state: 'gone back' }

/** All a face needs to draw its status. Times are milliseconds since 1970; 0 means never. */
export interface SensorStatus {
  name: string
  model: string
  serial: string
  version: string
  registration: Registration
  sensing: Sensing
  /** Vendor name in screens; the guide's own by default. */
  vendor: string
  network: NetworkFacts & { mode: NetworkSettings['mode']; trial?: TrialStatus }
  proxy: { enabled: boolean; host: string; port: number; auth: ProxySettings['auth'] }
  link: {
    platform: string
    isUp: boolean
    /** Since when it is up, or down for whatever trouble. */
    sinceMs: number
    /** Why it is down, and when the next attempt comes. */
    trouble?: LinkTrouble
    nextAttemptMs: number
  }
  worker: {
    isRunning: boolean
    restarts: number
    source: string
    trouble: string
    counters: WorkerCounters
    /** What it may take of memory, as sensor.ini has it, in millions of bytes. */
    memoryMegabytes: number
    /** Each mirror port; empty for a replay. */
    ports: PortCounters[]
  }
  mirror: MirrorStatus
  spool: {
    /** What waits for upload. */
    batches: number
    bytes: number
    /** When the oldest report of it was written; 0 when nothing waits. */
    oldestMs: number
    /** What may wait at most, as sensor.ini has it. */
    budgetBytes: number
    /** How long that still holds at the present rate; absent until the rate is known. */
    lastsMs?: number
    /** Since the start: batches that became part of others, or were dropped, for want of room (G-08). */
    merged: number
    dropped: number
    uploaded: number
  }
  /** Mistakes found in the ini files, as `file:line key: what`; the last good state is in force. */
  settingsTrouble: string[]
  consoleIsLocked: boolean
}
