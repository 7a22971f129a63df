import type { Terminal } from '../terminal'
import { PlainSession, type PlainEnding, type PlainOptions } from './plain-session'

/** Plain mode for terminals that come and go: whoever comes finds the main menu. */
export class PlainFace {
  constructor(private readonly options: PlainOptions) {}

  /**
   * Serve a terminal until the person leaves, it has gone, its input has ended, or `stop` says so; it stays open. Where
   * answers were piped in, the exit status of this program becomes the number of a refusal that they ended with.
   */
  async attach(terminal: Terminal, stop: AbortSignal): Promise<PlainEnding> {
    const session = new PlainSession(terminal, this.options)
    const ending = await session.run(stop)
    if (this.options.isPiped && session.refusal !== undefined) process.exitCode = session.refusal
    return ending
  }

  close(): void {}
}
