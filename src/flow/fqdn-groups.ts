import type { AssetGroups } from './asset-groups'

/**
 * The monitored groups by host name. `*.example.com` is every name below example.com, however deep, and not
 * example.com itself. A name itself wins over a pattern, a longer pattern over a shorter one; of equals the first group.
 */
export class FqdnGroups {
  private readonly byName = new Map<string, string>()
  private readonly bySuffix = new Map<string, string>()

  constructor(groups: AssetGroups['monitoredExternal']) {
    for (const { name: group, fqdns } of groups) {
      for (const fqdn of fqdns) {
        const name = fqdn.toLowerCase().replace(/\.$/, '')
        const [table, key] = name.startsWith('*.') ? [this.bySuffix, name.slice(2)] : [this.byName, name]
        if (!table.has(key)) table.set(key, group)
      }
    }
  }

  get isEmpty(): boolean {
    return this.byName.size + this.bySuffix.size === 0
  }

  /** The group of a name in lower case. */
  groupOf(name: string): string | undefined {
    const itself = this.byName.get(name)
    if (itself !== undefined) return itself
    for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
      const group = this.bySuffix.get(name.slice(dot + 1))
      if (group !== undefined) return group
    }
    return undefined
  }
}
