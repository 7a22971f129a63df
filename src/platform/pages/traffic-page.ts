import { html, raw } from 'hono/html'
import { OTHERS_TEXT } from '../../report/summary'
import { APPLICATIONS } from '../../services/application'
import { visible } from '../../text/visible'
import type { Query } from '../queries'
import { COUNT_LIMIT, type Page } from '../store'
import { applicationTitle, type TrafficRow, type TrafficSummaryRow } from '../traffic'
import { addressText, cell, notice, NOTHING, page, paging, type Html } from './layout'

export interface Listing<Row> {
  rows: readonly Row[]
  total: number
  page: Page
  /** As asked for; the filters keep it. */
  query: Query
  problems: readonly string[]
  sensors: readonly { id: string; name: string; network: string }[]
}

/** The traffic summary (R-180), and the listing (R-179, R-241), newest first. */
export function trafficPage(listing: Listing<TrafficRow> & { summary: readonly TrafficSummaryRow[] }): Html {
  const { rows, query } = listing
  return page(
    { title: 'Traffic', tab: '/traffic' },
    html`<div class="head"><h1>Traffic</h1></div>
      ${notice('bad', listing.problems.map(visible))}
      <form class="filters" method="get" action="/traffic">
        ${textFilter('asset', 'This asset', query, '10.1.1.1')} ${sensorFilter(listing)}
        ${choiceFilter('class', 'From/To is', query, ['inventoried', 'non-inventoried', 'excluded', 'monitored', 'external'])}
        ${choiceFilter('proto', 'Protocol', query, ['tcp', 'udp'])} ${textFilter('port', 'Port', query, '443')}
        ${applicationFilter(query)} ${timeFilter('from', 'From (UTC)', query)}
        ${timeFilter('until', 'Until (UTC)', query)}
        <button>Filter</button> <a class="button second" href="/traffic">Clear</a>
      </form>
      ${
        rows.length === 0
          ? html`<div class="card empty">No traffic to show.</div>`
          : html`${summaryTable(listing)} ${table(rows, listing.sensors.length > 1)}`
      }
      ${pagingOf(listing, '/traffic')}`,
  )
}

/** Of what the listing below goes through; a long one is summed up to where it is counted. */
function summaryTable({ summary, query, total }: Parameters<typeof trafficPage>[0]): Html {
  const of =
    total === COUNT_LIMIT ? html` <small>the newest ${COUNT_LIMIT.toLocaleString('en')} flows</small>` : NOTHING
  return html`<details class="summary" open>
    <summary><h2>Summary${of}</h2></summary>
    <table>
      <thead>
        <tr>
          <th>FAMILY</th>
          <th>APP/SERVICE</th>
          <th>CLIENT/SERVER</th>
          <th class="number">INGRESS</th>
          <th class="number">EGRESS</th>
          <th class="number">TOTAL</th>
        </tr>
      </thead>
      <tbody>
        ${summary.map(
          (row) =>
            html`<tr>
              ${cell('FAMILY', row.family)}
              ${cell('APP/SERVICE', row.app === undefined ? row.application : applicationLink(row.app, row.application, query))}
              ${cell('CLIENT/SERVER', row.role)} ${cell('INGRESS', row.ingressText, 'number')}
              ${cell('EGRESS', row.egressText, 'number')} ${cell('TOTAL', row.totalText, 'number')}
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`
}

/** An application that leads to its own traffic; the other filters stay. */
function applicationLink(app: string, title: string, query: Query): Html {
  const { offset: _was, ...kept } = query
  return html`<a href="/traffic?${new URLSearchParams({ ...kept, app }).toString()}">${visible(title)}</a>`
}

/** Where there are several sensors, each row says whose it is. */
function table(rows: readonly TrafficRow[], namesSensor: boolean): Html {
  return html`<table>
    <thead>
      <tr>
        <th>TIMESTAMP (UTC)</th>
        <th>THIS ASSET</th>
        <th>FROM/TO</th>
        <th>PROTOCOL</th>
        <th class="number">PORT</th>
        <th class="number">INGRESS</th>
        <th class="number">EGRESS</th>
        <th class="number">TOTAL</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${cell('TIMESTAMP (UTC)', html`<span class="time">${row.timestamp}</span>`)}
            ${cell('THIS ASSET', html`<span>${isOthers(row.thisAsset) ? others() : assetLink(row.thisAsset)} <small class="role">(${row.role})</small>${namesSensor ? html`<small>${visible(row.sensor)}</small>` : NOTHING}</span>`)}
            ${cell(
              'FROM/TO',
              html`<span
                >${isOthers(row.fromTo) ? others() : visible(row.fromTo)}
                ${row.group === undefined ? '' : html`<small>${visible(row.group)}</small>`}</span
              >`,
            )}
            ${cell('PROTOCOL', row.protocol)}
            ${cell('PORT', html`<span>${portOf(row)}${applicationOf(row)}</span>`, 'number')}
            ${cell('INGRESS', row.ingressText, 'number')} ${cell('EGRESS', row.egressText, 'number')}
            ${cell('TOTAL', row.totalText, 'number')}
          </tr>`,
      )}
    </tbody>
  </table>`
}

/** A scan or a flood has more addresses than a sensor tells apart. */
function isOthers(name: string): boolean {
  return name === OTHERS_TEXT
}

function others(): Html {
  return html`<abbr title="Addresses that were too many to be told apart; the counts are complete."
    >${OTHERS_TEXT}</abbr
  >`
}

function portOf({ port, thisAsset, fromTo }: TrafficRow): Html | number {
  return port === 0 && (isOthers(thisAsset) || isOthers(fromTo)) ? html`<abbr title="Various ports.">any</abbr>` : port
}

/** What the port stands for, or what was seen to be spoken there. */
function applicationOf({ service }: TrafficRow): Html {
  const title = applicationTitle(service?.app)
  return title === undefined ? NOTHING : html`<small>${visible(title)}${service?.by === 'port' ? '?' : ''}</small>`
}

/** An address that leads to its own traffic. */
export function assetLink(address: string): Html {
  return html`<a href="/traffic?asset=${encodeURIComponent(address)}">${addressText(address)}</a>`
}

export function textFilter(name: string, title: string, query: Query, example: string): Html {
  return html`<label>
    <span>${title}</span><input name="${name}" value="${query[name] ?? ''}" placeholder="${example}" />
  </label>`
}

function timeFilter(name: string, title: string, query: Query): Html {
  return html`<label>
    <span>${title}</span><input name="${name}" type="datetime-local" value="${query[name] ?? ''}" />
  </label>`
}

export function choiceFilter(name: string, title: string, query: Query, values: readonly string[]): Html {
  return html`<label>
    <span>${title}</span>
    <select name="${name}">
      <option value="">any</option>
      ${values.map((value) => option(value, value, query[name]))}
    </select>
  </label>`
}

function applicationFilter(query: Query): Html {
  const byTitle = [...APPLICATIONS].sort((a, b) => a.title.localeCompare(b.title, 'en'))
  return html`<label>
    <span>App/service</span>
    <select name="app">
      <option value="">any</option>
      ${byTitle.map(({ name, title }) => option(name, title, query.app))}
    </select>
  </label>`
}

export function sensorFilter(listing: Pick<Listing<unknown>, 'query' | 'sensors'>): Html {
  return html`<label>
    <span>Sensor</span>
    <select name="sensor">
      <option value="">any</option>
      ${listing.sensors.map((sensor) => option(sensor.id, visible(sensor.name), listing.query.sensor))}
    </select>
  </label>`
}

function option(value: string, words: string, chosen: string | undefined): Html {
  return html`<option value="${value}" ${value === chosen ? raw('selected') : NOTHING}>${words}</option>`
}

export function pagingOf(listing: Listing<unknown>, path: string): Html {
  const { query, total, rows } = listing
  return paging({ ...listing.page, rows: rows.length, total, isMore: total === COUNT_LIMIT }, (offset) => {
    const { offset: _was, ...kept } = query
    return `${path}?${new URLSearchParams({ ...kept, ...(offset > 0 ? { offset: String(offset) } : {}) }).toString()}`
  })
}
