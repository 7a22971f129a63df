import { SensorError } from '../errors/sensor-error'
import { BatchFormatError } from '../report/batch-format/batch-format-error'
import { SpoolReadError, type Spool } from '../report/spool/spool'
import { batchWithoutClues } from '../report/spool/without-clues'
import { Backoff } from './backoff'
import { platformTrouble, type Credential, type Route } from './connect'
import { foreignText } from './foreign-text'
import { BATCH_PATH, BATCH_TYPE, Refusal } from './messages'
import { PlatformAgent, type Reply } from './platform-agent'
import { linkTroubleOf, type LinkTrouble } from './link-trouble'

/** What the uploader tells its owner. */
export interface UploaderHandlers {
  /** The platform has this batch, and it has left the spool. */
  onUploaded(id: string, bytes: number): void
  /** An upload failed; it is tried again at `nextAttemptMs`, milliseconds since 1970. */
  onTrouble(trouble: LinkTrouble, nextAttemptMs: number): void
  /** May the platform be told by which clues machines are known? What waits was written when it perhaps might. */
  mayTellClues(): boolean
  /** The platform will never take this batch; it has been moved aside. */
  onRefused(id: string, reason: string): void
}

/** The platform may be busy storing; R-155 asks for 1 Mbit/s, and we wait for a line sixteen times slower. */
const ANSWER_MS = 30_000
const SLOWEST_BYTES_PER_MS = 8

/**
 * Sends what the spool holds, oldest first, one batch at a time and in memory; a batch leaves the spool only once
 * the platform says that it has it. What fails is tried again with backoff, for ever.
 */
export class Uploader {
  private agent: PlatformAgent
  private isRunning = false
  private isBusy = false
  private hasMore = false
  private timer: NodeJS.Timeout | undefined
  private idle: Promise<void> = Promise.resolve()

  /** Since start. Bytes as sent, without headers. */
  uploadedBatches = 0
  uploadedBytes = 0
  refusedBatches = 0

  constructor(
    private readonly spool: Pick<Spool, 'list' | 'offer' | 'remove' | 'quarantine'>,
    private route: Route & Credential,
    private readonly handlers: UploaderHandlers,
    private readonly backoff = new Backoff(),
  ) {
    this.agent = new PlatformAgent(route)
  }

  start(): void {
    if (this.isRunning) return
    this.isRunning = true
    this.kick()
  }

  /** Resolves when the upload under way has been given up; its batch stays in the spool. */
  async stop(): Promise<void> {
    this.isRunning = false
    clearTimeout(this.timer)
    this.timer = undefined
    this.agent.destroy()
    await this.idle
  }

  /** There is a new batch. While an earlier failure is being waited out, it waits as well. */
  kick(): void {
    if (!this.isRunning) return
    this.hasMore = true
    if (this.isBusy || this.timer) return
    this.isBusy = true
    this.idle = this.drain().finally(() => (this.isBusy = false))
  }

  /** Do not wait for the backoff: the link has come back. */
  retryNow(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.backoff.reset()
    this.kick()
  }

  /** Take another way (platform, proxy, credential) from now on. An upload under way over the old one is given up. */
  use(route: Route & Credential): void {
    this.route = route
    this.agent.destroy()
    this.agent = new PlatformAgent(route)
    this.retryNow()
  }

  private async drain(): Promise<void> {
    while (this.isRunning && this.hasMore) {
      this.hasMore = false
      const { agent } = this
      try {
        for (const { id } of await this.spool.list()) {
          if (!this.isRunning || agent !== this.agent) break
          await this.upload(agent, id)
          this.backoff.reset()
        }
      } catch (error) {
        if (!this.isRunning) return
        // The way was changed in the middle: that says nothing about the new one.
        if (agent !== this.agent) {
          this.hasMore = true
          continue
        }
        this.waitAfter(error)
        return
      }
    }
  }

  private async upload(agent: PlatformAgent, id: string): Promise<void> {
    let body: Buffer
    try {
      body = await this.spool.offer(id)
      if (!this.handlers.mayTellClues()) body = await batchWithoutClues(body)
    } catch (error) {
      // Whole, but not as we write them: the platform would not take it either.
      if (error instanceof BatchFormatError) return this.giveUp(id, error.message)
      if (!(error instanceof SpoolReadError)) throw error
      // Dropped since the list was made, or damaged and moved aside: either way the next one can go. If it was merged
      // into another, that one is not in the list.
      this.hasMore = true
      return
    }
    const reply = await agent.ask({
      method: 'PUT',
      path: `${BATCH_PATH}/${id}`,
      headers: { 'Content-Type': BATCH_TYPE },
      body,
      timeoutMs: ANSWER_MS + body.length / SLOWEST_BYTES_PER_MS,
    })
    // 200: it was there already, the answer of the first time was lost.
    if (reply.status === 200 || reply.status === 201) {
      await this.spool.remove(id)
      this.uploadedBatches++
      this.uploadedBytes += body.length
      this.handlers.onUploaded(id, body.length)
      return
    }
    const reason = refusalOf(reply)
    // Only the platform's own word moves a batch aside: a gateway in front of it may answer 400 to anything.
    if ([400, 413, 422].includes(reply.status) && reason !== undefined) {
      return this.giveUp(id, reason)
    }
    if (reply.status === 401 || reply.status === 403) {
      throw new SensorError(24, { reason: reason ?? 'it does not know this sensor, or not any more' })
    }
    const why = reason === undefined ? '' : ` (${reason})`
    throw platformTrouble(this.route.platform, `it answered ${reply.status}${why} to an upload`)
  }

  private async giveUp(id: string, reason: string): Promise<void> {
    await this.spool.quarantine(id)
    this.refusedBatches++
    this.handlers.onRefused(id, reason)
  }

  private waitAfter(error: unknown): void {
    const waitMs = this.backoff.next()
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.kick()
    }, waitMs)
    // What is not the link's trouble is the disk's: the spool cannot be read.
    const known = error instanceof SensorError ? error : new SensorError(10, { reason: 'the spool cannot be read' })
    this.handlers.onTrouble(linkTroubleOf(known), Date.now() + waitMs)
  }
}

function refusalOf(reply: Reply): string | undefined {
  try {
    const refusal = Refusal.safeParse(JSON.parse(reply.body.toString('utf8')))
    return refusal.success ? foreignText(refusal.data.reason) : undefined
  } catch {
    return undefined
  }
}
