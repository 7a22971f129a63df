import { html } from 'hono/html'
import { visible } from '../../text/visible'
import type { Tag } from '../tags'
import { notice, page, type Html } from './layout'

/** All tags in a text of lines, as a person reads and writes them. */
export function tagsPage(text: string, networks: readonly string[], problems: readonly string[]): Html {
  return page(
    { title: 'Tags', tab: '/assets' },
    html`<div class="head"><h1>Tags</h1></div>
      ${notice('bad', problems.map(visible))}
      <form class="card" method="post" action="/tags">
        <p class="soft">
          A tag is on every asset of its Network whose address is in its ranges, for as long as that is so. One to a
          line: tag; Network; ranges with blanks between. Without a Network it is for all, without ranges for each
          address. Which Network a sensor is in is said on the sensor’s own page;
          ${networks.length === 0 ? 'none is yet.' : `there are ${networks.map(visible).join(', ')}.`}
        </p>
        <label>
          <span>Tags</span>
          <small>Crane cameras; Crane 1; 192.168.1.0/28 192.168.1.77</small>
          <textarea name="tags" rows="12" spellcheck="false">${text}</textarea>
        </label>
        <button>Save</button>
      </form>`,
  )
}

export function tagsText(tags: readonly Tag[]): string {
  return tags.map(({ name, network, ranges }) => [name, network, ranges.join(' ')].map(visible).join('; ')).join('\n')
}

/** The same as tags again, each part as it was typed. */
export function typedTags(text: string): unknown[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  return lines.map((line) => {
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
