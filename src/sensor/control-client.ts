import { connect, type Socket } from 'node:net'
import { dirname } from 'node:path'
import type { Issue } from '../errors/issue'
import { LineChannel } from './line-channel'
import type { Answer, Event, Operations, SensorStatus } from './messages'
import { requireOwnFolder } from './socket-folder'

/** What an operation came to: its answer, or the issues it was refused for (in the order of G-12, never empty). */
export type Outcome<Name extends keyof Operations> =
  { ok: true; answer: Operations[Name]['answer'] } | { ok: false; issues: Issue[] }

/** A face's line to the running sensor. */
export interface SensorControl {
  /**
   * Ask for one operation. Rejects only when the sensor goes away before it answers. Aborting `signal` asks the sensor
   * to withdraw it, which it can for what messages.ts lists as CANCELLABLE: wait for the outcome all the same. It is
   * refused with 10, and all is as it was; or it is done, when the signal came too late.
   */
  ask<Name extends keyof Operations>(
    name: Name,
    values: Operations[Name]['with'],
    signal?: AbortSignal,
  ): Promise<Outcome<Name>>
  /** The status now, and a call at each change from here on. */
  watch(onStatus: (status: SensorStatus) => void): Promise<SensorStatus>
  /** Called once when the sensor is gone. */
  onGone: (() => void) | undefined
  close(): void
}

/** Connect to the sensor's control socket. Rejects with Node's own error (`ENOENT`, `ECONNREFUSED`, `EACCES`, `EPERM`). */
export async function connectControl(socketPath: string): Promise<SensorControl> {
  await requireOwnFolder(dirname(socketPath))
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(new ControlClient(socket))
    })
  })
}

class ControlClient implements SensorControl {
  onGone: (() => void) | undefined
  private nextId = 1
  private readonly waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
  private onStatus: ((status: SensorStatus) => void) | undefined
  private readonly channel: LineChannel

  constructor(private readonly socket: Socket) {
    this.channel = new LineChannel(socket, (value) => this.take(value as Answer | Event))
    socket.once('close', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('The sensor has stopped.'))
      this.waiting.clear()
      this.onGone?.()
    })
  }

  async ask<Name extends keyof Operations>(
    name: Name,
    values: Operations[Name]['with'],
    signal?: AbortSignal,
  ): Promise<Outcome<Name>> {
    if (this.socket.destroyed) throw new Error('The sensor has stopped.')
    const id = this.nextId++
    const answered = new Promise<Answer>((resolve, reject) => this.waiting.set(id, { resolve, reject }))
    this.channel.send({ id, do: name, with: values })
    // That it cannot be withdrawn shows in the outcome, for which everyone waits.
    const withdraw = (): void => void this.ask('cancel', { request: id }).catch(() => undefined)
    signal?.addEventListener('abort', withdraw)
    if (signal?.aborted) withdraw()
    try {
      const answer = await answered
      return answer.ok
        ? { ok: true, answer: answer.answer as Operations[Name]['answer'] }
        : { ok: false, issues: answer.issues }
    } finally {
      signal?.removeEventListener('abort', withdraw)
    }
  }

  async watch(onStatus: (status: SensorStatus) => void): Promise<SensorStatus> {
    this.onStatus = onStatus
    const outcome = await this.ask('watch', {})
    if (!outcome.ok) throw new Error(outcome.issues[0]?.message ?? 'The sensor refused to be watched.')
    return outcome.answer
  }

  close(): void {
    this.socket.end()
    this.socket.unref()
  }

  private take(message: Answer | Event): void {
    if ('event' in message) {
      this.onStatus?.(message.status)
      return
    }
    const waiting = this.waiting.get(message.id)
    this.waiting.delete(message.id)
    waiting?.resolve(message)
  }
}
