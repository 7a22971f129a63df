import { SensorError } from '../errors/sensor-error'
import type { FromWorker, ToWorker, WorkerSettings } from './messages'
import { Worker } from './worker'

/**
 * The worker as a program. `nps sensor` forks this file and speaks messages.ts with it. It ends when it is told to,
 * or when the sensor is gone, after writing down what it holds. Our own bugs end it at once: the sensor starts it
 * again. Throws SensorError 10 when nobody has forked it.
 */
export async function runWorker(): Promise<void> {
  if (process.send === undefined) {
    throw new SensorError(10, {
      reason: 'the worker is started by `nps sensor`; to look at a capture file, use `nps worker --read FILE`',
    })
  }
  let told: Promise<void> = Promise.resolve()
  let worker: Worker | undefined
  const configure = (settings: WorkerSettings): void => {
    if (worker === undefined) worker = new Worker(settings, (message) => (told = tellSensor(message)), log)
    else worker.configure(settings)
  }
  await new Promise<void>((resolve) => {
    process.on('message', (message: ToWorker) => {
      if (message.type === 'settings') configure(message.settings)
      else if (message.type === 'find') void worker?.find(message.number, message.who)
      else if (message.type === 'list') void worker?.list(message.number, message.text, message.most)
      else resolve()
    })
    process.once('disconnect', resolve)
    process.once('SIGTERM', resolve)
    // Ctrl-C in a terminal reaches the whole group; the sensor says when it is over.
    process.on('SIGINT', () => undefined)
  })
  try {
    await worker?.stop()
    process.exitCode = 0
  } catch (error) {
    log(`what was counted last is lost: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
  await told
  // A port that is being freed must not hold the process.
  process.exit()
}

/** Standard error is the sensor's log. */
function log(line: string): void {
  process.stderr.write(`worker: ${line}\n`)
}

/** Resolves once it is sent. A sensor that has just gone cannot be told anything, and nothing can be done about it. */
function tellSensor(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve())
    else resolve()
  })
}

if (require.main === module) {
  runWorker().catch((error: unknown) => {
    process.stderr.write(`nps: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = error instanceof SensorError ? error.number : 1
  })
}
