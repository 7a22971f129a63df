/** What a person has read last on the paper of plain mode, and answered. */
export interface TalkReading {
  /** The last one that was said. */
  title: string
  /** The entry that the last answer has picked; empty when it picked none, or something else was asked last. */
  picked: string
  /** What the last answers picked from the lists before it, the last one first. */
  pickedBefore: string[]
  /** What stands behind these labels, line by line in this order, right above the last list; undefined when it is not so. */
  summary(labels: readonly string[]): string[] | undefined
  /** All since that title, without blanks and line ends. */
  text: string
}

/** So much of the end is enough for every wizard. */
const LOOKED_AT = 24_000
const LIST_PROMPT = /^Choose 1 to (\d+)(?: \[(\d+)\])?: (.*)$/
const OTHER_PROMPT = /^(?:Enter goes on|Enter goes back, r .*?|.{1,40}? \(not shown\)(?: \[kept\])?): /

/** `titles`: of all screens there are. */
export function readTalk(transcript: string, titles: readonly string[]): TalkReading {
  const lines = linesOf(transcript.slice(-LOOKED_AT))
  const lists = lines.flatMap((line, at) => (LIST_PROMPT.test(line) ? [at] : []))
  const last = lists.at(-1) ?? -1
  const isLast = last >= 0 && !lines.slice(last + 1).some((line) => OTHER_PROMPT.test(line))
  const titleAt = lines.findLastIndex((line) => titles.includes(line))
  const first = firstOption(lines, last, Number(LIST_PROMPT.exec(lines[last] ?? '')?.[1] ?? 1))
  return {
    title: lines[titleAt] ?? '',
    picked: isLast ? pickedAt(lines, last) : '',
    pickedBefore: lists
      .slice(0, -1)
      .reverse()
      .map((at) => pickedAt(lines, at)),
    summary: (labels) => {
      const found = labels.map((label, at) => {
        const line = lines[first - labels.length + at] ?? ''
        return line.startsWith(`${label}: `) ? line.slice(label.length + 2) : undefined
      })
      return found.includes(undefined) ? undefined : (found as string[])
    },
    text: lines.slice(Math.max(0, titleAt)).join('').replace(/\s/g, ''),
  }
}

/** Paper as it looks in the end: rubbed out is rubbed out, and bells are not seen. */
function linesOf(transcript: string): string[] {
  return transcript
    .replaceAll('\x07', '')
    .split('\r\n')
    .map((line) => line.split('\b \b').reduce((text, part) => text.slice(0, -1) + part, ''))
}

/** What the answer to a list means, by what is printed alone. */
function pickedAt(lines: readonly string[], at: number): string {
  const [, count = '', preset = '', typed = ''] = LIST_PROMPT.exec(lines[at] ?? '') ?? []
  const options = optionsAbove(lines, at, Number(count))
  const answer = typed.trim().toLowerCase()
  if (answer === '') return options[Number(preset) - 1] ?? ''
  if (/^\d+$/.test(answer)) return options[Number(answer) - 1] ?? ''
  if (['b', 'back', 'h', 'help', '?', 'r'].includes(answer)) return ''
  const matches = options.filter((option) => option.toLowerCase().startsWith(answer))
  return matches.find((option) => option.toLowerCase() === answer) ?? (matches.length === 1 ? (matches[0] ?? '') : '')
}

/** The numbered lines that were printed last before this prompt. */
function optionsAbove(lines: readonly string[], prompt: number, count: number): string[] {
  const first = firstOption(lines, prompt, count)
  return lines
    .slice(first, first + count)
    .map((line, at) => (line.startsWith(`${at + 1} `) ? line.slice(String(at + 1).length + 1) : ''))
    .map((option) => option.replace(/ \(now\)$/, '').replace(/, not possible: .*$/, ''))
}

/** A refusal may begin with a number as well, and a long option may go on in the next line. */
function firstOption(lines: readonly string[], prompt: number, count: number): number {
  const isFollowed = (at: number): boolean => lines.slice(at + 1, prompt).some((line) => line.startsWith('2 '))
  return lines.findLastIndex((line, at) => at < prompt && line.startsWith('1 ') && (count === 1 || isFollowed(at)))
}
