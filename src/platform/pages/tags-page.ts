import { html } from 'hono/html'
import type { ZodError } from 'zod'
import { visible } from '../../text/visible'
import type { RangeIssue } from '../ranges'
import type { Tag } from '../tags'
import { notice, NOTHING, page, type Html } from './layout'

export interface TagsPageOptions {
  /** As tagsText writes it, or as it was typed. */
  text: string
  /** That sensors are in. */
  networks: readonly string[]
  /** Why it is not saved. */
  problems?: readonly string[]
  /** What to look at, though it is saved. */
  notes?: readonly string[]
}

/** All tags in a text of lines, as a person reads and writes them. */
export function tagsPage({ text, networks, problems = [], notes = [] }: TagsPageOptions): Html {
  return page(
    { title: 'Tags', tab: '/assets' },
    html`<div class="head"><h1>Tags</h1></div>
      ${notice('bad', problems.map(visible))}
      ${notes.length === 0 ? NOTHING : notice('note', ['Saved. Please look at these:', ...notes.map(visible)])}
      <form class="card" method="post" action="/tags">
        <p class="soft">
          A tag is on every asset of its Network whose address is in its ranges, for as long as that is so. One to a
          line: tag; Network; ranges with blanks between, or * for every address. Without a Network it is for all. Which
          Network a sensor is in is said on the sensor’s own page; ${networksThereAre(networks)}
        </p>
        <label>
          <span>Tags</span>
          <small>Crane cameras; Crane 1; 192.168.1.0/28 192.168.1.77</small>
          <textarea name="tags" rows="12" spellcheck="false">${text}</textarea>
        </label>
        <div class="buttons"><button>Save</button> <a class="button second" href="/assets">Assets</a></div>
      </form>`,
  )
}

function networksThereAre(networks: readonly string[]): string {
  if (networks.length === 0) return 'none is yet.'
  return `there ${networks.length === 1 ? 'is' : 'are'} ${networks.map(visible).join(', ')}.`
}

export function tagsText(tags: readonly Tag[]): string {
  return tags.map(({ name, network, ranges }) => [name, network, ranges.join(' ')].map(visible).join('; ')).join('\n')
}

/** The same as tags again, each part as it was typed. */
export function typedTags(text: string): unknown[] {
  return writtenLines(text).map(({ line }) => {
    const [name, network, ranges = '', ...more] = line.split(';').map((part) => part.trim())
    return {
      name,
      network,
      ranges: [ranges, ...more]
        .join(' ')
        .split(/\s+/)
        .filter((range) => range !== ''),
    }
  })
}

/** What of typed tags has not even the form of one, with the fields as normaliseTags names them. */
export function tagIssues({ issues }: ZodError): RangeIssue[] {
  return issues.map(({ path, message }) => ({ field: ['tags', ...path].join('.'), message }))
}

/** What is wrong, after the line of the text that it is about. */
export function atLine(text: string, { field, message }: RangeIssue): string {
  const written = writtenLines(text)[Number(field.split('.')[1])]
  return written === undefined ? message : `line ${written.number}: ${message}`
}

/** The lines that are not empty; the first of all has the number 1. */
function writtenLines(text: string): { line: string; number: number }[] {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line, number: index + 1 }))
  return lines.filter(({ line }) => line.trim() !== '')
}
