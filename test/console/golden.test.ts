import { factsOf } from '../../src/console/facts'
import { SMALLEST, view, type Size, type View } from '../../src/form/view'
import { Engine } from '../form/driver'
import { expectGolden } from '../form/golden'
import { aStatus } from './a-status'
import { headerOf, NOW, PICTURES, type Picture } from './pictures'

const SIZES: Size[] = [{ columns: 80, rows: 24 }, SMALLEST]

function viewOf({ status = aStatus(), isConnected = true, silentMs, reach }: Picture, size: Size): View {
  const engine = new Engine(factsOf(status, NOW)).input({ kind: 'tick', nowMs: NOW })
  reach(engine, size)
  const notice = ['Personalization code to use  70192264604618']
  return view(engine.state, size, { header: headerOf(status, size, isConnected, silentMs), notice })
}

describe.each(SIZES)('at $columns x $rows', (size) => {
  test.each(PICTURES)('$name', (picture) => {
    const { lines, cursor } = viewOf(picture, size)
    expectGolden(
      `console/${picture.name}-${size.columns}x${size.rows}.txt`,
      [...lines.map(({ text }) => text.trimEnd()), `(cursor: row ${cursor.row}, column ${cursor.column})`, ''].join(
        '\n',
      ),
    )
  })
})

test.each(PICTURES)('$name fits every size from 40x12 to 200x60, with what has the focus in sight', (picture) => {
  const misfits: string[] = []
  for (const columns of [40, 41, 47, 59, 60, 79, 80, 81, 100, 132, 199, 200]) {
    for (let rows = 12; rows <= 60; rows++) {
      const { lines, cursor } = viewOf(picture, { columns, rows })
      const role = lines[cursor.row]?.role ?? 'outside'
      const isFocused = ['item', 'field', 'buttons', 'page', 'prompt'].includes(role) && cursor.column < columns
      const fits = lines.length === rows && lines.every(({ text }) => text.length < columns)
      if (!fits || !isFocused) misfits.push(`${columns}x${rows}: ${lines.length} lines, cursor on ${role}`)
    }
  }
  expect(misfits).toEqual([])
})
