import { stdin, stdout } from 'node:process'
import { CONSOLE_BAUD, VT100_SIZE, type Terminal } from '../terminal'

/** Standard input and output where they are no terminal: a file of answers, a pipe from a script. */
export function openPipe(): Terminal {
  const pipe: Terminal = {
    name: 'pipe',
    isOwnLine: false,
    lineEnd: '\n',
    baud: CONSOLE_BAUD,
    onBytes: undefined,
    onResize: undefined,
    onPresence: undefined,
    onEnd: undefined,
    isGone: false,
    size: () => VT100_SIZE,
    write: (text, sent) => void stdout.write(text, () => sent()),
    close: async () => {
      stdin.off('data', data).off('end', ended).off('error', ended)
      stdout.off('error', broken)
      stdin.pause()
      stdin.unref?.()
    },
  }
  const data = (bytes: Buffer): void => pipe.onBytes?.(bytes)
  const ended = (): void => {
    pipe.isGone = true
    pipe.onEnd?.()
  }
  const broken = (): void => undefined
  stdin.on('data', data).on('end', ended).on('error', ended)
  stdout.on('error', broken)
  return pipe
}
