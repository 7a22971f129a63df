import { screensOf } from '../../src/form/menu-file'
import { readMenus } from '../../src/console/menu-files'

test('the shipped menus load, with the labels of the guide (requirements section 15)', () => {
  const screens = screensOf(readMenus())
  const main = screens.get('main')
  expect(main?.kind === 'menu' ? main.items.map(({ label }) => label) : []).toEqual([
    'Set up Network',
    'Proxy Configuration',
    'Personalize this scanner',
    'Sensor status',
    'Test connection',
    'Mirror port',
    'Recent flows',
    'Recent errors',
    'Restore recent settings',
    'Machines',
    'Console lock',
    'Display check',
    'System',
    'Site card',
    'Help',
    'Exit',
  ])
  const labels = [...screens.values()].flatMap((screen) => [
    screen.title,
    screen.prompt,
    ...('items' in screen ? screen.items.map(({ label }) => label) : []),
    ...('fields' in screen ? screen.fields.map(({ label }) => label) : []),
    ...('buttons' in screen ? screen.buttons.map(({ label }) => label) : []),
  ])
  expect(labels).toEqual(
    expect.arrayContaining([
      'DHCP',
      'Static IP',
      'OK',
      'IP address',
      'Netmask',
      'Gateway',
      'DNS1',
      'DNS2',
      'Submit',
      'Enable Proxy',
      'Disable Proxy',
      'Enter the proxy server details',
      'Proxy IP Address',
      'Proxy Port',
      'Next',
      'NoAuth',
      'BasicAuth',
      'NTLMAuth',
      'Proxy User',
      'Proxy Password',
      'Personalize This Sensor',
      'Enter the 14 digit Personalization Code:',
      'Cancel',
    ]),
  )
  // A script waits for this, and then for the status.
  expect(screens.get('personalize-done')?.prompt).toMatch(
    /^Appliance registration completed successfully\. .*Registered/,
  )
  // The vendor's name is a setting, never part of a screen.
  expect(JSON.stringify([...screens.values()])).not.toContain('Qualys')
})

const FORM = `kind = form
title = Title
[field one]
label = One
kind = ipv4
setting = network.address
[button ok]
label = OK
does = back
`

test.each([
  ['an unknown kind of field', FORM.replace('ipv4', 'ipv5'), /^menus\/x\.ini:5 fields\.0\.kind: /],
  ['an unknown key', FORM.replace('does = back', 'dose = back'), /^menus\/x\.ini:9 buttons\.0\.dose: /],
  ['a label that is missing', FORM.replace('label = One\n', ''), /^menus\/x\.ini:3 fields\.0\.label: /],
  [
    'a key that is there twice',
    FORM.replace('title = Title', 'title = Title\ntitle = Other'),
    /^menus\/x\.ini:3 title: /,
  ],
  ['a heading of no known kind', FORM.replace('[field one]', '[filed one]'), /^menus\/x\.ini:3 \[filed one\]: /],
  ['a line that is no entry', FORM.replace('label = One', 'label'), /^menus\/x\.ini:4 label: /],
  [
    'a screen that is not there',
    FORM.replace('does = back', 'opens = nowhere'),
    /^menus\/x\.ini:9 buttons\.0: opens: .*nowhere/,
  ],
  ['a setting without a family', FORM.replace('network.address', 'address'), /^menus\/x\.ini:6 fields\.0\.setting: /],
  ['an operation nobody knows', FORM.replace('does = back', 'asks = reboot'), /^menus\/x\.ini:9 buttons\.0\.asks: /],
  ['a form without buttons', FORM.replace(/\[button[^]*$/, ''), /^menus\/x\.ini:1 buttons: /],
])('%s is named with its place', (_name, text, message) => {
  expect(() => screensOf([{ name: 'x', text }])).toThrow(message)
})
