import { bodyOf, issueLines, type Body } from './body'
import { footer, type Footed } from './keys'
import type { Line } from './line'
import { places } from './places'
import type { Screen } from './screen'
import { filled, shown, wayOut, type FormState, type Open, type PageText, type PlacedIssue } from './state'
import { cut, spread, wrap } from './text'

export interface Size {
  columns: number
  rows: number
}

export interface View {
  /** Exactly `rows` of them, each shorter than `columns`: nothing is ever written into the last column. */
  lines: Line[]
  /** Where the cursor is parked. */
  cursor: { row: number; column: number }
}

/** Below this the console only says that it needs more. */
export const SMALLEST: Size = { columns: 40, rows: 12 }

/** What is wrong or under way leaves at least so much of the screen it is about. */
const FEWEST_BODY_ROWS = 3

/** From this height on there is room for blank lines and the whole header; below it every row counts. */
export const ROOMY_ROWS = 20

/** The rule of a short title ends here: each further piece would be a byte more on every screen. */
const TITLE_COLUMNS = 24

const BLANK: Line = { text: '', role: 'blank' }

/** What the face adds to every screen. */
export interface Surroundings {
  /** Banner and status lines. */
  header: readonly string[]
  /** Said above the footer while there is nothing more urgent and room for it. */
  notice: readonly string[]
}

/** What the reducer's state looks like at a size. */
export function view(state: FormState, size: Size, { header, notice }: Surroundings): View {
  if (isTooSmall(size)) return tooSmall(size)
  const columns = size.columns - 1
  const open = shown(state)
  const top = above(state, size, header, state.page.isTall === true)
  const body = bodyOf(state, open, columns, size.rows >= ROOMY_ROWS)
  const room = size.rows - top.length - 1
  const urgent = areaLines(state, columns)
  const inArea =
    urgent.length > 0
      ? cutLines(urgent, room - FEWEST_BODY_ROWS, columns)
      : noticeLines(open.screen.kind === 'page' ? [] : notice, columns, room - body.lines.length)
  const seen = window(body, room - inArea.length, state.lookingUp)
  const padding = Math.max(0, room - inArea.length - seen.lines.length)
  const lines: Line[] = [
    ...top,
    ...seen.lines,
    ...Array.from({ length: padding }, () => BLANK),
    ...inArea,
    { text: footerText(state, columns, seen.where), role: 'footer' },
  ]
  return {
    lines: lines.map((line) => ({ ...line, text: cut(line.text, columns) })),
    cursor: { row: top.length + seen.cursor.row, column: Math.min(columns, seen.cursor.column) },
  }
}

/** The keys that do something, and in what is longer than the screen where in it one is. */
function footerText(state: FormState, columns: number, where: string): string {
  const { screen } = shown(state)
  // Every other key waits for the end of what runs.
  if (state.running !== undefined) {
    const does = wayOut(state)
    return withPlace(does === undefined ? '' : `Ctrl-C ${does}`, where, columns)
  }
  if (screen.kind !== 'page') return withPlace(footer(footed(state, screen), columns - roomFor(where)), where, columns)
  const { lines, rows } = state.page
  const last = Math.min(lines.length, state.pageTop + rows)
  const isLonger = lines.length > rows
  const onPage = isLonger ? `${state.pageTop + 1}-${last} of ${lines.length}` : ''
  const again = screen.again === undefined ? '' : `Enter ${screen.again}`
  const keys = footer(isLonger ? 'long page' : 'page', columns - roomFor(onPage) - roomFor(again))
  return withPlace(again === '' ? keys : `${again}  ${keys}`, onPage, columns)
}

function footed(state: FormState, screen: Screen): Footed {
  if (state.lock.isOn) return 'lock'
  if (screen.kind === 'menu' && state.stack.length > 1) return 'submenu'
  if (screen.kind === 'list' && screen.items.length === 0) return 'page'
  return screen.kind === 'form' && screen.fields.length === 0 ? 'question' : screen.kind
}

function roomFor(words: string): number {
  return words === '' ? 0 : words.length + 2
}

function withPlace(keys: string, where: string, columns: number): string {
  return where === '' ? keys : spread(keys, where, columns)
}

/**
 * A page as it fits the screen: a head that would leave few lines below it, or too few for what matters most, scrolls
 * with them.
 */
export function fitted(
  state: FormState,
  size: Size,
  header: readonly string[],
  page: Omit<PageText, 'rows'>,
): PageText {
  const room = size.rows - above(state, size, header, page.isTall === true).length - 1
  const { head, point } = page
  const wanted = point === undefined ? 0 : Math.min(room, point.until - point.from)
  const isSmall = head.length <= room / 2 && head.length + wanted <= room
  return isSmall
    ? { ...page, rows: room - head.length }
    : { ...page, head: [], lines: [...head, ...page.lines], rows: room, ...shifted(page) }
}

/** Where the lines that matter are once the head stands above them. */
function shifted({ head, point }: Omit<PageText, 'rows'>): Pick<PageText, 'point'> {
  return point === undefined ? {} : { point: { from: point.from + head.length, until: point.until + head.length } }
}

/** Nothing of the screen can be seen at this size. */
export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows
}

function tooSmall(size: Size): View {
  const text = `This terminal is ${size.columns}x${size.rows}. The console needs ${SMALLEST.columns}x${SMALLEST.rows}.`
  const words = wrap(text, Math.max(1, size.columns - 1)).slice(0, size.rows)
  const lines = Array.from({ length: size.rows }, (_none, row): Line => ({ text: words[row] ?? '', role: 'area' }))
  return { lines, cursor: { row: Math.max(0, words.length - 1), column: 0 } }
}

function above(state: FormState, size: Size, header: readonly string[], isTall: boolean): Line[] {
  const { screen } = shown(state)
  if (isTall && screen.kind === 'page') return []
  const columns = size.columns - 1
  const title = `── ${filled(screen.title, state.facts)} ──`.padEnd(Math.min(columns, TITLE_COLUMNS), '─')
  return [
    ...header.map((text): Line => ({ text, role: 'header' })),
    { text: title, role: 'title' },
    ...(size.rows < ROOMY_ROWS ? [] : [BLANK]),
  ]
}

/** What is going on, or what is wrong with the screen as a whole: the lines just above the footer. */
function areaLines(state: FormState, columns: number): Line[] {
  if (state.running !== undefined) {
    const ms = Math.max(0, state.nowMs - state.running.sinceMs)
    const progress = state.facts['progress'] ?? ''
    return [
      ...areaText(`${state.running.busy} ... ${Math.floor(ms / 1000)} s`, columns),
      ...(progress === '' ? [] : areaText(progress, columns)),
    ]
  }
  const waitMs = state.lock.opensAtMs - state.nowMs
  const wait = waitMs > 0 ? areaText(`Wait ${Math.ceil(waitMs / 1000)} s before the next try.`, columns) : []
  const general = state.issues.filter((issue) => !isOnScreen(shown(state), issue))
  return [
    ...general.flatMap((issue) => issueLines(issue, columns, 0)),
    ...wait,
    ...(state.note === '' ? [] : areaText(state.note, columns)),
  ]
}

/** As much of a notice as there is room for that nothing else needs; its end is what matters most. */
function noticeLines(notice: readonly string[], columns: number, room: number): Line[] {
  const lines = notice.flatMap((text) => areaText(text, columns))
  return notice.length === 0 || lines.length <= room ? lines : noticeLines(notice.slice(1), columns, room)
}

/** Lines that do not all fit end in `~`. */
function cutLines(lines: readonly Line[], rows: number, columns: number): Line[] {
  if (lines.length <= rows) return [...lines]
  return lines.slice(0, rows).map((line, row) => {
    return row === rows - 1 ? { ...line, text: `${line.text.slice(0, columns - 2)} ~` } : line
  })
}

function areaText(text: string, columns: number): Line[] {
  return wrap(text, columns).map((line) => ({ text: line, role: 'area' }))
}

function isOnScreen(open: Open, issue: PlacedIssue): boolean {
  return places(open.screen).some((place) => place.kind === 'field' && place.field.setting === issue.setting)
}

/**
 * As much of a body as fits, with what has the focus in it or `lookingUp` rows above that, and which of its rows these
 * are when not all are.
 */
function window(body: Body, rows: number, lookingUp: number): Pick<Body, 'lines' | 'cursor'> & { where: string } {
  const { length } = body.lines
  // The focused row itself comes before the explanation under it.
  const focused = Math.min(Math.max(0, length - rows), body.focus.from, Math.max(0, body.focus.until - rows))
  const top = Math.max(0, focused - lookingUp)
  return {
    lines: body.lines.slice(top, top + rows),
    cursor: { row: Math.min(rows - 1, Math.max(0, body.cursor.row - top)), column: body.cursor.column },
    where: length <= rows ? '' : `${top + 1}-${Math.min(length, top + rows)} of ${length}`,
  }
}
