import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { isCommand, median, table } from '../compare'
import { Line, sleep } from './line'
import { menuOnly, NPS, ours } from './peers'

const ROUNDS = 5
/** What the first paint ends with. */
const LAST_WORDS = 'Exit'

/** From nothing to the whole first paint, and what of it is Node's own; each in turn, since the machine's speed drifts. */
export async function coldStart(socket: string): Promise<void> {
  const programs = [
    { name: 'nps console', command: ours(socket).command, paints: true },
    { name: 'node -e 0, to its end', command: [process.execPath, '-e', '0'], paints: false },
    { name: 'dialog', command: menuOnly('dialog'), paints: true },
  ]
  const present = programs
    .filter(({ command }) => isCommand(command[0] ?? ''))
    .filter(({ name }) => name !== 'dialog' || isCommand('dialog'))
  const times = new Map(present.map(({ name }) => [name, [] as number[]]))
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, command, paints } of present) {
      const ms = await (paints ? untilPainted(command) : untilEnded(command))
      if (round > 0) times.get(name)?.push(ms)
    }
  }
  const middle = (name: string): number => median(times.get(name) ?? [])
  const bare = middle('node -e 0, to its end')
  const rows = programs.map(({ name }) =>
    times.has(name)
      ? [name, middle(name).toFixed(0), (middle(name) - bare).toFixed(0), (middle(name) / bare).toFixed(2)]
      : [name, 'not here: apt-get install dialog'],
  )
  process.stdout.write(`console: cold start to the whole first paint, median of ${ROUNDS}\n\n`)
  process.stdout.write(`${table([['', 'ms', 'over bare Node', 'to bare Node'], ...rows])}\n`)
}

async function untilPainted(command: readonly string[]): Promise<number> {
  const startedAt = performance.now()
  const line = new Line('xterm', command)
  try {
    // The rows after the last entry of the menu are in the same write, or in one that follows at once.
    await new Promise<void>((resolve) => {
      line.onData = () => {
        if (line.raw.includes(LAST_WORDS)) resolve()
      }
    })
    return line.lastByteAt - startedAt
  } finally {
    await line.close()
  }
}

function untilEnded([file = '', ...args]: readonly string[]): Promise<number> {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const startedAt = performance.now()
  return new Promise((resolve) => {
    spawn(file, args, { stdio: 'ignore', env }).once('close', () => resolve(performance.now() - startedAt))
  })
}

/** The console that waits on a serial line for whoever comes: how soon the first key is answered. */
export async function resident(socket: string, folder: string): Promise<void> {
  process.stdout.write('console: resident on a serial line (a socat pty pair)\n\n')
  if (!isCommand('socat')) {
    process.stdout.write(
      `${table([
        ['', 'ms'],
        ['nps console --device', 'not here: apt-get install socat'],
      ])}\n`,
    )
    return
  }
  const [device, far] = [join(folder, 'ttyS0'), join(folder, 'far')]
  const programs: ChildProcess[] = []
  let fail: (reason: Error) => void = () => undefined
  const failed = new Promise<never>((_resolve, reject) => (fail = reject))
  const start = (file: string, args: string[]): void => {
    const program = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    program.once('exit', () => fail(new Error(`${args.join(' ')} has ended.`)))
    programs.push(program)
  }
  try {
    start('socat', [`pty,raw,echo=0,link=${device}`, `pty,raw,echo=0,link=${far}`])
    while (!existsSync(far)) await sleep(10)
    start(process.execPath, [NPS, 'console', '--socket', socket, '--device', device])
    const line = createReadStream(far).once('error', fail)
    const next = (): Promise<unknown> => Promise.race([once(line, 'data'), failed])
    // The first paint. This end answers no questions, like a line on which no one listens yet.
    await next()
    const times: number[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      await sleep(2000)
      const answered = next()
      const startedAt = performance.now()
      await writeFile(far, round % 2 === 0 ? '\x1b[B' : '\x1b[A')
      await answered
      if (round > 0) times.push(performance.now() - startedAt)
    }
    const rows = [['nps console --device', median(times).toFixed(1)]]
    process.stdout.write(`${table([['', 'ms from key to first byte'], ...rows])}\n`)
    line.destroy()
  } finally {
    for (const program of programs) program.kill('SIGKILL')
  }
}
