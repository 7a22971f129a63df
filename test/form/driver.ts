import { readMenus } from '../../src/console/menu-files'
import { screensOf } from '../../src/form/menu-file'
import type { Issue } from '../../src/errors/issue'
import type { Key } from '../../src/form/keys'
import { start, type Effect, type FormState, type Input, type Values } from '../../src/form/state'
import { update } from '../../src/form/update'

const SCREENS = screensOf(readMenus())

/** The engine with the shipped menus and nothing around it: inputs go in, effects are collected. */
export class Engine {
  state: FormState = start(SCREENS, 0)
  effects: Effect[] = []

  constructor(facts: Values = FACTS) {
    this.input({ kind: 'facts', facts })
  }

  input(input: Input): this {
    const { state, effects } = update(this.state, input)
    this.state = state
    this.effects.push(...effects)
    return this
  }

  press(...names: Exclude<Key['name'], 'char'>[]): this {
    for (const name of names) this.input({ kind: 'key', key: { name } })
    return this
  }

  type(text: string): this {
    for (const char of text) this.input({ kind: 'key', key: { name: 'char', text: char } })
    return this
  }

  /** The operation that runs succeeds; for a load, with these values. */
  done(values?: Values, keptSecrets?: readonly string[]): this {
    return this.input({
      kind: 'done',
      ...(values === undefined ? {} : { values }),
      ...(keptSecrets === undefined ? {} : { keptSecrets }),
    })
  }

  refused(...issues: Issue[]): this {
    return this.input({ kind: 'refused', issues })
  }

  /** Open the static address form as a person does. */
  openStatic(values: Values = NETWORK): this {
    return this.type('1').press('enter').done(values).type('2').press('enter')
  }

  /** Open the form of the proxy's address. */
  openProxy(values: Values = PROXY, keptSecrets: readonly string[] = []): this {
    return this.type('2').press('enter').done(values, keptSecrets).press('home', 'enter')
  }
}

export const FACTS: Values = {
  vendor: 'Qualys',
  'sensor.name': 'nps-test',
  'sensor.registration': 'Unregistered',
  'network.mode': 'dhcp',
  'proxy.enabled': 'false',
  'console.lock': 'false',
}

export const NETWORK: Values = {
  'network.mode': 'dhcp',
  'network.address': '',
  'network.netmask': '',
  'network.gateway': '',
  'network.dns1': '',
  'network.dns2': '',
}

export const PROXY: Values = {
  'proxy.enabled': 'false',
  'proxy.host': '',
  'proxy.port': '443',
  'proxy.auth': 'none',
  'proxy.user': '',
}
