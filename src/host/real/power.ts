import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { SensorError } from '../../errors/sensor-error'
import type { Power } from '../types'

/** The init system takes the order and does the rest by itself; it does not wait for the end. */
const TAKES_ORDER_MS = 10_000

export interface MachinePowerOptions {
  /** sd_booted(3): there is this folder exactly when systemd runs the machine. */
  hasSystemd?: boolean
  env?: NodeJS.ProcessEnv
}

/** Reboot and shutdown of this machine, by systemd or else by shutdown(8). Run as they are, without a shell. */
export class MachinePower implements Power {
  private readonly hasSystemd: boolean
  private readonly env: NodeJS.ProcessEnv

  constructor({ hasSystemd = existsSync('/run/systemd/system'), env = process.env }: MachinePowerOptions = {}) {
    this.hasSystemd = hasSystemd
    this.env = env
  }

  reboot(): Promise<void> {
    return this.hasSystemd ? this.order('systemctl', 'reboot') : this.order('shutdown', '-r', 'now')
  }

  shutdown(): Promise<void> {
    return this.hasSystemd ? this.order('systemctl', 'poweroff') : this.order('shutdown', '-h', 'now')
  }

  private order(program: string, ...args: string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string): void => reject(new SensorError(10, { reason: `${program} ${reason}` }))
      const child = spawn(program, args, {
        env: this.env,
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: TAKES_ORDER_MS,
        killSignal: 'SIGKILL',
      })
      let said = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(0, 200)))
      child.once('error', (error: NodeJS.ErrnoException) =>
        fail(error.code === 'ENOENT' ? 'is not there' : `cannot be run (${error.code})`),
      )
      child.once('close', (status, signal) => {
        if (status === 0) return resolve()
        fail(said.trim().replace(/\s+/g, ' ') || `ended with ${signal ?? `status ${status}`}`)
      })
    })
  }
}
