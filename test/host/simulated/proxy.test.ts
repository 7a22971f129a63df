import { execFile, spawnSync } from 'node:child_process'
import { createServer } from 'node:https'
import { promisify } from 'node:util'
import type { ProxyDemands } from '../../../src/host/simulated/proxy'
import { closeAll, listen, proxyThat } from '../../link/parties'
import { throwawayCa, type Pair } from '../../link/throwaway-ca'
import { testWith } from '../../needs'

// Our own client and this proxy share the arithmetic of NTLM; curl does not.
const curl = spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout ?? ''
const withCurl = testWith(/^Features:.*\bNTLM\b/m.test(curl), 'a curl that knows NTLM (Debian package curl)')

let pair: Pair
beforeAll(async () => {
  pair = await (await throwawayCa('x')).issue(['127.0.0.1'])
})
afterEach(closeAll)

const ACCOUNT = { user: 'PLANT\\sensor', password: 'p$a;s"s`w {}!x' }

withCurl.each<[string, ProxyDemands, string[], boolean]>([
  ['nothing asked, nothing given', { auth: 'none' }, [], true],
  ['NTLM, right', { auth: 'ntlm', account: ACCOUNT }, ['--proxy-ntlm', ACCOUNT.password], true],
  ['NTLM, wrong password', { auth: 'ntlm', account: ACCOUNT }, ['--proxy-ntlm', 'no'], false],
  ['NTLM, not given', { auth: 'ntlm', account: ACCOUNT }, [], false],
  ['NTLM offered where nothing is asked', { auth: 'any' }, ['--proxy-ntlm', 'whatever'], true],
  ['Basic, right', { auth: 'basic', account: ACCOUNT }, ['--proxy-basic', ACCOUNT.password], true],
  ['Basic, wrong password', { auth: 'basic', account: ACCOUNT }, ['--proxy-basic', 'no'], false],
])('curl: %s', async (_, demands, [scheme, password], isLetIn) => {
  const proxy = await proxyThat(demands)
  const port = await listen(createServer(pair, (_request, response) => response.end('platform')))
  const login = scheme === undefined ? [] : [scheme, '--proxy-user', `${ACCOUNT.user}:${password}`]
  const run = promisify(execFile)('curl', [
    ...['-sk', '--noproxy', '', '--max-time', '10', '-x', `http://127.0.0.1:${proxy}`],
    ...login,
    `https://127.0.0.1:${port}/`,
  ])
  if (isLetIn) expect((await run).stdout).toBe('platform')
  else await expect(run).rejects.toMatchObject({ stdout: '' })
})
