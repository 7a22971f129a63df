import type { Lease, NetworkFacts, NotTaken } from '../../../src/host/types'
import { DEFAULT_NETWORK, type NetworkSettings } from '../../../src/settings/network-settings'
import { until } from '../../until'
import type { Program } from '../namespaces/program'
import type { ApplianceRoom } from './appliance-room'
import type { NetworkRequest } from './fixtures/network-program'

/** RealNetwork at work in a room, asked from outside. */
export class RoomNetwork {
  private readonly program: Program
  private answered = 0

  /** On a machine that is busy with other tests a DHCP client may have to ask several times, each time later: up to 30 s. */
  constructor(room: ApplianceRoom, port: string, backend: string, patienceMs = 40_000) {
    this.program = room.program('test/system/network/fixtures/network-program.js', port, backend, String(patienceMs))
  }

  apply(settings: Partial<NetworkSettings>): Promise<NotTaken[]> {
    return this.ask({ do: 'apply', settings: { ...DEFAULT_NETWORK, ...settings } })
  }

  async settle(settings: Partial<NetworkSettings>): Promise<void> {
    await this.ask({ do: 'settle', settings: { ...DEFAULT_NETWORK, ...settings } })
  }

  restore(settings: Partial<NetworkSettings>): Promise<NotTaken[]> {
    return this.ask({ do: 'restore', settings: { ...DEFAULT_NETWORK, ...settings } })
  }

  facts(): Promise<NetworkFacts> {
    return this.ask({ do: 'facts', settings: DEFAULT_NETWORK })
  }

  async passOn(): Promise<void> {
    await this.ask({ do: 'passOn', settings: DEFAULT_NETWORK })
  }

  lease(): Promise<Lease> {
    return this.ask({ do: 'lease', settings: DEFAULT_NETWORK })
  }

  whoElseHas(address: string): Promise<string[]> {
    return this.ask({ do: 'whoElseHas', settings: DEFAULT_NETWORK, address })
  }

  answers(address: string): Promise<boolean> {
    return this.ask({ do: 'answers', settings: DEFAULT_NETWORK, address })
  }

  private async ask<T>(request: NetworkRequest): Promise<T> {
    const at = this.answered++
    this.program.type(`${JSON.stringify(request)}\n`)
    const answers = (): string[] => this.program.lines.filter((line) => line.startsWith('{'))
    await until(() => {
      if (this.program.status !== undefined) throw new Error(`The program ended:\n${this.program.text}`)
      return answers().length > at
    }, 30_000)
    const { answer, error } = JSON.parse(answers()[at]!) as { answer: T; error?: string }
    if (error !== undefined) throw new Error(error)
    return answer
  }
}
