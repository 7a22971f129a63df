import { footer } from '../../src/form/keys'

test('a footer is never wider than its screen', () => {
  for (const kind of ['menu', 'choice', 'form', 'message', 'page'] as const) {
    for (let columns = 0; columns <= 200; columns += 1) {
      expect(footer(kind, columns).length).toBeLessThanOrEqual(columns)
    }
    expect(footer(kind, 39)).not.toBe('')
  }
})
