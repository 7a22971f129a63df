import { html } from 'hono/html'
import type { Sensor, ShownCode } from '../fleet'
import { visible } from '../../text/visible'
import { timestamp } from '../timestamp'
import { fragmentPage, notice, page, type Html } from './layout'
import { stateBadge } from './sensor-parts'

/** `New Physical Sensor`, step `Register Sensor`. */
export function newSensorPage(problems: readonly string[]): Html {
  return page(
    { title: 'New Physical Sensor', tab: '/' },
    html`<div class="narrow">
      <div class="head"><h1>New Physical Sensor</h1></div>
      ${notice('bad', problems)}
      <form class="card" method="post" action="/sensors/new">
        <p>
          Provide the sensor's details and generate a personalization code. You will enter the code on the console of
          the appliance.
        </p>
        <label><span>Sensor Name *</span><input name="name" required maxlength="128" autofocus /></label>
        <label><span>Deployment Location</span><input name="location" maxlength="128" /></label>
        <fieldset>
          <legend>Would you like to start sensing as soon as the sensor is registered?</legend>
          <label><input type="radio" name="startSensing" value="yes" /> YES</label>
          <label><input type="radio" name="startSensing" value="no" checked /> NO</label>
        </fieldset>
        <div class="buttons"><button>Generate Code</button><a class="button second" href="/">Cancel</a></div>
      </form>
    </div>`,
  )
}

/** The code, shown this once: only its hash is kept. */
export function codePage(sensor: Sensor, shown: ShownCode): Html {
  return page(
    { title: 'Personalization Code', tab: '/' },
    html`<div class="narrow">
      <div class="head"><h1>${visible(sensor.name)}</h1></div>
      <section class="card">
        <h2>Personalization Code</h2>
        <p class="code">${shown.code}</p>
        <p class="soft">
          It is shown only now, can be used once, and until ${timestamp(shown.expiresAtMs)} UTC. A click selects it
          whole.
        </p>
        <iframe src="/sensors/${sensor.id}/status" title="State of the sensor"></iframe>
      </section>
      <section class="card">
        <h2>Follow these steps to register your sensor</h2>
        <ol>
          <li>On the console of the appliance, open <b>Personalize this scanner</b> and press Enter.</li>
          <li>Enter the 14 digits and choose <b>Submit</b>.</li>
          <li>Wait for <b>Appliance registration completed successfully.</b></li>
        </ol>
        <p>
          After that the sensor is ${sensor.startSensing ? 'sensing' : 'paused'}. Its internal ranges are the private
          networks; <a href="/sensors/${sensor.id}">Sensor details</a> is where to change them.
        </p>
      </section>
    </div>`,
  )
}

/** The line of the code page that changes by itself when the appliance has registered. */
export function statusFragment(sensor: Sensor): Html {
  return fragmentPage(
    'State',
    5,
    sensor.registration === 'Unregistered'
      ? notice('note', ['Waiting for the appliance to register.'])
      : html`<div class="notice good" role="status">
          <p>Appliance registration completed successfully. ${stateBadge(sensor.state)}</p>
        </div>`,
  )
}
