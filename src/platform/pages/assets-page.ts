import { html } from 'hono/html'
import { machineWords } from '../../text/machine-words'
import { visible } from '../../text/visible'
import type { Query } from '../queries'
import { COUNT_LIMIT, type AssetRecord } from '../store'
import type { Tag } from '../tags'
import { timestamp } from '../timestamp'
import { addressText, cell, notice, NOTHING, page, type Html } from './layout'
import { assetLink, choiceFilter, pagingOf, sensorFilter, textFilter, type Listing } from './traffic-page'

const CSV_HELP = `The first ${COUNT_LIMIT.toLocaleString('en')} assets of this list as a file; more by filtering`

type AssetListing = Listing<AssetRecord> & { tags: readonly Tag[] }

/**
 * The addresses of the inventoried ranges that were seen (R-187), and machines without one, the latest first, and what has
 * them.
 */
export function assetsPage(listing: AssetListing): Html {
  const { rows, query } = listing
  return page(
    { title: 'Assets', tab: '/assets', isWide: true },
    html`<div class="head">
        <h1>Assets</h1>
        <div class="buttons"><a class="button second" href="/tags">Tags</a></div>
      </div>
      ${notice('bad', listing.problems.map(visible))}
      <form class="filters" method="get" action="/assets">
        ${textFilter('search', 'Search', query, 'Address, name, MAC, maker, system')} ${sensorFilter(listing)}
        ${networkFilter(listing)} ${tagFilter(listing)}
        <button>Filter</button> <a class="button second" href="/assets">Clear</a>
        <button class="second" formaction="/assets.csv" title="${CSV_HELP}">CSV</button>
      </form>
      ${rows.length === 0 ? html`<div class="card empty">${whyEmpty(listing)}</div>` : table(rows)}
      ${pagingOf(listing, '/assets')}`,
  )
}

function table(rows: readonly AssetRecord[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th>ADDRESS</th>
        <th>HOSTNAME</th>
        <th>DEVICE</th>
        <th>SYSTEM</th>
        <th>SERVICES</th>
        <th>MAC</th>
        <th>SENSOR</th>
        <th>TAGS</th>
        <th>LAST SEEN (UTC)</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((asset) => {
        const { hostname, device, os, vendor } = machineWords(asset.attributes)
        return html`<tr>
          ${cell('ADDRESS', asset.address === asset.mac ? '–' : assetLink(asset.address))}
          ${cell('HOSTNAME', machineLink(asset, hostname))} ${cell('DEVICE', visible(device) || '–')}
          ${cell('SYSTEM', visible(os) || '–')} ${cell('SERVICES', visible(asset.services.join(', ')) || '–')}
          ${cell('MAC', html`<span>${asset.mac === '' ? '–' : addressText(asset.mac)}<small>${visible(vendor)}</small></span>`)}
          ${cell('SENSOR', html`<span><a href="/sensors/${asset.sensorId}">${visible(asset.sensorName)}</a><small>${visible(asset.network)}</small></span>`)}
          ${cell('TAGS', visible(asset.tags.join(', ')) || '–')}
          ${cell('LAST SEEN (UTC)', html`<span class="time">${timestamp(asset.lastMs)}<small>first ${timestamp(asset.firstMs)}</small></span>`)}
        </tr>`
      })}
    </tbody>
  </table>`
}

function whyEmpty(listing: AssetListing): string {
  const { offset: _page, limit: _size, ...filters } = listing.query
  const asked = Object.values(filters).filter((value) => value.trim() !== '')
  if (isGone(listing)) return `There is no tag ${visible(chosenTag(filters))}, or not any more.`
  if (asked.length === 0)
    return 'No assets to show. Sensors report them once they see traffic of the inventoried ranges.'
  const search = filters.search?.trim() ?? ''
  return asked.length === 1 && search !== ''
    ? `Nothing found for ${visible(search)}.`
    : 'Nothing found with these filters.'
}

/** Where sensors are in Networks. */
function networkFilter({ query, sensors }: Listing<AssetRecord>): Html {
  const names = new Set(sensors.map(({ network }) => network).filter((network) => network !== ''))
  return names.size === 0 ? NOTHING : choiceFilter('network', 'Network', query, [...names].sort())
}

/** One that is gone is offered for as long as it is chosen: nothing is listed because of it. */
function tagFilter(listing: AssetListing): Html {
  const { query, tags } = listing
  const names = [...tags.map(({ name }) => name), ...(isGone(listing) ? [chosenTag(query)] : [])]
  return names.length === 0 ? NOTHING : choiceFilter('tag', 'Tag', { ...query, tag: chosenTag(query) }, names)
}

/** Was a tag asked for that was renamed or removed since? */
function isGone({ query, tags }: AssetListing): boolean {
  const chosen = chosenTag(query)
  return chosen !== '' && !tags.some(({ name }) => name === chosen)
}

function chosenTag({ tag = '' }: Query): string {
  return tag.trim()
}

/**
 * The name leads to all that is known of the machine; without one, the word for that does. By the address: a machine may go
 * by one that is another's by now.
 */
function machineLink({ address, machine, sensorId }: AssetRecord, hostname: string): Html | string {
  if (machine === '') return '–'
  const href = `/sensors/${sensorId}/machines/${encodeURIComponent(address)}`
  return html`<a href="${href}">${visible(hostname) || 'details'}</a>`
}
