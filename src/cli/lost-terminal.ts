import { closeSync, fstatSync } from 'node:fs'
import { isatty } from 'node:tty'

/** Have this program come to its end in good order also when the terminal it was started on hangs up. */
export function outliveTheTerminal(): void {
  // Nobody reads it any more; that must not stop what has to be tidied up.
  process.stderr.on('error', () => undefined)
  process.on('exit', closeDeadTerminals)
}

/**
 * At its end Node puts terminals back into the mode it found them in, and aborts with a core dump when one has hung up
 * since (node::ResetStdio). What is closed it leaves alone.
 */
function closeDeadTerminals(): void {
  for (const descriptor of [0, 1, 2]) {
    try {
      // A terminal that is gone is a character device still, but no longer says that it is a terminal.
      if (fstatSync(descriptor).isCharacterDevice() && !isatty(descriptor)) closeSync(descriptor)
    } catch {
      // It was closed before we were started.
    }
  }
}
