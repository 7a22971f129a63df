import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

const ROOT = resolve(__dirname, '../../..')

interface FastStart {
  BUNDLED: string[]
  cacheOf(program: string): string
  isFresh(program: string): boolean
}
const { BUNDLED, cacheOf, isFresh } = require(`${ROOT}/bin/fast-start.js`) as FastStart

beforeAll(() => {
  // npm test has made them; a bare compiler run has not.
  if (!BUNDLED.every(isFresh)) spawnSync(process.execPath, [`${ROOT}/bin/bundle.js`], { stdio: 'inherit' })
}, 60_000)

test.each(BUNDLED)('the build makes a bundle of nps %s with a code cache that this Node takes', (program) => {
  expect(existsSync(cacheOf(program))).toBe(true)
  expect(isFresh(program)).toBe(true)
  // In a process of its own: a test before this one may have set flags of V8, and it takes no cache made without them.
  const look = `const { script, exports } = require('${ROOT}/bin/fast-start.js').compile('${program}')
    console.log(script.cachedDataRejected, ...Object.keys(exports).sort())`
  expect(spawnSync(process.execPath, ['-e', look], { encoding: 'utf8' }).stdout).toBe('false run warmUp\n')
})

test.each(BUNDLED)('the bundle of nps %s says of its options what the whole command says', (program) => {
  const bundled = spawnSync(process.execPath, [`${ROOT}/bin/nps`, program, '--help'], { encoding: 'utf8' })
  const whole = spawnSync(process.execPath, [`${ROOT}/dist/src/cli/main.js`, program, '--help'], { encoding: 'utf8' })
  expect(bundled.stdout).toBe(whole.stdout)
  expect(bundled.status).toBe(0)
})
