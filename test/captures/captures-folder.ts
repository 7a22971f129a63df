import { existsSync } from 'node:fs'
import { testWith } from '../needs'
import { CAPTURES_FOLDER } from './where'

export * from './where'

/** For tests on real captures. */
export const captureTest = testWith(existsSync(CAPTURES_FOLDER), `real captures in ${CAPTURES_FOLDER}`)
