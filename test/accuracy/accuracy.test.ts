import { captureTest } from '../captures/captures-folder'
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
}

captureTest(
  'machines in captures whose machines are known are told as well as promised',
  async () => {
    const tallies = newTallies()
    for (const { file, assets } of expectedCaptures()) score(tallies, file, assets, await ourAssets(file))
    const short = Object.entries(TARGETS).flatMap(([field, target]) => {
      const { precision = 0, recall = 0, wrong, missed } = tallies[field as Field]
      return precision < target.precision || recall < target.recall ? [{ field, precision, recall, wrong, missed }] : []
    })
    expect(short).toEqual([])
    expect(tallies.MAC.right).toBeGreaterThan(90)
  },
  60_000,
)
