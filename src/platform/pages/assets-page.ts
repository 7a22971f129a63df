import { html } from 'hono/html'
import { machineWords } from '../../text/machine-words'
import { visible } from '../../text/visible'
import { timestamp } from '../timestamp'
import type { AssetRecord } from '../store'
import { cell, notice, NOTHING, page, type Html } from './layout'
import { assetLink, choiceFilter, pagingOf, sensorFilter, textFilter, type Listing } from './traffic-page'

/**
 * The addresses of the inventoried ranges that were seen (R-187), and machines without one, the latest first, and what has
 * them.
 */
export function assetsPage(listing: Listing<AssetRecord>): Html {
  const { rows, query } = listing
  return page(
    { title: 'Assets', tab: '/assets' },
    html`<div class="head">
        <h1>Assets</h1>
        <div class="buttons"><a class="button second" href="/tags">Tags</a></div>
      </div>
      ${notice('bad', listing.problems.map(visible))}
      <form class="filters" method="get" action="/assets">
        ${textFilter('search', 'Search', query, 'Address, name, MAC, maker, system')} ${sensorFilter(listing)}
        ${networkFilter(listing)}
        <button>Filter</button> <a class="button second" href="/assets">Clear</a>
        <button class="second" formaction="/assets.csv">CSV</button>
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
        <th>HOSTNAME</th>
        <th>DEVICE</th>
        <th>SYSTEM</th>
        <th>SERVICES</th>
        <th>MAC</th>
        <th>SENSOR</th>
        <th>TAGS</th>
        <th>FIRST SEEN (UTC)</th>
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
          ${cell('MAC', html`<span><span class="address">${visible(asset.mac) || '–'}</span><small>${visible(vendor)}</small></span>`)}
          ${cell('SENSOR', html`<a href="/sensors/${asset.sensorId}">${visible(asset.sensorName)}</a><small>${visible(asset.network)}</small>`)}
          ${cell('TAGS', visible(asset.tags.join(', ')) || '–')} ${cell('FIRST SEEN (UTC)', timestamp(asset.firstMs))}
          ${cell('LAST SEEN (UTC)', timestamp(asset.lastMs))}
        </tr>`
      })}
    </tbody>
  </table>`
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
