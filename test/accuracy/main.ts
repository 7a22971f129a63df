import { handshakesOf, hasTshark, type Handshakes } from './handshakes'
import { ourAssets } from './ours'
import { PEERS } from './peers'
import { FIELDS, newTallies, score, type Said, type Tallies } from './score'
import { expectedCaptures, type ExpectedCapture } from './truth'

/**
 * `npm run accuracy [-- NAME]`: what the inventory says of the machines in the captures whose machines are known, or of
 * those captures whose name holds NAME: precision, recall, and each miss by name; peers beside it.
 */
async function main(wanted = ''): Promise<void> {
  const captures = expectedCaptures().filter(({ file }) => file.includes(wanted))
  const ours = await tally(captures, ourAssets)
  for (const field of FIELDS) {
    const { wrong, missed } = ours[field]
    for (const line of wrong) print(`wrong ${field}: ${line}`)
    for (const line of missed) print(`missed ${field}: ${line}`)
  }
  const columns: [string, Tallies][] = [['nps', ours]]
  for (const { name, package: debianPackage, isThere, read } of PEERS) {
    if (isThere()) columns.push([name, await tally(captures, (file) => Promise.resolve(read(file)))])
    else print(`${name} is left out: Debian's package ${debianPackage} is not installed`)
  }
  if (!hasTshark()) print('TCP ports are not judged: tshark is not installed')
  print('')
  print(
    row(
      '',
      columns.map(([name]) => name),
    ),
  )
  for (const field of FIELDS) {
    print(
      row(
        field,
        columns.map(([, tallies]) => `${percent(tallies[field].precision)} ${percent(tallies[field].recall)}`),
      ),
    )
  }
  const machines = captures.reduce((sum, { assets }) => sum + assets.length, 0)
  print(`Precision and recall over ${machines} machines in ${captures.length} captures; - where nothing is said.`)
}

/** Once for all programs. */
const handshakesRead = new Map<string, Handshakes>()

function portsOf(file: string): Handshakes | undefined {
  if (!hasTshark()) return undefined
  let handshakes = handshakesRead.get(file)
  if (handshakes === undefined) handshakesRead.set(file, (handshakes = handshakesOf(file)))
  return handshakes
}

async function tally(captures: readonly ExpectedCapture[], read: (file: string) => Promise<Said[]>): Promise<Tallies> {
  const tallies = newTallies()
  for (const { file, assets } of captures) score(tallies, file, assets, await read(file), portsOf(file))
  return tallies
}

function row(name: string, cells: string[]): string {
  return [name.padEnd(12), ...cells.map((cell) => cell.padStart(14))].join('')
}

function percent(value: number | undefined): string {
  return (value === undefined ? '-' : `${(100 * value).toFixed(1)}%`).padStart(6)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`accuracy: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
