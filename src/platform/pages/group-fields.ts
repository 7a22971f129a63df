import { html } from 'hono/html'
import type { AssetGroups } from '../../flow/asset-groups'
import { visible } from '../../text/visible'
import type { Html } from './layout'

/** The asset groups as fields of a form, and the form as asset groups again. One entry to a line. */
export function groupFields(groups: AssetGroups): Html {
  const area = (name: keyof AssetGroups, title: string, help: string, lines: readonly string[]): Html =>
    html`<label>
      <span>${title}</span><small>${help}</small>
      <textarea name="${name}" rows="4" spellcheck="false">${visibleLines(lines)}</textarea>
    </label>`
  return html`<div class="two">
    ${area(
      'inventoried',
      'Internal assets, inventoried',
      'Ranges whose assets are inventoried and whose flows are tracked.',
      groups.inventoried,
    )}
    ${area(
      'nonInventoried',
      'Internal assets, not inventoried',
      'Ranges whose flows are tracked by address, and nothing else.',
      groups.nonInventoried,
    )}
    ${area(
      'excludedRanges',
      'Excluded ranges',
      'No inventory; flows say Excluded instead of the address.',
      groups.excludedRanges,
    )}
    ${area('excludedMacs', 'Excluded MACs', 'The same, by MAC address.', groups.excludedMacs)}
    ${area(
      'monitoredExternal',
      'Monitored external assets',
      'A group to a line, as: social-media: www.facebook.com, 31.13.65.0/24',
      groups.monitoredExternal.map((group) => `${group.name}: ${[...group.fqdns, ...group.ranges].join(', ')}`),
    )}
  </div>`
}

function visibleLines(lines: readonly string[]): string {
  return lines.map(visible).join('\n')
}

/** What came back from the form. Nothing is checked here; ranges.ts does that. */
export function typedGroups(fields: Record<string, unknown>): AssetGroups {
  const lines = (name: keyof AssetGroups): string[] => {
    const value = fields[name]
    const text = typeof value === 'string' ? value : ''
    return text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
  }
  return {
    inventoried: lines('inventoried'),
    nonInventoried: lines('nonInventoried'),
    excludedRanges: lines('excludedRanges'),
    excludedMacs: lines('excludedMacs'),
    monitoredExternal: lines('monitoredExternal').map(externalGroup),
  }
}

function externalGroup(line: string): AssetGroups['monitoredExternal'][number] {
  const [, name = '', rest = ''] = /^([^:]*):?(.*)$/s.exec(line) ?? []
  const members = rest.split(/[,\s]+/).filter((member) => member !== '')
  // Only an address has a colon, or nothing but digits, dots and a slash; every name has a letter (RFC 1123).
  const isRange = (member: string): boolean => member.includes(':') || /^[\d./]+$/.test(member)
  return { name: name.trim(), fqdns: members.filter((m) => !isRange(m)), ranges: members.filter(isRange) }
}
