import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ApplicationName } from '../../src/services/applications'
import { CAPTURES_FOLDER, captureTest } from './captures-folder'
import { servicesByPayload } from './flow-services'
import { EXERCISED, FOUND_ALSO, MISSED } from './manifest-services'
import { arkimeTruth, NAMES_OF_OTHERS, ndpiTruth, type ServiceTruth } from './service-truth'

interface Score {
  /** Flows that they name and we have an application for. */
  named: number
  missed: string[]
  wrong: string[]
}

/** Our answer for each flow somebody else's program has named. */
async function compare(truths: readonly ServiceTruth[]): Promise<Score> {
  const score: Score = { named: 0, missed: [], wrong: [] }
  const files = new Map<string, Map<string, ApplicationName | undefined>>()
  for (const { file, key, said } of truths) {
    if (!files.has(file)) files.set(file, await servicesByPayload(file))
    const expected = said.flatMap((name) => NAMES_OF_OTHERS.get(name) ?? [])
    const ours = files.get(file)!.get(key)
    if (expected.length === 0 || !files.get(file)!.has(key)) continue
    score.named++
    if (ours === undefined) score.missed.push(`${file}: ${key}: ${said.join('.')}`)
    else if (!expected.includes(ours)) score.wrong.push(`${file}: ${key}: ${said.join('.')}, not ${ours}`)
  }
  return score
}

function print(who: string, { named, missed, wrong }: Score): void {
  const alike = named - missed.length - wrong.length
  const rate = ((100 * alike) / named).toFixed(1)
  process.stdout.write(
    `${who}: ${alike} of ${named} flows named alike (${rate}%), ${missed.length} not, ${wrong.length} otherwise\n`,
  )
}

/** A call begins with STUN, and with DTLS only later; a flow keeps what its first payload is. */
const AGREED_OTHERWISE = [
  /stun_google_meet\.pcapng: .*DTLS\.GoogleCall, not stun$/,
  /stun_dtls_unidirectional_server\.pcap: .*DTLS, not stun$/,
]

captureTest('applications of flows are those that nDPI knows by payload', async () => {
  const score = await compare(ndpiTruth())
  print('nDPI', score)
  expect(score.named).toBeGreaterThan(500)
  expect(score.wrong.filter((line) => !AGREED_OTHERWISE.some((agreed) => agreed.test(line)))).toEqual([])
  // Short headers of QUIC, the middle of uTP and of WebSocket: nothing in them tells, and the port is left.
  expect(score.missed.length / score.named).toBeLessThan(0.03)
})

captureTest('applications of flows are those that Arkime knows', async () => {
  const score = await compare(arkimeTruth())
  print('Arkime', score)
  expect(score.named).toBeGreaterThan(140)
  expect(score.wrong).toEqual([])
  expect(score.missed.length / score.named).toBeLessThan(0.03)
})

/** Names of which no end is a key of `reasons`. */
function unexplained(files: string[], reasons: Record<string, string> = {}): string[] {
  return files.filter((file) => !Object.keys(reasons).some((end) => file.endsWith(end)))
}

captureTest(
  'every capture that exercises an application shows it, and no other does',
  async () => {
    const manifest = JSON.parse(readFileSync(join(CAPTURES_FOLDER, 'MANIFEST.json'), 'utf8')) as {
      file: string
      exercises: string[]
    }[]
    const found = new Map<string, Set<ApplicationName | undefined>>()
    for (const { file } of manifest) found.set(file, new Set((await servicesByPayload(file)).values()))
    let exercising = 0
    let hits = 0
    const surprises: string[] = []
    for (const [name, theirs] of Object.entries(EXERCISED) as [ApplicationName, string[]][]) {
      const exercise = manifest.filter(({ exercises }) => exercises.some((each) => theirs.includes(each)))
      const missed = exercise.filter(({ file }) => !found.get(file)!.has(name)).map(({ file }) => file)
      const also = manifest.filter((entry) => found.get(entry.file)!.has(name) && !exercise.includes(entry))
      exercising += exercise.length
      hits += exercise.length - missed.length
      surprises.push(...unexplained(missed, MISSED[name]).map((file) => `${name} is not found in ${file}`))
      const strays = also.map(({ file }) => file)
      surprises.push(...unexplained(strays, FOUND_ALSO[name]).map((file) => `${name} is found in ${file}`))
    }
    process.stdout.write(`manifest: ${hits} of ${exercising} files show what they exercise\n`)
    expect(surprises).toEqual([])
    expect(exercising).toBeGreaterThan(200)
  },
  120_000,
)
