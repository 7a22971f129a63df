import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Real captures and what is in them, beside the repository or where NPS_CAPTURES says; they are never part of it. */
export const CAPTURES_FOLDER = resolve(process.env.NPS_CAPTURES ?? '../shared/captures')

/** The tools that go with the captures. */
export const CAPTURE_TOOLS_FOLDER = join(CAPTURES_FOLDER, '../tools')

/**
 * For tests that need the captures: `test` where they are, `test.skip` where they are not; on a build server they must
 * be there, and the tests fail.
 */
export const captureTest: jest.It = existsSync(CAPTURES_FOLDER) || process.env.CI ? test : test.skip

if (captureTest === test.skip) {
  process.stderr.write(`Skipped: tests on real captures, since there is no folder ${CAPTURES_FOLDER}\n`)
}
