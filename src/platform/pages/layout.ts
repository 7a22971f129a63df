import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { visible } from '../../text/visible'

/** A piece of page. Text put into an `html` template is escaped there; nothing else makes one. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

export const NOTHING: Html = raw('')

const TABS = [
  { path: '/', name: 'Sensors' },
  { path: '/traffic', name: 'Traffic' },
  { path: '/assets', name: 'Assets' },
] as const

export interface PageOptions {
  title: string
  /** The path of the tab this page belongs to; none before the login. */
  tab?: (typeof TABS)[number]['path']
  /** Load anew after so many seconds. Never on a page with a form: it would empty the form under the hands. */
  refreshSeconds?: number
  /** For a listing of many columns. */
  isWide?: boolean
}

/** A whole page around its content. */
export function page(options: PageOptions, content: Html): Html {
  const { title, tab, refreshSeconds, isWide = false } = options
  return document(
    title,
    refreshSeconds,
    html`<header class="top">
        <a class="brand" href="/">Network Passive Sensor Platform</a>
        ${tab === undefined ? NOTHING : navigation(tab)}
      </header>
      <main class="${isWide ? 'wide' : ''}">${content}</main>`,
  )
}

/** A page without a frame of its own, to be shown inside another. */
export function fragmentPage(title: string, refreshSeconds: number, content: Html): Html {
  return document(title, refreshSeconds, html`<main class="fragment">${content}</main>`)
}

function document(title: string, refreshSeconds: number | undefined, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refreshSeconds === undefined ? NOTHING : html`<meta http-equiv="refresh" content="${refreshSeconds}" />`}
        <title>${title} · Network Passive Sensor Platform</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      </head>
      <body>
        ${body}
      </body>
    </html>`
}

function navigation(tab: string): Html {
  return html`<nav>
    ${TABS.map(
      ({ path, name }) => html`<a href="${path}" ${path === tab ? raw('aria-current="page"') : NOTHING}>${name}</a>`,
    )}
    <form method="post" action="/logout"><button class="plain">Log out</button></form>
  </nav>`
}

/** A message above the content; `kind` chooses its colour. */
export function notice(kind: 'good' | 'bad' | 'note', lines: readonly string[]): Html {
  if (lines.length === 0) return NOTHING
  return html`<div class="notice ${kind}" role="status">${lines.map((line) => html`<p>${line}</p>`)}</div>`
}

/** A cell of a listing; on a phone the heading stands before the value. */
export function cell(heading: string, content: Html | string | number, kind: '' | 'number' = ''): Html {
  return html`<td data-heading="${heading}" class="${kind}">${content}</td>`
}

/** An address or a MAC as one word; a long one may be broken behind a colon. */
export function addressText(text: string): Html {
  const parts = visible(text).split(/(?<=:)/)
  const isLong = text.length > LONGEST_WHOLE
  return html`<span class="address">${isLong ? parts.map((part) => html`${part}<wbr />`) : parts.join('')}</span>`
}

/** A MAC. */
const LONGEST_WHOLE = 17

/** R-242: which rows of how many are shown, and the way to the others. `linkTo` gives the address for an offset. */
export function paging(
  shown: { offset: number; limit: number; rows: number; total: number; isMore: boolean },
  linkTo: (offset: number) => string,
): Html {
  const { offset, limit, rows, total, isMore } = shown
  const span = rows === 0 ? '0' : `${offset + 1} - ${offset + rows}`
  const step = (name: string, to: number | undefined): Html =>
    to === undefined ? html`<span class="off">${name}</span>` : html`<a href="${linkTo(to)}">${name}</a>`
  return html`<div class="paging">
    <span>${span} of ${isMore ? 'more than ' : ''}${total.toLocaleString('en')}</span>
    ${step('Previous', offset > 0 ? Math.max(0, offset - limit) : undefined)}
    ${step('Next', rows === limit && (isMore || offset + rows < total) ? offset + limit : undefined)}
    <a href="${linkTo(offset)}">Refresh</a>
  </div>`
}
