import type { ConnectionTest, Rung } from '../messages'
import type { Trouble } from '../error-log'
import { codeOfTest, type Circumstances } from './code'
import { LADDER, type Found, type Ground, type RungKind, type Walk } from './ladder'
import { troubleOf } from './rung-trouble'

/** Why a rung that was under way, or not begun, says no more. */
const CUT_OFF = 'the test was stopped'

export interface ConnectionTesterParts {
  /** As it is when a test begins. */
  ground: () => Ground
  /** A rung failed. */
  onTrouble: (trouble: Trouble) => void
  log: (line: string) => void
}

/** Climbs the ladder of ladder.ts, one test at a time, and shows how far it is. */
export class ConnectionTester {
  private test: ConnectionTest = { isRunning: false, startedMs: 0, rungs: [], isReached: false, code: '' }
  private running: AbortController | undefined
  /** Resolves when the test that runs can be looked at. */
  private begun: Promise<void> = Promise.resolve()

  constructor(private readonly parts: ConnectionTesterParts) {}

  /** The test that runs, or the last one. */
  look(): ConnectionTest {
    return structuredClone(this.test)
  }

  /** Begin a test unless one runs; resolves when look() shows it. */
  start(): Promise<void> {
    if (this.running === undefined) {
      this.running = new AbortController()
      this.begun = this.begin(this.running)
    }
    return this.begun
  }

  /** Give up the test that runs. */
  stop(): void {
    this.running?.abort()
    this.running = undefined
    end(this.test)
  }

  private async begin(stopping: AbortController): Promise<void> {
    const over = (): void => {
      if (this.running === stopping) this.running = undefined
    }
    try {
      const ground = this.parts.ground()
      const walk: Walk = { ...ground, facts: await ground.host.network.facts(), signal: stopping.signal }
      const rungs = LADDER.map((kind): Rung => ({ name: kind.name(walk), state: 'waiting', measured: '' }))
      const test: ConnectionTest = { isRunning: true, startedMs: Date.now(), rungs, isReached: false, code: '' }
      this.test = test
      void this.climb(walk, test).finally(over)
    } catch (error) {
      over()
      throw error
    }
  }

  private async climb(walk: Walk, test: ConnectionTest): Promise<void> {
    /** What cannot be done without a rung that failed, by its id. */
    const lacking = new Map<string, string>()
    let isWhole = false
    try {
      for (const [at, kind] of LADDER.entries()) {
        if (walk.signal.aborted) return
        await this.climbOne(kind, test.rungs[at]!, walk, lacking)
      }
      isWhole = !walk.signal.aborted
    } catch (error) {
      // Ours to mend: a network that fails is a rung that fails.
      this.parts.log(`connection test: ${error instanceof Error ? error.stack : String(error)}`)
    } finally {
      walk.connection?.destroy()
      walk.path?.destroy()
      end(test)
      test.isReached = test.rungs[LADDER.findIndex(({ id }) => id === 'platform')]?.state === 'passed'
      if (isWhole) test.code = codeOfTest(test.rungs, circumstances(walk))
    }
  }

  private async climbOne(kind: RungKind, rung: Rung, walk: Walk, lacking: Map<string, string>): Promise<void> {
    const reason = kind.needs.map((id) => lacking.get(id)).find((each) => each !== undefined)
    if (reason !== undefined) {
      lacking.set(kind.id, reason)
      Object.assign(rung, { state: 'skipped', measured: `cannot be looked at ${reason}` })
      return
    }
    rung.state = 'running'
    let found: Found | { trouble: NonNullable<Rung['trouble']> }
    try {
      found = await kind.look(walk)
    } catch (error) {
      found = { trouble: troubleOf(error) }
    }
    // What comes after the end of a test belongs to nobody.
    if (walk.signal.aborted) return
    if ('passed' in found) Object.assign(rung, { state: 'passed', measured: found.passed })
    else if ('skipped' in found) Object.assign(rung, { state: 'skipped', measured: found.skipped })
    else {
      lacking.set(kind.id, kind.without)
      const { advice } = kind
      const trouble = advice === undefined ? found.trouble : { advice, ...found.trouble }
      Object.assign(rung, { state: 'failed', trouble })
      this.parts.onTrouble(trouble)
    }
  }
}

function circumstances({ mode, proxy, registration }: Walk): Circumstances {
  return { mode, auth: proxy.enabled ? proxy.auth : 'no proxy', registration }
}

/** A test that is over has nothing under way. */
function end(test: ConnectionTest): void {
  test.isRunning = false
  for (const rung of test.rungs) {
    if (rung.state === 'waiting' || rung.state === 'running')
      Object.assign(rung, { state: 'skipped', measured: CUT_OFF })
  }
}
