import { html } from 'hono/html'
import type { Command } from '../../link/messages'
import type { SensorState } from '../fleet'
import type { Html } from './layout'

/** The state as a coloured word. */
export function stateBadge(state: SensorState): Html {
  return html`<span class="state ${state}">${state}</span>`
}

/** A button that sends a command to a sensor. */
export function commandForm(sensorId: string, command: Command, words: string, kind = 'second'): Html {
  return html`<form method="post" action="/sensors/${sensorId}/commands">
    <input type="hidden" name="command" value="${command}" />
    <button class="${kind}">${words}</button>
  </form>`
}
