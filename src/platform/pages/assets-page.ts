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

/**
 * The addresses of the inventoried ranges that were seen (R-187), and machines without one, the latest first, and what has
 * them.
 */
export function assetsPage(listing: Listing<AssetRecord> & { tags: readonly Tag[] }): Html {
  const { rows, query, tags } = listing
  return page(
    { title: 'Assets', tab: '/assets', isWide: true },
    html`<div class="head">
        <h1>Assets</h1>
        <div class="buttons"><a class="button second" href="/tags">Tags</a></div>
      </div>
      ${notice('bad', listing.problems.map(visible))}
      <form class="filters" method="get" action="/assets">
        ${textFilter('search', 'Search', query, 'Address, name, MAC, maker, system')} ${sensorFilter(listing)}
        ${networkFilter(listing)}
        ${
          tags.length === 0
            ? NOTHING
            : choiceFilter(
                'tag',
                'Tag',
                query,
                tags.map(({ name }) => name),
              )
        }
        <button>Filter</button> <a class="button second" href="/assets">Clear</a>
        <button class="second" formaction="/assets.csv" title="${CSV_HELP}">CSV</button>
      </form>
      ${rows.length === 0 ? html`<div class="card empty">${whyEmpty(query)}</div>` : table(rows)}
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

function whyEmpty({ offset: _page, limit: _size, ...filters }: Query): string {
  const asked = Object.values(filters).filter((value) => value.trim() !== '')
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

/**
 * The name leads to all that is known of the machine; without one, the word for that does. By the address: a machine may go
 * by one that is another's by now.
 */
function machineLink({ address, machine, sensorId }: AssetRecord, hostname: string): Html | string {
  if (machine === '') return '–'
  const href = `/sensors/${sensorId}/machines/${encodeURIComponent(address)}`
  return html`<a href="${href}">${visible(hostname) || 'details'}</a>`
}
