import { SAFE_DISPLAY } from '../console/display'
import { loadScreens } from '../console/checked-menus'
import { Painter } from '../console/painter'
import { start } from '../form/state'
import { view } from '../form/view'
import { register } from './console'
import { runProgram } from './program'

/**
 * `nps console` alone, for the bundle that bin/bundle.js makes of it: the one program whose start a person waits for
 * at a terminal.
 */
export function run(): void {
  runProgram([register])
}

/** Do once what every start does, so that the code cache made afterwards holds it compiled. */
export function warmUp(): void {
  const painter = new Painter((_text, sent) => sent(), SAFE_DISPLAY)
  painter.paint(view(start(loadScreens(), performance.now()), SAFE_DISPLAY.size, { header: ['', ''], notice: [] }))
  painter.close()
}
