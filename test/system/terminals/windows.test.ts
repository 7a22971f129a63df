import { hasProgram, testWith } from '../../needs'
import { Desk, type Window } from './desk'
import { puttySession } from './putty-session'
import { NPS, serialTest } from './serial-console'
import { sees, walk } from './walk'

const TOOLS = ['putty', 'xterm', 'Xvfb', 'xdotool', 'xclip', 'socat']
const it = testWith(
  TOOLS.every((name) => hasProgram(name)),
  `a desk: ${TOOLS.join(', ')}`,
)

/** A window of 80x24 in a font that every machine with fonts-dejavu-core has. */
const FONT = 'client:DejaVu Sans Mono 10'

/** Sit at a window: walk through the console, and leave a picture of the form for people who ask for one. */
async function walkAt(
  desk: Desk,
  command: string[],
  name: string,
  walkIn: (window: Window) => Promise<void>,
): Promise<void> {
  try {
    const window = await desk.open(command, name)
    try {
      await walkIn(window)
      await window.press('enter', 'down', 'enter')
      await sees(window, 'Gateway')
      const folder = process.env.NPS_PHOTOGRAPHS
      const title = expect.getState().currentTestName ?? name
      if (folder !== undefined) await window.photograph(`${folder}/${title.replaceAll(/\W+/g, '-')}.png`)
    } finally {
      await window.close()
    }
  } finally {
    await desk.close()
  }
}

for (const charset of ['UTF-8', 'ISO-8859-1']) {
  serialTest(it, `PuTTY with ${charset}`, async (line) => {
    // Everything else is as PuTTY is shipped, so with 7F for Backspace and `ESC [ 1 ~` for Home.
    const session = puttySession(line.folder, {
      Protocol: 'serial',
      SerialLine: line.port,
      SerialSpeed: 115200,
      LineCodePage: charset,
      FontName: FONT,
      ScrollBar: 0,
    })
    const desk = await Desk.start({ HOME: line.folder })
    await walkAt(desk, ['putty', '-load', session], 'putty', (putty) => walk(putty, line.sensor, () => line.model()))
  })
}

serialTest(it, 'xterm that runs the console', async (line) => {
  const desk = await Desk.start({ HOME: line.folder })
  const nps = [process.execPath, NPS, 'console', '--socket', line.sensor.socketPath]
  const xterm = ['xterm', '-fa', 'DejaVu Sans Mono', '-fs', '9', '-geometry', '80x24', '-e', ...nps]
  await walkAt(desk, xterm, 'xterm', (window) => walk(window, line.sensor))
})
