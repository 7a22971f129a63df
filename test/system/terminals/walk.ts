import type { FakeSensor } from '../../console/fake-sensor'
import { until } from '../../until'

export type KeyName =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'delete'
  | 'backspace'
  | 'enter'
  | 'tab'
  | 'back-tab'
  | 'escape'
  | 'redraw'

/** A person at a real terminal program: the keys of its keyboard, and what its screen shows. */
export interface Seat {
  press(...keys: KeyName[]): Promise<void>
  type(text: string): Promise<void>
  /** The rows it shows, trailing blanks cut. Rows of the program's own, such as a status bar, are left out. */
  rows(): Promise<string[]>
}

/** Bytes taken for what they are not: line drawing as letters, UTF-8 as Latin-1, the rest of a control sequence. */
export const GARBLED = /lqqqk|qqqq|x {2,}x|[âÃ�]|\?\?|\[[0-9;?]+[A-Za-z]/

/** How the screen marks what has the focus, in a menu and in a form. */
const focused = (label: string): RegExp => new RegExp(`> *${label}|${label} *>`)

/** The value of the field, whether or not the focus marks it. */
const holds = (value: string): RegExp => new RegExp(`[[>]${value.replaceAll('.', '\\.')} `)

/** While questions to the terminal are out, what they leave behind is on it; a repaint follows them within this. */
const REPAINT_MS = 2000

/** Wait until the seat shows this, and fail on anything garbled that stays. */
export async function sees(seat: Seat, wanted: string | RegExp): Promise<string> {
  let text = await shows(seat, wanted)
  const isStraight = async (): Promise<boolean> => {
    text = await shows(seat, wanted)
    return !GARBLED.test(text)
  }
  await until(isStraight, REPAINT_MS).catch(() => expect(text).not.toMatch(GARBLED))
  return text
}

async function shows(seat: Seat, wanted: string | RegExp): Promise<string> {
  let text = ''
  try {
    await until(async () => {
      text = (await seat.rows()).join('\n')
      return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)
    })
  } catch {
    throw new Error(`Waited for ${String(wanted)}. The screen is:\n${text}`)
  }
  return text
}

/** How often Ctrl-L is pressed by someone who sees nothing yet: programs throw away what comes before they are ready. */
const PRESS_AGAIN_MS = 500

/** Sit down and press Ctrl-L until there is a main menu. */
export async function arrive(seat: Seat): Promise<void> {
  let pressedMs = 0
  await until(async () => {
    if (focused('1 Set up Network').test((await seat.rows()).join('\n'))) return true
    if (Date.now() - pressedMs > PRESS_AGAIN_MS) {
      pressedMs = Date.now()
      await seat.press('redraw')
    }
    return false
  })
}

/**
 * What an administrator does first: around the main menu, into the static form, every editing key on a value, away with
 * Esc and back, redraw, Submit; then what is beyond ASCII. What the sensor gets is exactly what was typed. `picture` is what the screen should
 * show, where that can be known by another way.
 */
export async function walk(seat: Seat, sensor: FakeSensor, picture?: () => Promise<string[]>): Promise<void> {
  const asPictured = async (): Promise<void> => {
    if (picture === undefined) return
    let [shown, wanted]: string[][] = [[], []]
    const isSo = async (): Promise<boolean> => {
      ;[shown, wanted] = [await seat.rows(), await picture()]
      return shown.join('\n') === wanted.join('\n')
    }
    await until(isSo, 5000).catch(() => expect(shown).toEqual(wanted))
  }
  await arrive(seat)
  await asPictured()
  await seat.press('down', 'down', 'up')
  await sees(seat, focused('2 Proxy Configuration'))
  await seat.press('up')
  await sees(seat, focused('1 Set up Network'))
  await seat.press('enter')
  await sees(seat, 'How does this appliance get its address?')
  await seat.press('down', 'enter')
  await sees(seat, focused('IP address'))
  await asPictured()

  await seat.type('910.0.0.')
  await sees(seat, holds('910.0.0.'))
  await seat.press('home', 'delete')
  await sees(seat, holds('10.0.0.'))
  await seat.press('end')
  await seat.type('98')
  await sees(seat, holds('10.0.0.98'))
  await seat.press('backspace')
  await sees(seat, holds('10.0.0.9'))
  await seat.press('left')
  await seat.type('1')
  await sees(seat, holds('10.0.0.19'))
  await seat.press('tab')
  await seat.type('/24')
  await seat.press('enter')
  await seat.type('10.0.0.1')
  await seat.press('enter')
  await seat.type('10.0.0.2')
  await seat.press('enter', 'enter', 'back-tab')
  await sees(seat, focused('DNS2'))
  // Questions that are still out leave something in the corner until the repaint.
  const before = await sees(seat, new RegExp(`^Welcome to .*\nStatus: [^]*${holds('255.255.255.0').source}`))
  await seat.press('redraw')
  await asPictured()
  await sees(seat, before)

  await seat.press('escape')
  await sees(seat, 'How does this appliance get its address?')
  await seat.press('enter')
  await sees(seat, holds('10.0.0.19'))
  await seat.press('tab', 'tab', 'tab', 'tab', 'tab')
  await sees(seat, focused('\\[ Submit \\]'))
  expect(sensor.askedFor('network.apply')).toEqual([])
  await seat.press('enter')
  await sees(seat, 'accepted')
  await asPictured()
  expect(sensor.askedFor('network.apply')).toEqual([
    {
      mode: 'static',
      address: '10.0.0.19',
      netmask: '255.255.255.0',
      gateway: '10.0.0.1',
      dns1: '10.0.0.2',
      dns2: '',
    },
  ])
  await seat.press('enter')
  await sees(seat, focused('1 Set up Network'))

  // Rules out of Unicode, and half blocks: hyphens and reverse blanks where it cannot show them. What the check of the
  // display shows is garbled on most, as it is meant to be.
  await seat.type('d')
  await seat.press('enter')
  await shows(seat, 'Press the number of the straight line')
  await seat.type('3')
  await seat.press('enter')
  await sees(seat, focused('Display check'))
  await asPictured()
  await seat.press('down', 'down', 'enter')
  await sees(seat, 'SN0001')
  await asPictured()
  await seat.press('escape')
  await sees(seat, focused('Site card'))
}
