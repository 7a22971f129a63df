import { captureTest } from '../captures/captures-folder'
import { handshakesOf, hasTshark } from './handshakes'
import { ourAssets } from './ours'
import { newTallies, score, type Field } from './score'
import { expectedCaptures } from './truth'

/** What must hold: of what is said so much is right, and of what could be said so much is. */
const TARGETS: Partial<Record<Field, { precision: number; recall: number }>> = {
  MAC: { precision: 0.99, recall: 0.95 },
  hostname: { precision: 0.99, recall: 0.95 },
  'OS family': { precision: 0.95, recall: 0.85 },
  'device type': { precision: 0.95, recall: 0.85 },
  'OT identity': { precision: 0.99, recall: 0.9 },
  'TCP ports': { precision: 0.99, recall: 0.85 },
}

captureTest(
  'machines in captures whose machines are known are told as well as promised',
  async () => {
    const tallies = newTallies()
    const knowsPorts = hasTshark() || process.env.CI !== undefined
    if (!knowsPorts) process.stderr.write('TCP ports are not judged, as that needs tshark\n')
    for (const { file, assets } of expectedCaptures())
      score(tallies, file, assets, await ourAssets(file), knowsPorts ? handshakesOf(file) : undefined)
    const short = Object.entries(TARGETS).flatMap(([field, target]) => {
      if (field === 'TCP ports' && !knowsPorts) return []
      const { precision = 0, recall = 0, wrong, missed } = tallies[field as Field]
      return precision < target.precision || recall < target.recall ? [{ field, precision, recall, wrong, missed }] : []
    })
    expect(short).toEqual([])
    expect(tallies.MAC.right).toBeGreaterThan(90)
  },
  120_000,
)
