/** Text cut into lines of at most `columns`, at its line ends, and at blanks where there are any. */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, columns))
}

function wrapLine(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    let rest = word
    if (line !== '' && line.length + 1 + rest.length > columns) {
      lines.push(line)
      line = ''
    }
    while (rest.length > columns) {
      lines.push(rest.slice(0, columns))
      rest = rest.slice(columns)
    }
    line = line === '' ? rest : `${line} ${rest}`
  }
  if (line !== '') lines.push(line)
  return lines
}

/** Text that does not fit ends in `~`, so that a cut value is not read as a whole one. */
export function cut(text: string, columns: number): string {
  if (text.length <= columns) return text
  return columns < 1 ? '' : `${text.slice(0, columns - 1)}~`
}

/** `left` and `right` at the two ends of a line; `right` goes first when both do not fit. */
export function spread(left: string, right: string, columns: number): string {
  if (left.length + 2 + right.length > columns) return cut(left, columns)
  return left + ' '.repeat(columns - left.length - right.length) + right
}
