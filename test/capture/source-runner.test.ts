import type { PacketSource } from '../../src/capture/packet-source'
import type { PacketHandler } from '../../src/wire/packet-handler'
import { SourceRunner } from '../../src/capture/source-runner'
import { until } from '../until'

/** A source that fails at once, or runs until it is closed. */
class ScriptedSource implements PacketSource {
  handler: PacketHandler | undefined
  private end: () => void = () => undefined

  constructor(
    private readonly failure: string,
    readonly kernelDrops = 0,
  ) {}

  run(handler: PacketHandler): Promise<void> {
    if (this.failure !== '') return Promise.reject(new Error(this.failure))
    this.handler = handler
    return new Promise((resolve) => (this.end = resolve))
  }

  close(): void {
    this.end()
  }

  deliver(): void {
    this.handler?.(Buffer.alloc(1), 0, 1, 1, 1, 1)
  }
}

function runner(): { runner: SourceRunner; troubles: string[]; packets: () => number } {
  const troubles: string[] = []
  let packets = 0
  const made = new SourceRunner({
    onPacket: () => (packets += 1),
    onTrouble: (text) => troubles.push(text),
    shortestBackoffMs: 5,
    longestBackoffMs: 20,
  })
  return { runner: made, troubles, packets: () => packets }
}

test('a port that is gone is tried again until it is there, and then all is well', async () => {
  const { runner: it, troubles, packets } = runner()
  const back = new ScriptedSource('')
  const attempts = [new ScriptedSource('gone'), new ScriptedSource('gone'), new ScriptedSource('down'), back]
  let opened = 0
  it.start(() => attempts[opened++]!)
  await until(() => back.handler !== undefined)
  back.deliver()
  expect(packets()).toBe(1)
  await until(() => troubles.at(-1) === '')
  expect(troubles).toEqual(['', 'gone', 'gone', 'down', ''])
  it.stop()
  expect(opened).toBe(4)
})

test('after stop, and after a change of source, the old one delivers nothing; drops add up', () => {
  const { runner: it, packets } = runner()
  const first = new ScriptedSource('', 3)
  const second = new ScriptedSource('', 4)
  it.start(() => first)
  it.start(() => second)
  first.deliver()
  expect(packets()).toBe(0)
  second.deliver()
  expect([packets(), it.kernelDrops]).toEqual([1, 7])
  it.stop()
  second.deliver()
  expect([packets(), it.kernelDrops]).toEqual([1, 7])
})

test('stopped while it waits for the next attempt, it makes none', async () => {
  const { runner: it, troubles } = runner()
  let opened = 0
  it.start(() => {
    opened += 1
    return new ScriptedSource('gone')
  })
  await until(() => troubles.includes('gone'))
  it.stop()
  const attempts = opened
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect([opened, troubles.at(-1)]).toEqual([attempts, ''])
})
