import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Program } from './program'

/**
 * A machine of the lab: a network namespace, with its own ports, routes, neighbours, /etc/resolv.conf and /etc/hosts.
 * Files and Unix sockets it shares with the test, so a sensor that runs in it can be asked from outside.
 */
export class Namespace {
  private readonly programs: Program[] = []

  constructor(
    /** As `ip netns` knows it. */
    readonly name: string,
  ) {
    run('ip', 'netns', 'add', name)
    // ip-netns(8) lays what is in this folder over /etc for every program it starts. Without it, names would be asked
    // of the servers of the machine that the test runs on.
    mkdirSync(this.etc, { recursive: true })
    this.nameServers()
    this.hosts({})
    this.ip('link', 'set', 'lo', 'up')
    // No waiting for duplicate address detection: what is set is in force.
    this.run('sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=0', 'net.ipv6.conf.all.accept_dad=0')
  }

  /** ip(8) here. */
  ip(...words: string[]): void {
    run('ip', '-n', this.name, ...words)
  }

  /** Run a short program to its end and return what it printed; throws when its exit status is not 0. */
  run(...words: string[]): string {
    return run(...this.inside(...words))
  }

  /** Start a program that stays; it ends with the lab at the latest. */
  start(words: readonly string[], env: Record<string, string> = {}): Program {
    const program = new Program(this.inside(...words), env)
    this.programs.push(program)
    return program
  }

  /** The words that run a program here. */
  inside(...words: string[]): string[] {
    return ['ip', 'netns', 'exec', this.name, ...words]
  }

  /** Give a port an address with its prefix length, IPv4 or IPv6. */
  address(port: string, address: string): void {
    this.ip('addr', 'add', address, 'dev', port)
  }

  /** The default route, replacing the one there was. */
  gateway(address: string): void {
    this.ip(...(address.includes(':') ? ['-6'] : []), 'route', 'replace', 'default', 'via', address)
  }

  /** What /etc/resolv.conf names, for programs that run already, too; none by default. */
  nameServers(...addresses: string[]): void {
    // Some resolvers take a file without a server for one that names this machine: nobody listens there, and that is
    // known at once.
    const lines = addresses.map((address) => `nameserver ${address}\n`).join('')
    writeFileSync(join(this.etc, 'resolv.conf'), `${lines}options timeout:1 attempts:1\n`)
  }

  /** What /etc/hosts says, beside localhost. */
  hosts(addressOf: Record<string, string>): void {
    const lines = Object.entries(addressOf).map(([name, address]) => `${address} ${name}\n`)
    writeFileSync(join(this.etc, 'hosts'), `127.0.0.1 localhost\n${lines.join('')}`)
  }

  async remove(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop()))
    // Daemons leave children behind that are no children of ours.
    for (const pid of run('ip', 'netns', 'pids', this.name).split('\n').filter(Boolean)) {
      try {
        process.kill(Number(pid), 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
    removeNamespace(this.name)
  }

  private get etc(): string {
    return etcOf(this.name)
  }
}

/** The namespace and what lies over /etc in it. */
export function removeNamespace(name: string): void {
  run('ip', 'netns', 'del', name)
  rmSync(etcOf(name), { recursive: true, force: true })
}

function etcOf(name: string): string {
  return join('/etc/netns', name)
}

export function run(...words: string[]): string {
  const [command, ...args] = words
  const { status, stdout, stderr, error } = spawnSync(command!, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${words.join(' ')}: ${error?.message ?? `${stdout}${stderr}`}`)
  return stdout
}
