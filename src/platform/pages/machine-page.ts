import { html } from 'hono/html'
import { hasClues } from '../../report/clues'
import type { MachineSummary, ProvenAttribute, SaidOf } from '../../report/summary'
import { visible } from '../../text/visible'
import { timestamp } from '../timestamp'
import { addressText, cell, NOTHING, page, type Html } from './layout'
import { assetLink } from './traffic-page'

export interface MachinePageOptions {
  sensor: { id: string; name: string; network: string }
  /** Those of its addresses. */
  tags: readonly string[]
  /** The operator allows fingerprints. */
  isConsented: boolean
}

/** One machine: what it is held to be and why, which addresses are its, and all that it said (R-238). */
export function machinePage(machine: MachineSummary, options: MachinePageOptions): Html {
  const { sensor, tags, isConsented } = options
  const tellsClues = hasClues(machine)
  const { addresses, macs, isGateway, firstMs, lastMs, attributes, said, reasons } = machine
  const hostname = attributes.find(({ kind }) => kind === 'hostname')?.value
  const title = visible(hostname ?? addresses[0] ?? machine.id)
  return page(
    { title, tab: '/assets' },
    html`<div class="head"><h1>${title}</h1></div>
      <div class="card">
        <dl>
          <dt>Addresses</dt>
          <dd>${addresses.length === 0 ? 'none now' : addresses.map((each) => html`${assetLink(each)} `)}</dd>
          <dt>MAC</dt>
          <dd>${macs.length === 0 ? '–' : macs.map((each) => html`${addressText(each)} `)}</dd>
          <dt>Gateway</dt>
          <dd>${isGateway ? 'yes' : 'no'}</dd>
          <dt>Sensor</dt>
          <dd><a href="/sensors/${sensor.id}">${visible(sensor.name)}</a></dd>
          <dt>Network</dt>
          <dd>${visible(sensor.network) || '–'}</dd>
          <dt>Tags</dt>
          <dd>${visible(tags.join(', ')) || '–'}</dd>
          <dt>First seen (UTC)</dt>
          <dd>${timestamp(firstMs)}</dd>
          <dt>Last told (UTC)</dt>
          <dd>${timestamp(lastMs)}</dd>
        </dl>
      </div>
      <h2>What it is</h2>
      ${attributes.length === 0 ? html`<div class="card empty">Nothing told.</div>` : attributeTable(attributes, tellsClues)}
      ${tellsClues || isConsented ? NOTHING : noConsent(sensor.id)}
      ${
        reasons.length === 0
          ? NOTHING
          : html`<h2>Why it is one machine</h2>
              <ul>
                ${reasons.map((reason) => html`<li>${visible(reason)}</li>`)}
              </ul>`
      }
      <h2>Raw discovery data</h2>
      ${said.length === 0 ? html`<div class="card empty">None was sent.</div>` : saidTable(said)}`,
  )
}

/** In the place of a column in which nothing would stand. */
function noConsent(sensorId: string): Html {
  return html`<p class="soft">
    Clues are not told: no consent to fingerprints. It is given in the
    <a href="/sensors/${sensorId}#configuration">configuration of the sensor</a>.
  </p>`
}

function attributeTable(attributes: readonly ProvenAttribute[], tellsClues: boolean): Html {
  return html`<table>
    <thead>
      <tr>
        <th>ATTRIBUTE</th>
        <th>VALUE</th>
        <th class="number">CONFIDENCE</th>
        <th>PROTOCOL</th>
        ${tellsClues ? html`<th>MADE OF</th>` : NOTHING}
        <th>FRAME (UTC)</th>
      </tr>
    </thead>
    <tbody>
      ${attributes.map(
        ({ kind, value, confidence, source, clue, atMs }) =>
          html`<tr>
            ${cell('ATTRIBUTE', visible(kind))} ${cell('VALUE', visible(value))}
            ${cell('CONFIDENCE', `${confidence} %`, 'number')} ${cell('PROTOCOL', visible(source))}
            ${tellsClues ? cell('MADE OF', visible(clue) || '–') : NOTHING} ${cell('FRAME (UTC)', timestamp(atMs))}
          </tr>`,
      )}
    </tbody>
  </table>`
}

function saidTable(said: readonly SaidOf[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th>PROTOCOL</th>
        <th>KIND</th>
        <th>SAID</th>
        <th>FRAME (UTC)</th>
      </tr>
    </thead>
    <tbody>
      ${said.map(
        ({ kind, value, source, atMs }) =>
          html`<tr>
            ${cell('PROTOCOL', visible(source))} ${cell('KIND', visible(kind))} ${cell('SAID', visible(value))}
            ${cell('FRAME (UTC)', timestamp(atMs))}
          </tr>`,
      )}
    </tbody>
  </table>`
}
