import { spawn } from 'node:child_process'
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SensorError } from '../../../errors/sensor-error'
import { readIfThere, writeDurably } from '../../../files/durable-files'

/** Longer than any of the programs takes that only tell the kernel something. */
const PROGRAM_MS = 10_000

/** How long what a program has said may take to be read once it has ended. */
const LAST_WORDS_MS = 500

/** Where an appliance keeps the programs; a service may be started with less of a PATH. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What a program came to. */
export interface Ran {
  status: number
  stdout: string
  stderr: string
}

/** The hands on this machine: everything that changes its network goes through one of these, one step after the other. */
export class Box {
  /** `onStep` hears of every step before and after it: tests pull the plug there. */
  constructor(private readonly onStep: (step: string) => void = () => undefined) {}

  /** Run a program as it is, without a shell. Throws SensorError 10 when it is not there or does not come to an end. */
  async run(program: string, ...args: string[]): Promise<Ran> {
    this.onStep(`before ${program}`)
    const ran = await run(program, args)
    this.onStep(`after ${program}`)
    return ran
  }

  /** Run it, and take any status but 0 for a failure (SensorError 10). */
  async must(program: string, ...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(program, ...args)
    if (status === 0) return stdout
    const said = stderr.trim().replace(/\s+/g, ' ').slice(0, 200)
    throw new SensorError(10, { reason: `${program} ${said || `ended with status ${status}`}` })
  }

  /** What only looks is no step. */
  look(program: string, ...args: string[]): Promise<Ran> {
    return run(program, args)
  }

  read(path: string): Promise<string | undefined> {
    return readIfThere(path).then((bytes) => bytes?.toString('utf8'))
  }

  async write(path: string, text: string, mode = 0o644): Promise<void> {
    this.onStep(`before writing ${path}`)
    await mkdir(dirname(path), { recursive: true })
    await writeDurably({ path, text, mode })
    this.onStep(`after writing ${path}`)
  }

  /** Put a symbolic link in the place of what is there. */
  async link(path: string, target: string): Promise<void> {
    this.onStep(`before linking ${path}`)
    const beside = `${path}.nps`
    await rm(beside, { force: true })
    await symlink(target, beside)
    await rename(beside, path)
    this.onStep(`after linking ${path}`)
  }

  /** Write into a file of the kernel, which is no file to be replaced. */
  async set(path: string, value: string): Promise<void> {
    this.onStep(`before setting ${path}`)
    await writeFile(path, value)
    this.onStep(`after setting ${path}`)
  }

  async remove(path: string): Promise<void> {
    this.onStep(`before removing ${path}`)
    await rm(path, { force: true })
    this.onStep(`after removing ${path}`)
  }

  /** End a process for good; resolves when it is gone. */
  async kill(pid: number): Promise<void> {
    this.onStep(`before killing ${pid}`)
    try {
      // Not asked nicely: a DHCP client would give its lease back and take the address away at its own pace.
      process.kill(pid, 'SIGKILL')
      for (let isThere = true; isThere;) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        isThere = process.kill(pid, 0) && !(await isDead(pid))
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
    this.onStep(`after killing ${pid}`)
  }
}

/** Dead, and only its parent has not looked yet. */
async function isDead(pid: number): Promise<boolean> {
  const stat = await readIfThere(`/proc/${pid}/stat`)
  return stat === undefined || /\) [ZX] /.test(stat.toString())
}

function run(program: string, args: string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => reject(new SensorError(10, { reason: `${program} ${reason}` }))
    const child = spawn(program, args, {
      env: { PATH, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PROGRAM_MS,
      killSignal: 'SIGKILL',
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.once('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'ENOENT' ? 'is not installed' : `cannot be run (${error.code})`),
    )
    let grace: NodeJS.Timeout | undefined
    const end = (status: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(grace)
      child.stdout.destroy()
      child.stderr.destroy()
      if (status === null) fail(`was ended by ${signal}`)
      else resolve({ status, stdout, stderr })
    }
    // A DHCP client that has gone into the background holds its ends of the pipes for ever.
    child.once('exit', (status, signal) => (grace = setTimeout(() => end(status, signal), LAST_WORDS_MS)))
    child.once('close', end)
  })
}
