import { spawnSync } from 'node:child_process'
import { hasProgram, testWith } from '../../needs'
import { at, Pane } from './pane'
import { NPS, serialTest, type SerialConsole } from './serial-console'
import { walk } from './walk'

const needs = (...names: string[]): jest.It =>
  testWith(
    names.every((name) => hasProgram(name, '-V')),
    names.join(' and '),
  )

/** tmux as it is shipped, with a server of its own and its bar at the bottom. */
async function inTmux(line: SerialConsole, command: readonly string[], tell: (pane: Pane) => Promise<void>) {
  const tmux = ['tmux', '-f', '/dev/null', '-S', `${line.folder}/tmux`]
  try {
    await at(new Pane([...tmux, 'new-session', ...command], { bars: 1, env: { HOME: line.folder } }), tell)
  } finally {
    // Its sessions outlive the terminals they were started on.
    spawnSync('tmux', [...tmux.slice(1), 'kill-server'])
  }
}

serialTest(needs('tmux'), 'tmux with the console in its pane', async (line) => {
  const nps = [process.execPath, NPS, 'console', '--socket', line.sensor.socketPath]
  await inTmux(line, nps, (pane) => walk(pane, line.sensor))
})

serialTest(needs('tmux', 'picocom', 'socat'), 'tmux with picocom on the serial device', async (line) => {
  await inTmux(line, ['picocom', '-b', '115200', line.port], async (pane) => {
    await walk(pane, line.sensor, () => line.model())
  })
})
