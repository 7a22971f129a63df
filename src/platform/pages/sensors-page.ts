import { html } from 'hono/html'
import type { Sensor } from '../fleet'
import { volume } from '../../text/figures'
import { visible } from '../../text/visible'
import { timestamp } from '../timestamp'
import { cell, notice, NOTHING, page, type Html } from './layout'
import { commandForm, stateBadge } from './sensor-parts'

/** All sensors (R-217, R-218). What a column needs and sensors do not report yet is not there. */
export function sensorsPage(
  sensors: readonly Sensor[],
  totals: { activeAssets7Days: number; newDiscoveries24Hours: number },
  nowMs: number,
): Html {
  // R-151: success is told here too, to who looks within a quarter of an hour.
  const justRegistered = sensors.filter((sensor) => nowMs - sensor.registeredAtMs < 15 * 60_000)
  return page(
    { title: 'Sensors', tab: '/', refreshSeconds: 30 },
    html`<div class="head">
        <h1>Sensors</h1>
        <div class="figures">
          <span><b>${totals.activeAssets7Days}</b> Active Assets (7days)</span>
          <span><b>${totals.newDiscoveries24Hours}</b> New Discoveries (24hrs)</span>
        </div>
        <a class="button" href="/sensors/new">New Physical Sensor</a>
      </div>
      ${notice(
        'good',
        justRegistered
          .filter((sensor) => sensor.registration === 'Registered')
          .map((sensor) => `${visible(sensor.name)}: appliance registration completed successfully.`),
      )}
      ${sensors.length === 0 ? noSensors() : table(sensors)}`,
  )
}

function noSensors(): Html {
  return html`<div class="card empty">
    <p>No sensors yet. Make one here, then enter its personalization code on the appliance.</p>
    <p><a class="button" href="/sensors/new">New Physical Sensor</a></p>
  </div>`
}

function table(sensors: readonly Sensor[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th>SENSOR</th>
        <th>DEPLOY LOCATION</th>
        <th class="number">ACTIVE ASSETS (1 HOUR)</th>
        <th class="number">NETWORK UTILIZATION</th>
        <th class="number">TRAFFIC SEEN</th>
        <th>LAST HEARD (UTC)</th>
        <th></th>
      </tr>
    </thead>
    <tbody>
      ${sensors.map(row)}
    </tbody>
  </table>`
}

function row(sensor: Sensor): Html {
  const { packets, bytes } = sensor.counters
  return html`<tr>
    ${cell(
      'SENSOR',
      html`<div>
        <a href="/sensors/${sensor.id}">${visible(sensor.name)}</a> ${stateBadge(sensor.state)}
        <small>${visible(`${sensor.model} ${sensor.version}`)}</small> ${feedTrouble(sensor)}
      </div>`,
    )}
    ${cell(
      'DEPLOY LOCATION',
      html`<div>
        ${visible(sensor.location)}
        <small class="address">${visible(sensor.address)}</small>
        <small class="address">${visible(sensor.mac)}</small>
      </div>`,
    )}
    ${cell('ACTIVE ASSETS (1 HOUR)', sensor.activeAssets, 'number')}
    ${cell('NETWORK UTILIZATION', utilization(sensor), 'number')}
    ${cell(
      'TRAFFIC SEEN',
      bytes === undefined
        ? '–'
        : html`<div>${volume(bytes)} <small>${(packets ?? 0).toLocaleString('en')} packets</small></div>`,
      'number',
    )}
    ${cell('LAST HEARD (UTC)', html`<span class="time">${timestamp(sensor.seenAtMs) || 'never'}</span>`)}
    ${cell('', quickActions(sensor))}
  </tr>`
}

/** `0.0 Gbps/1.0 Gbps` (R-185). */
function utilization({ isOnline, feed }: Sensor): string {
  if (!isOnline || feed === undefined) return '–'
  const gigabits = (bitsPerSecond: number): string => `${(bitsPerSecond / 1e9).toFixed(1)} Gbps`
  const now = gigabits(feed.bitsPerSecond)
  return feed.ratedBitsPerSecond === 0 ? now : `${now}/${gigabits(feed.ratedBitsPerSecond)}`
}

/** What is the matter with the feed of a sensor that listens. */
function feedTrouble({ id, state, feed }: Sensor): Html {
  if (state !== 'Sensing' || feed === undefined || feed.isWell) return NOTHING
  return html`<small><a href="/sensors/${id}#mirror-port">Mirror port</a>: ${visible(feed.verdict)}</small>`
}

/** R-219 to R-222: what may be done depends on the state. */
function quickActions(sensor: Sensor): Html {
  return html`<details class="menu">
    <summary>Quick Actions</summary>
    <div>
      <a href="/sensors/${sensor.id}">View Details</a>
      ${
        sensor.registration === 'Registered' && sensor.state !== 'Sensing'
          ? commandForm(sensor.id, 'start', 'Start Sensing')
          : ''
      }
      ${
        sensor.registration === 'Registered' && sensor.state !== 'Paused'
          ? commandForm(sensor.id, 'pause', 'Pause Sensing')
          : ''
      }
      <a href="/sensors/${sensor.id}#end">
        ${sensor.registration === 'Deregistered' ? 'Delete Sensor' : 'Deregister'}
      </a>
    </div>
  </details>`
}
