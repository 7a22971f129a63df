import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasProgram, testWith } from '../../needs'
import { Namespace, removeNamespace, run } from './namespace'

/** Whose namespaces these are: with the process id of the test, so that nobody takes them for another's. */
const PREFIX = 'nps-lab-'

/** `test` for what needs a lab and these programs, skipped where they cannot be. */
export function labTest(...programs: string[]): jest.It {
  const missing = programs.filter((name) => !hasProgram(name))
  const what = ['root', 'network namespaces', 'ip', ...programs].join(', ')
  return testWith(missing.length === 0 && canMakeNamespaces(), what)
}

/**
 * Machines and the cables between them, made for one test: network namespaces and veth pairs. `afterEach(clearLabs)`
 * takes everything away again, also when the test has failed.
 *
 *     const lab = newLab()
 *     const sensor = lab.machine('sensor')
 *     const router = lab.router('router')
 *     lab.cable(sensor, 'eth0', router, 'lan')
 */
export class Lab {
  /** For files of the test; goes with the lab. */
  readonly folder = mkdtempSync(join(tmpdir(), 'nps-lab-'))
  private readonly machines: Namespace[] = []
  private readonly prefix = `${PREFIX}${process.pid}-${labs.length}-`

  machine(name: string): Namespace {
    const machine = new Namespace(this.prefix + name)
    this.machines.push(machine)
    return machine
  }

  /** A machine that passes on what is not for itself, or, without `forwards`, drops it as a router does that is broken. */
  router(name: string, { forwards = true } = {}): Namespace {
    const router = this.machine(name)
    const value = forwards ? '1' : '0'
    router.run('sysctl', '-qw', `net.ipv4.ip_forward=${value}`, `net.ipv6.conf.all.forwarding=${value}`)
    return router
  }

  /** A switch: every cable to it is on one network. */
  switch(name: string): Switch {
    return new Switch(this, this.machine(name))
  }

  /** A cable between two ports, which are made and brought up. */
  cable(here: Namespace, port: string, there: Namespace, farPort: string): Cable {
    here.ip('link', 'add', port, 'type', 'veth', 'peer', 'name', farPort, 'netns', there.name)
    const cable = new Cable(there, farPort)
    here.ip('link', 'set', port, 'up')
    cable.plugIn()
    return cable
  }

  async remove(): Promise<void> {
    for (const machine of this.machines.splice(0)) await machine.remove()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A bridge in a namespace of its own. */
export class Switch {
  private ports = 0

  constructor(
    private readonly lab: Lab,
    private readonly machine: Namespace,
  ) {
    machine.ip('link', 'add', 'bridge', 'type', 'bridge')
    machine.ip('link', 'set', 'bridge', 'up')
  }

  /** A cable from this port of a machine, which is made and brought up. */
  cable(machine: Namespace, port: string): Cable {
    const farPort = `port${++this.ports}`
    const cable = this.lab.cable(machine, port, this.machine, farPort)
    this.machine.ip('link', 'set', farPort, 'master', 'bridge')
    return cable
  }
}

/** A cable: pulled, the port at the near end has no carrier. */
export class Cable {
  constructor(
    private readonly far: Namespace,
    private readonly farPort: string,
  ) {}

  pull(): void {
    this.far.ip('link', 'set', this.farPort, 'down')
  }

  plugIn(): void {
    this.far.ip('link', 'set', this.farPort, 'up')
  }
}

const labs: Lab[] = []

export function newLab(): Lab {
  clearLeftovers()
  const lab = new Lab()
  labs.push(lab)
  return lab
}

export async function clearLabs(): Promise<void> {
  for (const lab of labs.splice(0)) await lab.remove()
}

/** A test that was killed could clear nothing away; its namespaces bear the id of a process that is no more. */
function clearLeftovers(): void {
  for (const name of run('ip', 'netns', 'list').split('\n')) {
    const [, full, pid] = /^(nps-lab-(\d+)-\S+)/.exec(name) ?? []
    if (full === undefined || existsSync(`/proc/${pid}`)) continue
    try {
      removeNamespace(full)
    } catch {
      // Another test clears away at the same time.
    }
  }
}

function canMakeNamespaces(): boolean {
  const name = `${PREFIX}${process.pid}-try`
  try {
    run('ip', 'netns', 'add', name)
    run('ip', 'netns', 'del', name)
    return true
  } catch {
    return false
  }
}
