import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { AnnouncedPlatform } from '../../src/platform/main'

const NPS = resolve(__dirname, '../../src/cli/main.js')

let folder: string
let child: ChildProcess
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-platform-'))
  child = spawn(process.execPath, [NPS, 'platform', '--folder', folder, '--listen', '127.0.0.1:0', '--announce'])
})
afterEach(async () => {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
})

async function announced(): Promise<AnnouncedPlatform> {
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
  return JSON.parse(line) as AnnouncedPlatform
}

test('nps platform says in one line where it is, and answers there', async () => {
  const platform = await announced()
  const asked = request(`${platform.url}/api/v1/sensors`, {
    agent: false,
    ca: readFileSync(platform.caFile),
    headers: { authorization: `Bearer ${platform.operatorKey}` },
  }).end()
  const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }]
  response.resume()
  expect(response.statusCode).toBe(200)
  expect(platform.enterUrl).toBe(`${platform.url}/enter?key=${platform.operatorKey}`)
})

test('it ends when the program that started it is gone', async () => {
  await announced()
  const exit = once(child, 'exit')
  child.stdin!.destroy()
  expect(await exit).toEqual([0, null])
})

test('it ends on SIGTERM, while its input is still open', async () => {
  await announced()
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
})
