import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { testWith } from '../needs'

/** Real captures and what is in them, beside the repository or where NPS_CAPTURES says; they are never part of it. */
export const CAPTURES_FOLDER = resolve(process.env.NPS_CAPTURES ?? '../shared/captures')

/** The tools that go with the captures. */
export const CAPTURE_TOOLS_FOLDER = join(CAPTURES_FOLDER, '../tools')

/** For tests on real captures. */
export const captureTest = testWith(existsSync(CAPTURES_FOLDER), `real captures in ${CAPTURES_FOLDER}`)
