import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { until } from '../../until'
import type { Lab } from '../namespaces/lab'
import { run, type Namespace } from '../namespaces/namespace'
import { Program } from '../namespaces/program'

export interface RoomOptions {
  /** Run a D-Bus and systemd-networkd. */
  hasNetworkd?: boolean
  /** Programs that this appliance does not have. */
  without?: string[]
}

/** What of /etc the programs of an appliance want to read. */
const ETC = ['passwd', 'group', 'nsswitch.conf', 'ld.so.cache', 'hosts', 'protocols', 'services']

/** The configuration of a D-Bus on which everything may talk to everything. */
const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/> <allow own="*"/>
    <allow send_type="method_call"/> <allow send_type="signal"/> <allow send_requested_reply="true"/>
    <allow receive_type="method_call"/> <allow receive_type="signal"/>
    <allow receive_type="error"/> <allow receive_type="method_return"/>
  </policy>
</busconfig>
`

/**
 * A machine whose network may be changed for real: a machine of the lab with /etc, /run, processes and host name of its
 * own. Its disk outlives everything that runs in it, so it can be killed as a whole and started again.
 */
export class ApplianceRoom {
  readonly folder: string
  private holder: Program | undefined
  private readonly programs: Program[] = []

  constructor(
    lab: Lab,
    readonly machine: Namespace,
    readonly options: RoomOptions = {},
  ) {
    this.folder = join(lab.folder, `room-${machine.name}`)
    mkdirSync(join(this.etc, 'systemd', 'network'), { recursive: true })
    for (const name of ETC) {
      const from = join('/etc', name)
      if (existsSync(from)) cpSync(from, join(this.etc, name), { recursive: true, dereference: true })
    }
    writeFileSync(join(this.etc, 'hostname'), 'appliance\n')
    writeFileSync(join(this.etc, 'machine-id'), `${createHash('md5').update(machine.name).digest('hex')}\n`)
    writeFileSync(join(this.etc, 'resolv.conf'), '')
    mkdirSync(join(this.ram, 'dbus'), { recursive: true })
    writeFileSync(join(this.folder, 'bus.conf'), BUS)
    writeFileSync(join(this.folder, 'nothing'), '')
  }

  get etc(): string {
    return join(this.folder, 'etc')
  }

  get ram(): string {
    return join(this.folder, 'run')
  }

  /** Turn it on. */
  async start(): Promise<void> {
    const { hasNetworkd = false, without = [] } = this.options
    const hidden = without.flatMap((name) =>
      ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].map((folder) => `${folder}/${name}`),
    )
    const script = [
      'set -e',
      'mount --make-rprivate /',
      // As every boot does.
      `hostname "$(cat ${this.etc}/hostname)"`,
      // What ip-netns(8) has laid over single files would be in the way of renaming others in their place.
      'umount /etc/resolv.conf /etc/hosts 2>/dev/null || true',
      `mount --bind ${this.etc} /etc`,
      `mount --bind ${this.ram} /run`,
      ...hidden.map((path) => `[ ! -e ${path} ] || mount --bind ${this.folder}/nothing ${path}`),
      ...(hasNetworkd
        ? [
            // systemd takes a read-only /sys for a container's, and does not wait for udev then.
            'mount -o remount,bind,ro /sys',
            'rm -f /run/dbus/system_bus_socket',
            `dbus-daemon --config-file=${this.folder}/bus.conf --fork`,
            'mkdir -p /run/systemd/netif /run/systemd/network',
            'chown -R systemd-network:systemd-network /run/systemd/netif',
            `/lib/systemd/systemd-networkd >${this.folder}/networkd.log 2>&1 &`,
            `echo $! >${this.folder}/networkd.pid`,
            'until networkctl list >/dev/null 2>&1; do sleep 0.02; done',
          ]
        : []),
      'echo on',
      'exec tail -f /dev/null',
    ].join('\n')
    const unshare = ['unshare', '--mount', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc']
    this.holder = this.machine.start([...unshare, 'sh', '-c', script])
    await this.holder.says(/^on$/)
  }

  /** Kill everything in it at one moment. The port keeps what the kernel was told. */
  async kill(): Promise<void> {
    const { holder } = this
    if (holder === undefined) return
    // The first process of a pid namespace takes all others with it.
    const first = this.firstProcess()
    if (first !== undefined) process.kill(first, 'SIGKILL')
    await holder.stop()
    await until(() => first === undefined || !existsSync(`/proc/${first}`))
    this.holder = undefined
  }

  /** Take the power away: what only memory held is gone as well. */
  async cutPower(port: string): Promise<void> {
    await this.kill()
    for (const name of readdirSync(this.ram)) rmSync(join(this.ram, name), { recursive: true, force: true })
    mkdirSync(join(this.ram, 'dbus'), { recursive: true })
    for (const word of ['-4', '-6']) this.machine.run('ip', word, 'address', 'flush', 'dev', port, 'scope', 'global')
    this.machine.run('sysctl', '-qw', `net.ipv6.conf.${port}.disable_ipv6=1`)
    this.machine.run('sysctl', '-qw', `net.ipv6.conf.${port}.disable_ipv6=0`)
  }

  /** End systemd-networkd alone, as its service may be. */
  async stopNetworkd(): Promise<void> {
    const pid = this.file('networkd.pid').trim()
    this.do('kill', pid)
    // Nobody is there to ask what became of it, so it stays in the list, without a word.
    await until(() => this.do('cat', `/proc/${pid}/cmdline`) === '')
  }

  /** Start a program of this clone in it. */
  program(file: string, ...words: string[]): Program {
    return this.begin(process.execPath, resolve(__dirname, '../../../..', 'dist', file), ...words)
  }

  /** Start any other one. */
  begin(...words: string[]): Program {
    const program = new Program(this.inside(...words), {})
    this.programs.push(program)
    return program
  }

  /** Run something to its end. */
  do(...words: string[]): string {
    return run(...this.inside(...words))
  }

  inside(...words: string[]): string[] {
    const first = this.firstProcess()
    if (first === undefined) throw new Error('The appliance is off.')
    return ['nsenter', '-t', String(first), '--mount', '--pid', '--uts', '--net', '--', ...words]
  }

  file(path: string): string {
    return existsSync(join(this.folder, path)) ? readFileSync(join(this.folder, path), 'utf8') : ''
  }

  async end(): Promise<void> {
    // Its programs run below nsenter(1), which does not take them with it.
    await this.kill()
    await Promise.all(this.programs.map((program) => program.stop()))
  }

  private firstProcess(): number | undefined {
    const pid = this.holder?.pid
    if (pid === undefined) return undefined
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return children === '' ? undefined : Number(children.split(' ')[0])
  }
}
