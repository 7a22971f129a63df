import { html } from 'hono/html'
import type { Configuration } from '../../link/messages'
import type { Sensor } from '../fleet'
import { visible } from '../../text/visible'
import { timestamp } from '../timestamp'
import type { CommandRecord, WantedConfiguration } from '../store'
import { groupFields } from './group-fields'
import { inventoryFields } from './inventory-fields'
import { cell, notice, NOTHING, page, type Html } from './layout'
import { commandForm, stateBadge } from './sensor-parts'

export interface SensorPageOptions {
  sensor: Sensor
  configuration: Configuration
  commands: readonly CommandRecord[]
  /** How many assets were merged by a hostname that is ignored by now. */
  merged: number
  /** What is in the form, where that is not what is in force. */
  typed?: WantedConfiguration
  notes?: readonly string[]
  problems?: readonly string[]
}

/** One sensor: how it is, what it is told, what it was told lately. */
export function sensorPage(options: SensorPageOptions): Html {
  const { sensor, configuration, commands, merged, typed, notes = [], problems = [] } = options
  return page(
    { title: visible(sensor.name), tab: '/' },
    html`<div class="head">
        <h1>${visible(sensor.name)}</h1>
        ${stateBadge(sensor.state)}
        <div class="buttons">${sensor.registration === 'Registered' ? sensingButtons(sensor) : NOTHING}</div>
      </div>
      ${notice('bad', problems.map(visible))} ${notice('note', notes.map(visible))}
      <div class="two">
        <section class="card">
          <h2>Sensor</h2>
          ${facts(sensor)}
        </section>
        <section class="card">
          <h2>Counters</h2>
          ${counters(sensor)}
        </section>
      </div>
      ${networkForm(sensor)} ${feed(sensor)} ${merged === 0 ? NOTHING : purgeForm(sensor, merged)}
      ${sensor.registration === 'Deregistered' ? NOTHING : configurationForm(sensor, configuration, typed)}
      ${commands.length === 0 ? NOTHING : commandTable(commands)} ${ending(sensor)}`,
  )
}

function sensingButtons(sensor: Sensor): Html {
  return html`${sensor.state === 'Sensing' ? NOTHING : commandForm(sensor.id, 'start', 'Start Sensing', '')}
  ${sensor.state === 'Paused' ? NOTHING : commandForm(sensor.id, 'pause', 'Pause Sensing')}`
}

function facts(sensor: Sensor): Html {
  const known: [string, string][] = [
    ['Deployment location', sensor.location],
    ['Model', sensor.model],
    ['Serial number', sensor.serial],
    ['Version', sensor.version],
    ['Address', sensor.address],
    ['MAC', sensor.mac],
    ['Registered (UTC)', timestamp(sensor.registeredAtMs)],
    ['Last heard (UTC)', timestamp(sensor.seenAtMs)],
    ['Active assets (1 hour)', String(sensor.activeAssets)],
  ]
  return html`<dl>
      ${known.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${visible(value) || '–'}</dd>`,
      )}
    </dl>
    ${sensor.registration === 'Unregistered' ? codeForm(sensor) : NOTHING}
    <p><a href="/traffic?sensor=${sensor.id}">Traffic</a> · <a href="/assets?sensor=${sensor.id}">Assets</a></p>`
}

function codeForm(sensor: Sensor): Html {
  return html`<form method="post" action="/sensors/${sensor.id}/codes">
    <p class="soft">
      ${
        sensor.codeExpiresAtMs === 0
          ? 'It has no personalization code.'
          : `Its personalization code can be used until ${timestamp(sensor.codeExpiresAtMs)} UTC. A new one voids it.`
      }
    </p>
    <button class="second">Generate Code</button>
  </form>`
}

/** R-200: sensors in address spaces that overlap are in Networks of their own. */
function networkForm(sensor: Sensor): Html {
  return html`<form class="card" id="network" method="post" action="/sensors/${sensor.id}/network">
    <h2>Network</h2>
    <label>
      <span>Network that the sensor is in</span>
      <small
        >Where the same addresses are used in several places, each is a Network with a sensor of its own.
        <a href="/tags">Tags</a> may be given by it.</small
      >
      <input name="network" value="${visible(sensor.network)}" maxlength="64" autocomplete="off" />
    </label>
    <button class="second">Save</button>
  </form>`
}

function counters(sensor: Sensor): Html {
  const entries = Object.entries(sensor.counters)
  if (entries.length === 0) return html`<p class="soft">The sensor has not reported any yet.</p>`
  return html`<dl>
    ${entries.map(
      ([name, value]) =>
        html`<dt>${inWords(visible(name))}</dt>
          <dd>${value.toLocaleString('en')}</dd>`,
    )}
  </dl>`
}

/** How good the feed of its mirror port is, as it said last. */
function feed({ feed: told }: Sensor): Html {
  if (told === undefined) return NOTHING
  return html`<section class="card" id="mirror-port">
    <h2>Mirror port</h2>
    ${notice(told.isWell ? 'good' : 'bad', [told.verdict, ...told.also].map(visible))}
    <dl>
      ${told.figures.map(
        ([name, value]) =>
          html`<dt>${visible(name)}</dt>
            <dd>${visible(value)}</dd>`,
      )}
    </dl>
  </section>`
}

/** `kernelDrops` as `Kernel drops`, `notIp` as `Not IP`. */
function inWords(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, (_all, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .replace(/\bip\b/, 'IP')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function configurationForm(sensor: Sensor, configuration: Configuration, typed: WantedConfiguration | undefined): Html {
  const whereItIs = (): string => {
    if (sensor.configuredVersion === configuration.version) return 'in force on the sensor.'
    if (sensor.configurationTrouble === '') return 'on its way: the sensor gets it as soon as it is connected.'
    return `not in force: the sensor cannot take it (${visible(sensor.configurationTrouble)}).`
  }
  return html`<form class="card" id="configuration" method="post" action="/sensors/${sensor.id}/configuration">
    <h2>Configuration</h2>
    <p class="soft">
      Version ${configuration.version}, ${whereItIs()} The sensor senses all the traffic that is mirrored to it; the
      ranges choose what is monitored and reported. One to a line.
    </p>
    ${groupFields((typed ?? configuration).groups)} ${inventoryFields((typed ?? configuration).inventory)}
    <button>Save</button>
  </form>`
}

/** R-203: what a hostname has merged before it was ignored stays until it is purged. */
function purgeForm(sensor: Sensor, merged: number): Html {
  const assets = merged === 1 ? '1 asset was' : `${merged.toLocaleString('en')} assets were`
  return html`<form class="card" id="purge" method="post" action="/sensors/${sensor.id}/purge">
    <h2>Ignored hostnames</h2>
    <p>
      ${assets} merged by a hostname that is ignored now. Once the configuration is in force on the sensor, its next
      report tells the machines apart; what was merged can be purged before.
    </p>
    <button class="second">Purge</button>
  </form>`
}

function commandTable(commands: readonly CommandRecord[]): Html {
  const outcome = (command: CommandRecord): string => {
    if (command.doneAtMs === 0) return 'waiting for the sensor'
    return command.ok ? `done ${timestamp(command.doneAtMs)}` : `failed: ${visible(command.reason)}`
  }
  return html`<section class="card">
    <h2>Commands</h2>
    <table>
      <thead>
        <tr>
          <th>COMMAND</th>
          <th>GIVEN (UTC)</th>
          <th>OUTCOME</th>
        </tr>
      </thead>
      <tbody>
        ${commands.map(
          (command) =>
            html`<tr>
              ${cell('COMMAND', command.command)} ${cell('GIVEN (UTC)', timestamp(command.madeAtMs))}
              ${cell('OUTCOME', outcome(command))}
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}

/** Deregister, and after that delete (R-219 to R-221), each behind a second click. */
function ending(sensor: Sensor): Html {
  if (sensor.registration === 'Deregistered') {
    return html`<details class="sure" id="end">
      <summary>Delete Sensor</summary>
      <form class="card" method="post" action="/sensors/${sensor.id}/delete">
        <p>The sensor goes from the list, and with it every flow and asset that it reported.</p>
        <button class="danger">Delete Sensor</button>
      </form>
    </details>`
  }
  return html`<details class="sure" id="end">
    <summary>Deregister</summary>
    <div class="card">
      <p>
        Its certificate stops working at once and the appliance returns to the unregistered state, its password reset.
        What it has reported stays. To bring the appliance back, add it under New Physical Sensor; its old code is used
        up.
      </p>
      ${commandForm(sensor.id, 'deregister', 'Deregister', 'danger')}
    </div>
  </details>`
}
