import { html, raw } from 'hono/html'
import type { InventoryConfiguration } from '../../link/messages'
import { visible } from '../../text/visible'
import { NOTHING, type Html } from './layout'

/** As long as the operator has decided on nothing: OT devices are discovered (R-207), of consent nothing is said (R-165). */
const UNDECIDED: InventoryConfiguration = { industrial: true, ignoredHostnames: [] }

/** What of the machines is learned, as fields of a form, and the form as that again. */
export function inventoryFields(inventory: InventoryConfiguration = UNDECIDED): Html {
  const { industrial, fingerprints, ignoredHostnames } = inventory
  return html`<label>
      <span>Ignored hostnames</span>
      <small
        >Names that many machines have, one to a line, in any case. They merge no two machines into one asset.</small
      >
      <textarea name="ignoredHostnames" rows="4" spellcheck="false">
${ignoredHostnames.map(visible).join('\n')}</textarea>
    </label>
    <fieldset>
      <legend>OT module</legend>
      <p class="soft">Devices of plants and buildings, such as controllers, are discovered too.</p>
      ${choice('industrial', industrial, 'On', 'Off')}
    </fieldset>
    <fieldset>
      <legend>Access to Fingerprint Data</legend>
      <p class="soft">
        With your consent the sensor also knows machines by how they speak (TCP, TLS, DHCP, NTP), and reports by which
        clues it knows each. That improves the prediction of operating system and device. Fingerprints are metadata
        without sensitive content; they are shown with each asset. The owner of the appliance can refuse them in its
        sensor.ini; there they stay off then, whatever is chosen here.
      </p>
      ${choice('fingerprints', fingerprints, 'Allow', 'Do not allow')}
      ${fingerprints === undefined ? html`<p class="soft">Nothing has been decided yet, which leaves them off unless sensor.ini says yes.</p>` : NOTHING}
    </fieldset>`
}

/** Undefined when the form had none of it. */
export function typedInventory(fields: Record<string, unknown>): InventoryConfiguration | undefined {
  const { industrial, fingerprints, ignoredHostnames } = fields
  if (industrial !== 'yes' && industrial !== 'no') return undefined
  return {
    industrial: industrial === 'yes',
    ...(fingerprints === 'yes' || fingerprints === 'no' ? { fingerprints: fingerprints === 'yes' } : {}),
    ignoredHostnames: typeof ignoredHostnames === 'string' ? ignoredHostnames.split(/\r?\n/) : [],
  }
}

function choice(name: keyof InventoryConfiguration, is: boolean | undefined, yes: string, no: string): Html {
  const radio = (value: 'yes' | 'no', words: string): Html => {
    const isChosen = is !== undefined && is === (value === 'yes')
    return html`<label
      ><input type="radio" name="${name}" value="${value}" ${isChosen ? raw('checked') : NOTHING} /> ${words}</label
    >`
  }
  return html`${radio('yes', yes)} ${radio('no', no)}`
}
