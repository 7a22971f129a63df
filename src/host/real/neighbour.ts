import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { Box } from './network/box'

/** One entry of the kernel's table of neighbours, as `ip -json neighbour` tells it. */
const Entries = z.array(
  z.object({ dev: z.string(), lladdr: z.string().optional(), state: z.array(z.string()).default([]) }),
)
type Entry = z.infer<typeof Entries>[number]

/** ip-neighbour(8): the machine has answered just now, or a person says that it is there. */
const CERTAIN = ['REACHABLE', 'PERMANENT']
/** It answered once. */
const POSSIBLE = ['STALE', 'DELAY', 'PROBE']

const EVERY_MS = 100

/**
 * Has a machine on the local network this address? Its MAC address tells, which the kernel asks for as soon as somebody
 * sends a packet there; looked for until the caller has its answer. An address of IPv6 may have its zone behind it.
 */
export async function isNeighbour(address: string, over: AbortSignal): Promise<boolean> {
  const [plain = '', zone] = address.split('%')
  const box = new Box()
  const look = async (): Promise<Entry[]> => {
    const words = ['-json', 'neighbour', 'show', 'to', plain, ...(zone === undefined ? [] : ['dev', zone])]
    const ran = await box.look('ip', ...words).catch(() => undefined)
    return parse(ran?.stdout ?? '')
  }
  // What the table has from before would speak for a machine that has gone since: the kernel is to ask again. That takes
  // root, as most of what an appliance does; without it the table has to do.
  const old = (await look()).filter(({ state }) => isIn(state, [...POSSIBLE, 'REACHABLE']))
  const asked = await Promise.all(
    old.map(({ dev }) => box.look('ip', 'neighbour', 'change', plain, 'dev', dev, 'nud', 'probe')),
  ).catch(() => [])
  const told = asked.every(({ status }) => status === 0) ? CERTAIN : [...CERTAIN, ...POSSIBLE]
  while (!over.aborted) {
    if ((await look()).some(({ state, lladdr }) => lladdr !== undefined && isIn(state, told))) return true
    await pause(EVERY_MS)
  }
  return false
}

function isIn(state: readonly string[], states: readonly string[]): boolean {
  return state.some((each) => states.includes(each))
}

function parse(json: string): Entry[] {
  try {
    return Entries.parse(JSON.parse(json.trim() || '[]'))
  } catch {
    return []
  }
}
