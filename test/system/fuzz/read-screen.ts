/** What a terminal shows, and where its cursor stands. */
export interface Screenful {
  rows: readonly string[]
  cursor: { row: number; column: number }
}

/** What a person reads off a screen of the console; nothing here knows how the console made it. */
export interface ScreenReading {
  /** Empty where none can be made out. */
  title: string
  /** What both the pointer `>` and the cursor stand at. */
  focus: { kind: 'button' | 'item' | 'field' | 'nothing'; label: string }
  /** In a choice the entry with the star. */
  chosen: string
  /** What the box with this label holds, as wide as it is; undefined where no such box is in sight. */
  box(label: string): string | undefined
  /** All of it without blanks and line ends: for sentences that may be broken anywhere. */
  text: string
}

const TITLE = /^[-─]{2} (.+?) [-─]{2,}$/
const ITEM = /^([> ]) (?:[1-9]| ) (?:\(([* ])\) )?(\S.*)$/
const BUTTON = /([> ]) \[ (.+?) \]/g
/** Behind the label of a field; what the box holds may have brackets of its own. */
const BOX = /^ *(?: \[| >)(.*)\](?: |$)/

export function readScreen({ rows, cursor }: Screenful): ScreenReading {
  return {
    title: rows.map((row) => TITLE.exec(row)?.[1]).find((found) => found !== undefined) ?? '',
    focus: focusIn(rows[cursor.row] ?? '', cursor.column),
    chosen: nameOf(rows.map((each) => ITEM.exec(each)).find((item) => item?.[2] === '*')?.[3] ?? ''),
    box: (label) => {
      const row = rows.find((each) => each.slice(2).startsWith(label) && /^[! ] /.test(each))
      return row === undefined ? undefined : BOX.exec(row.slice(2 + label.length))?.[1]
    },
    text: rows.join('').replace(/\s/g, ''),
  }
}

function focusIn(row: string, column: number): ScreenReading['focus'] {
  const buttons = [...row.matchAll(BUTTON)]
  const pointed = buttons.filter(([, pointer]) => pointer === '>')
  const [button] = pointed
  if (button !== undefined) {
    const isOne = pointed.length === 1 && button.index === column
    return isOne ? { kind: 'button', label: button[2] ?? '' } : NOTHING
  }
  const item = ITEM.exec(row)
  if (item?.[1] === '>' && column === 0) return { kind: 'item', label: nameOf(item[3] ?? '') }
  return / >.*\]/.test(row) ? { kind: 'field', label: '' } : NOTHING
}

const NOTHING: ScreenReading['focus'] = { kind: 'nothing', label: '' }

/** `DHCP (now)` is the entry DHCP. */
function nameOf(item: string): string {
  return item.replace(/ \(now\)$/, '')
}
