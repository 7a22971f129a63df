import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MachinePower } from '../../../src/host/real/power'

/** Programs of ours in place of those that end the machine: nothing else is on the path. */
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nps-power-'))
})

afterEach(() => rm(folder, { recursive: true }))

const power = (hasSystemd: boolean): MachinePower => new MachinePower({ hasSystemd, env: { PATH: folder } })

async function program(name: string, does = ''): Promise<void> {
  const text = `#!/bin/sh\necho "${name} $*" >> '${folder}/asked'\n${does}\n`
  await writeFile(join(folder, name), text, { mode: 0o755 })
}

test.each([
  [true, 'systemctl reboot', 'systemctl poweroff'],
  [false, 'shutdown -r now', 'shutdown -h now'],
])('with systemd: %s', async (hasSystemd, reboot, shutdown) => {
  await program('systemctl')
  await program('shutdown')
  await power(hasSystemd).reboot()
  await power(hasSystemd).shutdown()
  expect(await readFile(join(folder, 'asked'), 'utf8')).toBe(`${reboot}\n${shutdown}\n`)
})

test('a program that refuses is error 10 in its own words', async () => {
  await program('systemctl', 'echo "Access denied" >&2; exit 1')
  await expect(power(true).reboot()).rejects.toMatchObject({
    number: 10,
    values: { reason: 'systemctl Access denied' },
  })
})

test('one that says nothing, and one that is not there, are named', async () => {
  await program('shutdown', 'exit 3')
  await expect(power(false).shutdown()).rejects.toMatchObject({ values: { reason: 'shutdown ended with status 3' } })
  await expect(power(true).reboot()).rejects.toMatchObject({ values: { reason: 'systemctl is not there' } })
})
