import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { FromSensor, SESSION_PATH, type Command, type FromPlatform } from '../link/messages'
import type { ClueRemoval } from './clue-removal'
import { sensorOf } from './sensor-credential'
import type { SensorRecord, Store } from './store'

/** The live sessions of sensors: configuration and commands go down, state and counters come up. */
export class Sessions {
  /** A message of link/messages.ts is small; whoever sends more is not a sensor of ours. */
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false })
  private readonly live = new Map<string, Session>()
  private readonly pulse = setInterval(() => this.checkPulse(), PULSE_MS).unref()

  constructor(
    private readonly store: Store,
    private readonly clues: ClueRemoval,
    private readonly now: () => number,
  ) {}

  isOnline(sensorId: string): boolean {
    return this.live.has(sensorId)
  }

  /** Take over a connection that asks to become a WebSocket. Never rejects. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy())
    try {
      await this.admit(request, socket, head)
    } catch (error) {
      logTrouble(error)
      socket.destroy()
    }
  }

  private async admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Not parsed as a URL: a stranger can send one that is none, and nothing here may throw.
    if (request.url?.split('?')[0] !== SESSION_PATH) return refuse(socket, 404, 'there is no session here')
    const credential = await sensorOf(request, this.store)
    if ('status' in credential) return refuse(socket, credential.status, credential.reason)
    const { sensor } = credential
    if (sensor.registration === 'Deregistered' && (await this.store.pendingCommands(sensor.id)).length === 0) {
      return refuse(socket, 403, 'the sensor is deregistered')
    }
    this.server.handleUpgrade(request, socket, head, (webSocket) => this.begin(sensor, webSocket))
  }

  /** Tell a sensor to do something: now when it is there, else when it comes back. Answers with the command's id. */
  async command(sensorId: string, command: Command): Promise<string> {
    const added = { id: randomUUID(), command, madeAtMs: this.now() }
    await this.store.addCommand(sensorId, added)
    this.flush(sensorId)
    return added.id
  }

  /**
   * End a sensor's registration. From here on its certificate opens nothing, but for one last session in
   * which it is told; a sensor that was never registered has nobody to tell.
   */
  async deregister(sensor: SensorRecord): Promise<string | undefined> {
    if (sensor.registration !== 'Registered') {
      await this.store.deregister(sensor.id, undefined)
      return undefined
    }
    const command = { id: randomUUID(), command: 'deregister' as const, madeAtMs: this.now() }
    await this.store.deregister(sensor.id, command)
    this.flush(sensor.id)
    return command.id
  }

  /** Send the configuration in force to a sensor that is there; one that is not gets it with its next hello. */
  async sendConfiguration(sensorId: string): Promise<void> {
    const session = this.live.get(sensorId)
    session?.send({ type: 'configuration', configuration: await this.store.configuration(sensorId) })
  }

  /** Close what is open with this sensor. */
  drop(sensorId: string): void {
    this.live.get(sensorId)?.end(CLOSE_GONE, 'the sensor is gone')
  }

  /** End every session; what was heard already is dealt with before this resolves. */
  async close(): Promise<void> {
    clearInterval(this.pulse)
    const sessions = [...this.live.values()]
    for (const session of sessions) session.end(CLOSE_RESTART, 'the platform stops')
    this.server.close()
    await Promise.all(sessions.map((session) => session.turn))
  }

  private begin(sensor: SensorRecord, webSocket: WebSocket): void {
    const session = new Session(webSocket, (message) => this.hear(sensor.id, session, message))
    // After a cable is moved the old connection can look alive for minutes; the newest one is the sensor.
    this.live.get(sensor.id)?.end(CLOSE_REPLACED, 'another session of this sensor began')
    this.live.set(sensor.id, session)
    webSocket.on('close', () => {
      if (this.live.get(sensor.id) === session) this.live.delete(sensor.id)
    })
  }

  private async hear(sensorId: string, session: Session, message: FromSensor): Promise<void> {
    // A session lives for weeks, and the sensor's registration can end in any of them.
    const sensor = await this.store.sensor(sensorId)
    if (sensor === undefined) return session.end(CLOSE_GONE, 'the sensor is gone')
    const seenAtMs = this.now()
    switch (message.type) {
      case 'hello': {
        const { version, model, sensing, address, mac, configurationVersion } = message
        const seen = { seenAtMs, version, model, sensing, address, mac, configuredVersion: configurationVersion }
        await this.store.recordSensor(sensorId, seen)
        if (sensor.registration === 'Registered') {
          const configuration = await this.store.configuration(sensorId)
          // Not only when ours is newer: a platform brought back from a backup still has the last word.
          if (configuration.version !== configurationVersion) session.send({ type: 'configuration', configuration })
        }
        return this.sendCommands(sensorId, session)
      }
      case 'heartbeat':
        await this.store.recordSensor(sensorId, {
          seenAtMs,
          sensing: message.sensing,
          counters: message.counters,
          feed: message.feed,
        })
        if (message.fingerprints === false) this.clues.ask(sensorId)
        session.send({ type: 'heard', atMs: seenAtMs })
        return
      case 'configured':
        await this.store.recordSensor(sensorId, {
          seenAtMs,
          configuredVersion: message.version,
          configurationTrouble: '',
        })
        return
      case 'not-configured':
        await this.store.recordSensor(sensorId, { seenAtMs, configurationTrouble: message.reason })
        return
      case 'done':
        await this.store.finishCommand(sensorId, message.id, message.ok, message.reason ?? '', seenAtMs)
        await this.store.recordSensor(sensorId, { seenAtMs })
        if (sensor.registration === 'Deregistered' && (await this.store.pendingCommands(sensorId)).length === 0) {
          session.end(CLOSE_GONE, 'the sensor is deregistered')
        }
    }
  }

  /** Send what waits, in turn with what comes in: before hello nothing, and after it in the order it was given. */
  private flush(sensorId: string): void {
    const session = this.live.get(sensorId)
    if (session?.hasGreeted === true) session.inTurn(() => this.sendCommands(sensorId, session))
  }

  private async sendCommands(sensorId: string, session: Session): Promise<void> {
    for (const { id, command } of await this.store.pendingCommands(sensorId)) session.sendCommand(id, command)
  }

  private checkPulse(): void {
    for (const session of this.live.values()) session.checkPulse()
  }
}

/** RFC 6455 section 7.4: 1001 going away, 1008 policy violation, 1011 trouble of our own; 4000 and up are an application's own. */
const CLOSE_RESTART = 1001
const CLOSE_BAD_MESSAGE = 1008
const CLOSE_TROUBLE = 1011
const CLOSE_REPLACED = 4000
const CLOSE_GONE = 4001

/** A connection that has answered no ping between two of these is dead, whatever TCP thinks of it. */
const PULSE_MS = 30_000
const HELLO_WITHIN_MS = 15_000
const CLOSE_WITHIN_MS = 2000

/** One WebSocket whose messages are read one after the other, each checked before it is looked at. */
class Session {
  /** Settles when all that has come in so far is dealt with. */
  turn: Promise<void> = Promise.resolve()
  hasGreeted = false
  private readonly commandsSent = new Set<string>()
  private isAlive = true

  constructor(
    private readonly webSocket: WebSocket,
    hear: (message: FromSensor) => Promise<void>,
  ) {
    const patience = setTimeout(() => {
      if (!this.hasGreeted) this.end(CLOSE_BAD_MESSAGE, 'no hello came')
    }, HELLO_WITHIN_MS).unref()
    webSocket.on('close', () => clearTimeout(patience))
    webSocket.on('error', () => webSocket.terminate())
    webSocket.on('pong', () => (this.isAlive = true))
    webSocket.on('message', (data, isBinary) => {
      this.isAlive = true
      if (webSocket.readyState !== WebSocket.OPEN) return
      const message = isBinary ? undefined : readMessage(String(data))
      if (message === undefined) return this.end(CLOSE_BAD_MESSAGE, 'the message is not understood')
      if (!this.hasGreeted && message.type !== 'hello') return this.end(CLOSE_BAD_MESSAGE, 'hello comes first')
      this.hasGreeted = true
      this.inTurn(() => hear(message))
    })
  }

  send(message: FromPlatform): void {
    if (this.webSocket.readyState === WebSocket.OPEN) this.webSocket.send(JSON.stringify(message))
  }

  /** Work that fails, as on a full disk, ends this session and no other; the sensor comes back and says it again. */
  inTurn(work: () => Promise<void>): void {
    this.turn = this.turn.then(work).catch((error: unknown) => {
      logTrouble(error)
      this.end(CLOSE_TROUBLE, 'the platform cannot deal with it now')
    })
  }

  /** A command goes out once a session, though it stays pending until it is done. */
  sendCommand(id: string, command: Command): void {
    if (this.commandsSent.has(id)) return
    this.commandsSent.add(id)
    this.send({ type: 'command', id, command })
  }

  /** Say why and close; who does not answer to that is cut off. */
  end(code: number, reason: string): void {
    this.webSocket.close(code, reason)
    const patience = setTimeout(() => this.webSocket.terminate(), CLOSE_WITHIN_MS).unref()
    this.webSocket.on('close', () => clearTimeout(patience))
  }

  checkPulse(): void {
    if (!this.isAlive) return this.webSocket.terminate()
    this.isAlive = false
    this.webSocket.ping()
  }
}

function logTrouble(error: unknown): void {
  console.error('nps platform: a session failed:', error)
}

function readMessage(text: string): FromSensor | undefined {
  try {
    return FromSensor.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Answer an upgrade with an ordinary refusal, so that the sensor can tell why from status and body. */
function refuse(socket: Duplex, status: 401 | 403 | 404, reason: string): void {
  const body = JSON.stringify({ refused: 'refused', reason })
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
