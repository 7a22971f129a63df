import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Cables } from '../../capture/mirror-port'
import { isCommand } from '../compare'
import type { Listener, Listening } from './listeners'
import type { Load, Sent } from './load'

const GENERATOR = join(__dirname, 'generator.js')

/** The kernel may keep packets for this long before it hands them over. */
const SETTLE_MS = 500

/** Of ports on which a capture is played: tags make its frames longer than 1514 bytes. */
const MTU_OF_PLAY = '9000'

/** Sends packets into the port, and waits until they have arrived. */
export type Send = (load: Omit<Load, 'port'>) => Promise<Sent>

/** The same with those of a capture file, so many a second. */
type Play = (path: string, rate: number) => Promise<void>

/**
 * Have it listen to a port of its own while `use` sends something there. Who sends has one core for itself, who listens
 * another one.
 */
export function listened<Result>(
  listener: Listener,
  use: (it: Listening, send: Send, play: Play) => Promise<Result>,
): Promise<Result> {
  return listenedByAll([listener], ([it], send, play) => use(it!, send, play))
}

/** The same with several at one port: they get the same packets at the same time, and share the core. */
export async function listenedByAll<Result>(
  listeners: readonly Listener[],
  use: (them: readonly Listening[], send: Send, play: Play) => Promise<Result>,
): Promise<Result> {
  const cables = new Cables()
  const folders: string[] = []
  const them: Listening[] = []
  try {
    const inside = ['ip', ...cables.inside]
    for (const listener of listeners) {
      const folder = mkdtempSync(join(cables.folder, 'listener-'))
      folders.push(folder)
      them.push(await listener.start({ port: 'mirror', inside: [...onCore(1), ...inside], folder }))
    }
    const send: Send = async (load) => {
      const words = [...onCore(0), ...inside, process.execPath, GENERATOR, JSON.stringify({ ...load, port: 'mirror' })]
      const { stdout } = await promisify(execFile)(words[0]!, words.slice(1))
      await settled()
      return JSON.parse(stdout) as Sent
    }
    const play: Play = async (path, rate) => {
      for (const port of ['mirror', 'mirror-switch']) cables.ip('link', 'set', port, 'mtu', MTU_OF_PLAY)
      await cables.play(path, { rate, before: onCore(0) })
      await settled()
    }
    const result = await use(them, send, play)
    for (const it of them) await it.end()
    return result
  } finally {
    // Also when one of them has failed; a second end is that of the first.
    await Promise.allSettled(them.map((it) => it.end()))
    cables.remove()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
}

/** Words that keep a command on one core, where there are two. */
function onCore(core: number): string[] {
  return availableParallelism() > 1 ? ['taskset', '-c', String(core)] : []
}

/** Those that are installed; the others are named. Nobody, after saying so, where only root can make the ports. */
export function present(listeners: readonly Listener[]): Listener[] {
  if (process.getuid?.() !== 0) {
    process.stdout.write('live, rates, inventory: only root can make the ports for it\n')
    return []
  }
  for (const { name, command, debianPackage } of listeners) {
    if (!isCommand(command)) process.stdout.write(`  ${name} is not here: apt-get install ${debianPackage}\n`)
  }
  return listeners.filter(({ command }) => isCommand(command))
}
