import { resolve } from 'node:path'
import { readMenus } from '../../../src/console/menu-files'
import { screensOf } from '../../../src/form/menu-file'
import type { Screen } from '../../../src/form/screen'

export const NPS = resolve(__dirname, '../../../../bin/nps')

/** A console program, with the keys that take it through the same screens as ours. */
export interface Program {
  name: string
  command: readonly string[]
  /** The Debian package a peer comes in, and the program that shows it is here. */
  debianPackage?: string
  /** From the main menu to the screen before the form, and there to what opens it. */
  toForm: readonly string[]
  next: string
  back: string
}

const TAB = '\t'
const DOWN = '\x1b[B'
const ENTER = '\r'
const ESCAPE = '\x1b'

/** The menu, the choice and the form as our own screens have them, so that all show the same words. */
function screens(): { menu: Screen; choice: Screen; form: Screen } {
  const all = screensOf(readMenus())
  const screen = (name: string): Screen => {
    const found = all.get(name)
    if (found === undefined) throw new Error(`There is no screen ${name}.`)
    return found
  }
  return { menu: screen('main'), choice: screen('network'), form: screen('network-static') }
}

export function ours(socket: string): Program {
  return {
    name: 'nps console',
    command: [process.execPath, NPS, 'console', '--socket', socket],
    toForm: [ENTER, DOWN, ENTER],
    next: TAB,
    back: ESCAPE,
  }
}

export function peers(): Program[] {
  const { menu, choice, form } = screens()
  const items = (screen: Screen): string =>
    'items' in screen ? screen.items.map(({ label }, index) => `${index + 1} ${quoted(label)}`).join(' ') : ''
  const fields = 'fields' in form ? form.fields.map(({ label }) => label) : []
  const rows = fields.map((label, row) => `${quoted(label)} ${row + 1} 1 '' ${row + 1} 14 16 0`).join(' ')
  const ask = (program: string, screen: Screen, height: string): string =>
    `${program} --title ${quoted(screen.title)} --menu ${quoted(screen.prompt)} ${height} ${items(screen)} 2>/dev/null`
  const wizard = (program: string, height: string, input: string): string[] => [
    '/bin/sh',
    '-c',
    `while ${ask(program, menu, height)}; do while ${ask(program, choice, height)}; do ${input} 2>/dev/null; done; done`,
  ]
  const titled = `--title ${quoted(form.title)}`
  return [
    {
      name: 'dialog',
      command: wizard(
        'dialog',
        '0 0 0',
        `dialog ${titled} --ok-label Submit --form ${quoted(form.prompt)} 0 0 0 ${rows}`,
      ),
      debianPackage: 'dialog',
      toForm: [ENTER, DOWN, ENTER],
      // Tab goes to its buttons.
      next: DOWN,
      back: ESCAPE,
    },
    {
      name: 'whiptail',
      // It has no forms: one field, and Tab goes to its button.
      command: wizard(
        'whiptail',
        '0 0 0',
        `whiptail ${titled} --inputbox ${quoted(`${form.prompt}\n\n${fields[0] ?? ''}`)} 0 0`,
      ),
      debianPackage: 'whiptail',
      toForm: [ENTER, DOWN, ENTER],
      next: TAB,
      back: ESCAPE,
    },
    {
      name: 'nmtui',
      command: ['unshare', ...APART, '/bin/sh', '-c', NETWORK_MANAGER],
      debianPackage: 'network-manager',
      toForm: [ENTER, ENTER],
      next: TAB,
      back: ESCAPE,
    },
  ]
}

/** The menu by itself, that says what was chosen: for dialog and whiptail. */
export function menuOnly(program: string): string[] {
  const { menu } = screens()
  const items = 'items' in menu ? menu.items.map(({ label }, index) => `${index + 1} ${quoted(label)}`).join(' ') : ''
  const ask = `${program} --title ${quoted(menu.title)} --menu ${quoted(menu.prompt)} 0 0 0 ${items}`
  return ['/bin/sh', '-c', `exec 3>&1; chosen=$(${ask} 2>&1 >&3); echo "chosen: $chosen"; sleep 60`]
}

/** nmtui speaks to a NetworkManager, so it gets one in a network of its own, which has no port at all. */
const APART = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
const NETWORK_MANAGER = `
for folder in /run /var/lib/NetworkManager /etc/NetworkManager; do mount -t tmpfs tmpfs $folder; done
mkdir -p /run/dbus /run/NetworkManager /etc/NetworkManager/system-connections
exec 3>&1 >/dev/null 2>&1
dbus-daemon --system --fork --nopidfile
NetworkManager --log-level=ERR
until nmcli general status; do sleep 0.1; done
nmcli connection add type ethernet con-name static ifname eth0 autoconnect no ipv4.method manual \\
  ipv4.addresses 10.0.0.9/24
exec nmtui >&3`

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
