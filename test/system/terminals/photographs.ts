import { refusal } from '../../console/fake-sensor'
import type { Window } from './desk'
import type { SerialConsole } from './serial-console'
import { sees } from './walk'

/** Pictures of a window for people to look at, where NPS_PHOTOGRAPHS names a folder for them. */
export async function takePhotographs(window: Window, { sensor }: SerialConsole, title: string): Promise<void> {
  const folder = process.env.NPS_PHOTOGRAPHS
  if (folder === undefined) return
  const take = (what: string): Promise<void> =>
    window.photograph(`${folder}/${`${title} ${what}`.replaceAll(/\W+/g, '-')}.png`)
  await take('main menu')
  await window.press('enter')
  await sees(window, 'SN0001')
  await take('site card')
  await window.press('escape')
  await window.type('4')
  await window.press('enter')
  await sees(window, 'Trouble')
  await take('status')
  await window.press('escape')
  sensor.on('network.apply', () => refusal('gateway', 18, { reason: '10.9.9.1 is not in the network 192.168.1.0/24' }))
  await window.type('1')
  await window.press('enter', 'down', 'enter')
  await sees(window, 'Gateway')
  await window.press('tab', 'tab', 'tab', 'tab', 'tab', 'enter')
  await sees(window, 'Invalid N/W CFG')
  await take('refused')
}
