import { APPLICATION_ROWS, type ApplicationName, type ApplicationRow } from './applications'

/** The two transports that flows have. */
export type Transport = 'tcp' | 'udp'

/** An application of the table, with the number it goes by inside one process: from 1, as 0 means none. */
export interface Application extends ApplicationRow {
  readonly name: ApplicationName
  readonly number: number
}

/** All there are, by number less one. */
export const APPLICATIONS: readonly Application[] = APPLICATION_ROWS.map((row: ApplicationRow, index) => {
  return { ...row, name: row.name as ApplicationName, number: index + 1 }
})

const BY_NAME = new Map<string, Application>(APPLICATIONS.map((each) => [each.name, each]))

/** The application of this short name. */
export function application(name: ApplicationName): Application {
  return BY_NAME.get(name)!
}

/** The same for a name that came from elsewhere, such as a report; undefined when this table does not have it. */
export function applicationNamed(name: string): Application | undefined {
  return BY_NAME.get(name)
}

/** The application that goes by this number. */
export function applicationNumbered(number: number): Application | undefined {
  return APPLICATIONS[number - 1]
}
