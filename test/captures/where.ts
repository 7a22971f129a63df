import { join, resolve } from 'node:path'

/** Real captures and what is in them, beside the repository or where NPS_CAPTURES says; they are never part of it. */
export const CAPTURES_FOLDER = resolve(process.env.NPS_CAPTURES ?? '../shared/captures')

/** The tools that go with the captures. */
export const CAPTURE_TOOLS_FOLDER = join(CAPTURES_FOLDER, '../tools')
