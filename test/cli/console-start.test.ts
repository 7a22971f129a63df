import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

const ROOT = resolve(__dirname, '../../..')

interface FastStart {
  BUNDLE: string
  CACHE: string
  isFresh(): boolean
}
const fastStart = require(`${ROOT}/bin/fast-start.js`) as FastStart

test('the build makes a bundle of the console with a code cache that this Node takes', () => {
  // npm test has made it; a bare compiler run has not.
  if (!fastStart.isFresh()) spawnSync(process.execPath, [`${ROOT}/bin/bundle.js`], { stdio: 'inherit' })
  expect(existsSync(fastStart.CACHE)).toBe(true)
  expect(fastStart.isFresh()).toBe(true)
  // In a process of its own: a test before this one may have set flags of V8, and it takes no cache made without them.
  const look = `const { script, exports } = require('${ROOT}/bin/fast-start.js').compile()
    console.log(script.cachedDataRejected, ...Object.keys(exports).sort())`
  expect(spawnSync(process.execPath, ['-e', look], { encoding: 'utf8' }).stdout).toBe('false run warmUp\n')
})

test('the bundle says of its options what the whole command says', () => {
  const bundled = spawnSync(process.execPath, [`${ROOT}/bin/nps`, 'console', '--help'], { encoding: 'utf8' })
  const whole = spawnSync(process.execPath, [`${ROOT}/dist/src/cli/main.js`, 'console', '--help'], { encoding: 'utf8' })
  expect(bundled.stdout).toBe(whole.stdout)
  expect(bundled.status).toBe(0)
})
