import { visible } from '../text/visible'

/** How the commands write for people: aligned columns, and nothing in them that a terminal would obey. */

/** A name and a value a line. An empty value leaves its line out. */
export function pairs(rows: [name: string, value: string][]): string {
  const shown = rows.filter(([, value]) => value !== '')
  const width = Math.max(...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${visible(value)}\n`).join('')
}

/** Columns under a heading. A heading that begins with a space marks a column of numbers, set to the right. */
export function columns(headings: string[], rows: string[][]): string {
  const lines = [headings.map((heading) => heading.trim()), ...rows.map((row) => row.map(visible))]
  const widths = headings.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  const line = (cells: string[]): string =>
    cells
      .map((cell, at) => {
        const width = widths[at] ?? 0
        return headings[at]?.startsWith(' ') ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return lines.map((cells) => `${line(cells)}\n`).join('')
}

/** A moment in local time to the second, or `never`. */
export function when(ms: number): string {
  if (ms === 0) return 'never'
  const at = new Date(ms)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
