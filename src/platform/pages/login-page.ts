import { html } from 'hono/html'
import { notice, page, type Html } from './layout'

/** Asks for the operator key. */
export function loginPage(isWrong: boolean): Html {
  return page(
    { title: 'Log in' },
    html`<div class="narrow">
      ${notice('bad', isWrong ? ['That is not the operator key of this platform.'] : [])}
      <form class="card" method="post" action="/login">
        <h2>Log in</h2>
        <label>
          <span>Operator key</span>
          <small>It is in the file <code>operator.key</code> of the platform's folder.</small>
          <input name="key" type="password" autocomplete="current-password" required autofocus />
        </label>
        <button>Log in</button>
      </form>
    </div>`,
  )
}
