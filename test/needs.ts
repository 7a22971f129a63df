import { spawnSync } from 'node:child_process'

/**
 * `test` where what it needs is there; where it is not, `test.skip` and a line that names what is missing. On a build
 * server (CI set) everything must be there: the test then runs, and fails.
 */
export function testWith(isThere: boolean, what: string): jest.It {
  if (isThere || process.env.CI) return test
  process.stderr.write(`Skipped, as it needs ${what}\n`)
  return test.skip
}

/** Can this program be started? */
export function hasProgram(name: string, argument = '--version'): boolean {
  return spawnSync(name, [argument], { stdio: 'ignore' }).error === undefined
}
