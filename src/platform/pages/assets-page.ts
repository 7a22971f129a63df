import { html } from 'hono/html'
import { visible } from '../../text/visible'
import { timestamp } from '../timestamp'
import type { AssetRecord } from '../store'
import { cell, notice, page, type Html } from './layout'
import { assetLink, pagingOf, sensorFilter, textFilter, type Listing } from './traffic-page'

/** The addresses of the inventoried ranges that were seen (R-187), the latest first. */
export function assetsPage(listing: Listing<AssetRecord>): Html {
  const { rows, query } = listing
  return page(
    { title: 'Assets', tab: '/assets' },
    html`<div class="head"><h1>Assets</h1></div>
      ${notice('bad', listing.problems.map(visible))}
      <form class="filters" method="get" action="/assets">
        ${textFilter('address', 'Address', query, '10.1.1.1')} ${sensorFilter(listing)}
        <button>Filter</button> <a class="button second" href="/assets">Clear</a>
      </form>
      ${rows.length === 0 ? html`<div class="card empty">No assets to show.</div>` : table(rows)}
      ${pagingOf(listing, '/assets')}`,
  )
}

function table(rows: readonly AssetRecord[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th>ADDRESS</th>
        <th>MAC</th>
        <th>SENSOR</th>
        <th>FIRST SEEN (UTC)</th>
        <th>LAST SEEN (UTC)</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (asset) =>
          html`<tr>
            ${cell('ADDRESS', assetLink(asset.address))}
            ${cell('MAC', html`<span class="address">${visible(asset.mac) || '–'}</span>`)}
            ${cell('SENSOR', html`<a href="/sensors/${asset.sensorId}">${visible(asset.sensorName)}</a>`)}
            ${cell('FIRST SEEN (UTC)', timestamp(asset.firstMs))} ${cell('LAST SEEN (UTC)', timestamp(asset.lastMs))}
          </tr>`,
      )}
    </tbody>
  </table>`
}
