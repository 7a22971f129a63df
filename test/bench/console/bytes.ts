import { isCommand, table } from '../compare'
import { Line, type Kind } from './line'
import { lowerBound, type Picture } from './lower-bound'
import { ours, peers, type Program } from './peers'

/** Device attributes are what a handshake asks for last. */
const LAST_QUESTION = '\x1b[c'

const PROBES = 'handshake (each visitor, and Ctrl-L)'
const FIRST_PAINT = 'first paint of the main menu'

/** Bytes a step took, and the fewest it could have taken. */
interface Figure {
  bytes: number
  bound: number
}

/** The same steps through the same screens, ours and each peer's, on both kinds of terminal. */
export async function bytesOfSteps(socket: string): Promise<void> {
  for (const kind of ['vt100', 'xterm'] as const) {
    const programs = [ours(socket), ...peers()]
    const figures = new Map<Program, Map<string, Figure>>()
    const remarks: string[] = []
    for (const program of programs) {
      if (program.debianPackage !== undefined && !isCommand(program.name)) {
        remarks.push(`${program.name} is not here: apt-get install ${program.debianPackage}`)
        continue
      }
      try {
        figures.set(program, await measure(kind, program))
      } catch (error) {
        remarks.push(`${program.name} is left out: ${(error as Error).message.split('\n')[0]}`)
      }
    }
    const present = programs.filter((program) => figures.has(program))
    const [first = ours(socket), ...others] = present
    const ourFigures = figures.get(first) ?? new Map<string, Figure>()
    const rows = [...ourFigures].map(([step, { bytes, bound }]) => [
      step,
      String(bytes),
      bound === 0 ? '-' : (bytes / bound).toFixed(2),
      ...others.map((other) => String(figures.get(other)?.get(step)?.bytes ?? '-')),
    ])
    const heading = ['', 'nps console', 'to least', ...others.map(({ name }) => name)]
    process.stdout.write(`console: bytes on the wire, 80x24, TERM=${kind}\n`)
    process.stdout.write('"To least" is ours to what no sequence of a VT100 can do without for the same cells.\n\n')
    process.stdout.write(`${table([heading, ...rows])}\n`)
    for (const remark of remarks) process.stdout.write(`  ${remark}\n`)
  }
}

async function measure(kind: Kind, program: Program): Promise<Map<string, Figure>> {
  const line = new Line(kind, program.command)
  const figures = new Map<string, Figure>()
  let before: Picture | undefined
  const step = async (name: string | undefined, keys: string, isFromNothing = false): Promise<void> => {
    before = isFromNothing ? undefined : line.picture()
    const [bytes, from] = [line.bytes, line.raw.length]
    line.send(line.sent(keys))
    await line.quiet(keys === '' ? 20_000 : undefined)
    if (name === undefined) return
    const probes = line.raw.slice(from).lastIndexOf(LAST_QUESTION)
    const asked = probes < 0 ? 0 : probes + LAST_QUESTION.length
    if (asked > 0 && name === FIRST_PAINT) figures.set(PROBES, { bytes: asked, bound: 0 })
    figures.set(name, { bytes: line.bytes - bytes - asked, bound: lowerBound(before, line.picture()) })
  }
  try {
    await step(FIRST_PAINT, '', true)
    await step('Down', '\x1b[B')
    await step(undefined, '\x1b[A')
    await step('redraw of the main menu', '\f', true)
    for (const key of program.toForm.slice(0, -1)) await step(undefined, key)
    await step('opening the static form', program.toForm.at(-1) ?? '')
    await step('typing a character', '1')
    await step('next field, after that', program.next)
    await step('next field, nothing typed', program.next)
    await step('redraw of the form', '\f', true)
    await step('going back', program.back)
    return figures
  } finally {
    await line.close()
  }
}
