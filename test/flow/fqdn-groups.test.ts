import { AddressClasses } from '../../src/flow/address-classes'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { FqdnGroups } from '../../src/flow/fqdn-groups'

const SOCIAL = { name: 'social-media', fqdns: ['www.facebook.com', '*.facebook.com'], ranges: ['198.51.100.0/24'] }
const PHOTOS = { name: 'photos', fqdns: ['*.photos.facebook.com', 'WWW.Yahoo.com.'], ranges: [] }

describe('groups by name', () => {
  const groups = new FqdnGroups([SOCIAL, PHOTOS])

  test('a name, a pattern for all below it, and the more exact one wins', () => {
    expect(groups.groupOf('www.facebook.com')).toBe('social-media')
    expect(groups.groupOf('a.b.facebook.com')).toBe('social-media')
    expect(groups.groupOf('a.photos.facebook.com')).toBe('photos')
    expect(groups.groupOf('www.yahoo.com')).toBe('photos')
  })

  test('a pattern is not for the name itself, nor for one that only ends alike', () => {
    expect(groups.groupOf('facebook.com')).toBeUndefined()
    expect(groups.groupOf('notfacebook.com')).toBeUndefined()
    expect(groups.groupOf('yahoo.com')).toBeUndefined()
    expect(groups.groupOf('')).toBeUndefined()
  })
})

describe('addresses outside that go by such a name', () => {
  const known: Record<string, string[]> = {
    '203.0.113.7': ['cdn.example', 'www.facebook.com'],
    '10.0.0.7': ['www.facebook.com'],
    '198.51.100.7': ['www.yahoo.com'],
  }
  let asked = 0
  const names = {
    namesOf: (address: string, atMs: number): string[] => {
      asked++
      return atMs < 1000 ? (known[address] ?? []) : []
    },
  }
  const classes = new AddressClasses({ ...DEFAULT_ASSET_GROUPS, monitoredExternal: [SOCIAL, PHOTOS] }, names)

  test('are of its group, and shown as External (R-192)', () => {
    const monitored = { class: 'monitored', name: 'External', group: 'social-media', isInternal: false, isAsset: false }
    expect(classes.classify('203.0.113.7', '', 0)).toEqual(monitored)
    expect(classes.classify('203.0.113.8', '', 0).class).toBe('external')
  })

  test('only as long as they go by it, and only where it is said when', () => {
    expect(classes.classify('203.0.113.7', '', 1000).class).toBe('external')
    expect(classes.classify('203.0.113.7', '', 999).group).toBe('social-media')
    expect(classes.classify('203.0.113.7', '').class).toBe('external')
  })

  test('while our own addresses, and those of a group by address, stay what they are', () => {
    expect(classes.classify('10.0.0.7', '', 0)).toMatchObject({ class: 'inventoried', name: '10.0.0.7' })
    expect(classes.classify('198.51.100.7', '', 0)).toMatchObject({ group: 'social-media', name: '198.51.100.7' })
  })

  test('names are not asked for where no group is by name', () => {
    asked = 0
    new AddressClasses(DEFAULT_ASSET_GROUPS, names).classify('203.0.113.7', '', 0)
    expect(asked).toBe(0)
  })
})
