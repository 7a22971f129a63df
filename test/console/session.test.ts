import { DisplayMemory } from '../../src/console/display-memory'
import { Handshake } from '../../src/console/handshake'
import { readMenus } from '../../src/console/menu-files'
import { screensOf } from '../../src/form/menu-file'
import { FORM_KEPT_MS, Session, type Ending } from '../../src/console/session'
import type { SensorControl } from '../../src/sensor/control-client'
import type { SensorStatus } from '../../src/sensor/messages'
import { KEY } from '../screen-driver/screen'
import { aStatus } from './a-status'
import { TestLine } from './test-line'

const PROBE = new Handshake(true).probe
const FULL_REPAINT = '\x1b[H\x1b[J'
const MAIN = '> 1 Set up Network'

/** A sensor that says it is fine and answers when it is told to. */
class IdleSensor implements SensorControl {
  onGone: (() => void) | undefined
  readonly unanswered: ((outcome: { ok: true; answer: never }) => void)[] = []
  private onStatus: ((status: SensorStatus) => void) | undefined

  constructor(private status: SensorStatus) {}

  ask(): Promise<{ ok: true; answer: never }> {
    return new Promise((resolve) => this.unanswered.push(resolve))
  }

  async watch(onStatus: (status: SensorStatus) => void): Promise<SensorStatus> {
    this.onStatus = onStatus
    return this.status
  }

  change(status: Partial<SensorStatus>): void {
    this.status = { ...this.status, ...status }
    this.onStatus?.(this.status)
  }

  answer(): void {
    this.unanswered.shift()?.({ ok: true, answer: {} as never })
  }

  close(): void {}
}

let sensor: IdleSensor
let session: Session
let memory: DisplayMemory
let stop: AbortController

/** The console of an appliance that has been up for a while. */
async function aSession(status: Partial<SensorStatus> = {}): Promise<void> {
  sensor = new IdleSensor(aStatus(status))
  session = new Session({ screens: screensOf(readMenus()), notice: () => [], memory, connect: async () => sensor })
  await pass(1000)
}

/** Let time pass, and everything that happens in it. */
const pass = async (ms: number): Promise<void> => {
  await jest.advanceTimersByTimeAsync(ms)
}

async function attached(line: TestLine): Promise<{ line: TestLine; ending: Promise<Ending> }> {
  const ending = session.attach(line, stop.signal)
  await pass(500)
  return { line, ending }
}

/** The line goes away, as a pulled converter does. */
async function gone({ line, ending }: { line: TestLine; ending: Promise<Ending> }): Promise<void> {
  line.onEnd?.()
  await pass(1000)
  expect(await ending).toBe('gone')
}

beforeEach(async () => {
  memory = await DisplayMemory.open(undefined)
  jest.useFakeTimers()
  stop = new AbortController()
  await aSession()
})

afterEach(() => {
  session.close()
  jest.useRealTimers()
})

test('a terminal that went away while nobody listened is let go of at once', async () => {
  const line = new TestLine()
  line.isGone = true
  const { ending } = await attached(line)
  expect(await ending).toBe('gone')
})

test('the questions leave while attach is called, and the screen before anything is answered', async () => {
  const line = new TestLine()
  line.answers = false
  void session.attach(line, stop.signal)
  expect(line.sent).toBe(PROBE)
  await pass(100)
  expect(line.text()).toContain(MAIN)
})

test('a clock that is set back by hours holds up nothing', async () => {
  const { line } = await attached(new TestLine())
  line.type('4')
  await pass(200)
  jest.setSystemTime(Date.now() - 3 * 3600_000)
  line.type(KEY.escape)
  await pass(1000)
  expect(line.text()).toContain('Main menu')
  line.type(KEY.down)
  await pass(200)
  expect(line.text()).toContain('> 5 Test connection')
  line.type(KEY.redraw)
  await pass(1000)
  expect(line.news()).toContain(FULL_REPAINT)
})

test('who comes while the questions to nobody are still out is asked all the same', async () => {
  const line = new TestLine({ size: { columns: 132, rows: 43 } })
  line.answers = false
  void session.attach(line, stop.signal)
  await pass(100)
  line.answers = true
  line.type(KEY.redraw)
  await pass(1000)
  expect(line.text().split('\n')[42]).toMatch(/^Enter open|move/)
  expect(line.sent.split(PROBE)).toHaveLength(3)
})

test('a terminal that is resized while its answers are on their way is asked again by Ctrl-L', async () => {
  const line = new TestLine({ size: { columns: 80, rows: 25 } })
  const visit = await attached(line)
  line.news()
  line.type(KEY.redraw)
  line.resize({ columns: 80, rows: 24 })
  line.type(KEY.redraw)
  await pass(1000)
  expect(line.text().split('\n')[0]).toMatch(/^Welcome/)
  expect(line.text().split('\n')[23]).toMatch(/^Enter open|move/)
  expect(line.news().split(PROBE)).toHaveLength(3)
  await gone(visit)
})

test('Ctrl-L as the first key asks once', async () => {
  const { line } = await attached(new TestLine())
  line.news()
  line.type(KEY.redraw)
  await pass(1000)
  expect(line.news().split(PROBE)).toHaveLength(2)
})

test('another size than the safe one: painted for that, and remembered for the next visit', async () => {
  const wide = new TestLine({ size: { columns: 132, rows: 43 } })
  const visit = await attached(wide)
  const [footer] = wide.text().split('\n').slice(42)
  expect(footer).toMatch(/^Enter open|move/)
  expect(wide.sent.split(FULL_REPAINT)).toHaveLength(3)
  await gone(visit)
  const again = new TestLine({ size: { columns: 132, rows: 43 } })
  await attached(again)
  // What is found is what was painted for at once.
  expect(again.sent.split(FULL_REPAINT)).toHaveLength(2)
  expect(again.text().split('\n')[42]).toBe(footer)
})

test('a terminal that answers nothing is an 80x24 in ASCII, and its keys work at once', async () => {
  const line = new TestLine()
  line.answers = false
  void session.attach(line, stop.signal)
  line.type('3' + KEY.enter + '123')
  await pass(1)
  expect(line.text()).toContain('3 of 14')
  await pass(5000)
  expect(line.sent.slice(PROBE.length)).toMatch(/^[\x00-\x7f]*$/)
})

test('answers in pieces among keys: no piece is typed, no key is lost', async () => {
  const line = new TestLine()
  line.answers = false
  void session.attach(line, stop.signal)
  line.type('3' + KEY.enter)
  await pass(1)
  for (const piece of ['1\x1b', '[1;', '2R2\x1b[1;5', 'R\x1b[24;8', '0R3\x1b[?', '62;1c4']) {
    line.type(piece)
    await pass(80)
  }
  expect(line.text()).toContain('4 of 14')
  expect(line.text()).toContain('1234')
})

test('answers that come late still count', async () => {
  const line = new TestLine()
  line.answers = false
  void session.attach(line, stop.signal)
  await pass(1500)
  line.type('\x1b[1;2R\x1b[1;7R\x1b[30;100R\x1b[?62c')
  await pass(100)
  expect(memory.recall(line.name)).toMatchObject({
    display: { size: { columns: 100, rows: 30 }, decodesUtf8: true, repeats: true, erases: true },
  })
})

test('a half-filled form waits a minute for who comes back, then it is left', async () => {
  let visit = await attached(new TestLine())
  visit.line.type('3' + KEY.enter + '12345\x1b[')
  await pass(100)
  await gone(visit)
  await pass(FORM_KEPT_MS - 5000)
  visit = await attached(new TestLine())
  expect(visit.line.text()).toContain('5 of 14')
  visit.line.type('A')
  await pass(100)
  // The rest of an arrow key that began on the other line is not one.
  expect(visit.line.text()).toContain('6 of 14')
  await gone(visit)
  await pass(FORM_KEPT_MS + 1000)
  visit = await attached(new TestLine())
  expect(visit.line.text()).toContain('Main menu')
})

test('with a console lock the next visitor is asked for the password at once, even by an operation that still runs', async () => {
  await aSession({ consoleIsLocked: true })
  let visit = await attached(new TestLine())
  expect(visit.line.text()).toContain('This console is locked')
  visit.line.type('1234' + KEY.enter + KEY.enter)
  await pass(100)
  await gone(visit)
  // The right password, and nobody there to use it.
  sensor.answer()
  await pass(100)
  visit = await attached(new TestLine())
  expect(visit.line.text()).toContain('This console is locked')
  visit.line.type('1234' + KEY.enter + KEY.enter)
  await pass(100)
  sensor.answer()
  await pass(100)
  visit.line.type('3' + KEY.enter + '12345')
  await pass(100)
  expect(visit.line.text()).toContain('5 of 14')
  visit.line.onPresence?.(false)
  visit.line.onPresence?.(true)
  await pass(500)
  expect(visit.line.text()).toContain('This console is locked')
})

test('keys typed behind the password do not reach what it uncovers', async () => {
  await aSession({ consoleIsLocked: true })
  const { line } = await attached(new TestLine())
  line.type('1234' + KEY.enter + KEY.enter)
  await pass(500)
  sensor.answer()
  await pass(500)
  line.type('3' + KEY.enter + '12345678901234' + KEY.enter)
  await pass(500)
  line.onPresence?.(false)
  line.onPresence?.(true)
  await pass(500)
  line.type('1234' + KEY.enter + KEY.enter + KEY.enter + KEY.enter)
  await pass(100)
  sensor.answer()
  await pass(100)
  line.type(KEY.enter)
  await pass(500)
  expect(line.text()).toContain('Personalize')
  expect(line.text()).toContain('This was left open. 9 keys received, 6 used.')
  expect(sensor.unanswered).toHaveLength(0)
  line.type(KEY.enter)
  await pass(500)
  expect(sensor.unanswered).toHaveLength(1)
})

test('modem lines: nothing is sent to nobody, and who comes sees everything at once', async () => {
  const { line } = await attached(new TestLine())
  line.type('3' + KEY.enter + '12345' + KEY.escape)
  line.onPresence?.(false)
  line.news()
  sensor.change({ name: 'renamed' })
  await pass(5000)
  expect(line.news()).toBe('')
  line.onPresence?.(true)
  expect(line.sent).toBe(PROBE)
  await pass(500)
  expect(line.sent).toContain(FULL_REPAINT)
  // The Esc was half a key of somebody who has gone.
  expect(line.text()).toContain('5 of 14')
  await pass(200_000)
  expect(line.news().split(FULL_REPAINT)).toHaveLength(2)
})

test('without modem lines a silent line is painted every ten seconds, until somebody is heard', async () => {
  const line = new TestLine()
  line.answers = false
  await attached(line)
  line.news()
  await pass(30_000)
  expect(line.news().split(FULL_REPAINT)).toHaveLength(4)
  line.type('5')
  await pass(500)
  expect(line.text()).toContain('> 5')
  // The first key after the silence brought the whole screen, and was used.
  expect(line.news()).toContain(FULL_REPAINT)
  line.type('3')
  await pass(30_000)
  expect(line.news()).not.toContain(FULL_REPAINT)
  await pass(60_000)
  expect(line.news()).toContain(FULL_REPAINT)
})

test('the terminal of a person at work is not painted over and over', async () => {
  const { line } = await attached(new TestLine({ isOwnLine: false }))
  line.news()
  await pass(300_000)
  line.type('5')
  await pass(500)
  expect(line.news()).not.toContain(FULL_REPAINT)
})

test('Ctrl-L asks and paints again at once, also while an operation runs', async () => {
  const { line } = await attached(new TestLine())
  line.type('1' + KEY.enter)
  await pass(500)
  expect(line.text()).toContain('Asking the sensor')
  line.news()
  line.type(KEY.enter + KEY.redraw)
  await pass(50)
  expect(line.sent).toContain(PROBE)
  expect(line.sent).toContain(FULL_REPAINT)
})

test('Ctrl-L while a slow answer is still out: what it says may be over, so the questions are asked again', async () => {
  const line = new TestLine({ size: { columns: 132, rows: 43 } })
  line.answers = false
  void session.attach(line, stop.signal)
  await pass(200)
  line.resize({ columns: 100, rows: 30 })
  line.answers = true
  line.type(KEY.redraw)
  line.type('\x1b[1;2R\x1b[1;7R\x1b[43;132R\x1b[?62;22c')
  await pass(1000)
  expect(memory.recall('/dev/ttyS0')?.display.size).toEqual({ columns: 100, rows: 30 })
  expect(line.text()).toContain(MAIN)
})

test('on a terminal too small to show anything Enter sends nothing', async () => {
  const tiny = await attached(new TestLine({ size: { columns: 30, rows: 8 } }))
  expect(tiny.line.text()).toContain('needs 40x12')
  tiny.line.type('1' + KEY.enter)
  await pass(100)
  sensor.answer()
  await pass(100)
  tiny.line.type(KEY.enter)
  await pass(500)
  expect(sensor.unanswered).toHaveLength(0)
  await gone(tiny)
  const { line } = await attached(new TestLine())
  expect(line.text()).toContain('> 1 (*) DHCP')
  expect(line.text()).toContain('Not sent')
  line.type(KEY.enter)
  await pass(100)
  expect(sensor.unanswered).toHaveLength(1)
})

test('lines that were picked on one terminal are not drawn on another', async () => {
  const visit = await attached(new TestLine())
  const found = memory.recall(visit.line.name)!
  await gone(visit)
  memory.keep(visit.line.name, { ...found, display: { ...found.display, lines: 'vt100' } })
  const same = await attached(new TestLine())
  expect(same.line.sent).toContain('\x0eq')
  await gone(same)
  memory.keep(visit.line.name, { ...found, terminal: '6', display: { ...found.display, lines: 'vt100' } })
  const other = await attached(new TestLine())
  expect(memory.recall(visit.line.name)?.display.lines).toBe('ascii')
  other.line.news()
  other.line.type(KEY.redraw)
  await pass(500)
  expect(other.line.sent).not.toContain('\x0eq')
})
