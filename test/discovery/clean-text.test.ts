import { cleanText, hostname, utf16Text } from '../../src/discovery/clean-text'

test('text from strangers is valid, bounded, and shows what is hidden in it', () => {
  expect(cleanText(Buffer.from('  Jörgs PC\0rest'))).toBe('Jörgs PC')
  expect(cleanText(Buffer.from([0x4a, 0xf6, 0x72, 0x67]))).toBe('Jörg')
  expect(cleanText('a\u001b[2Jb\u202ec')).toBe('a\\u{1b}[2Jb\\u{202e}c')
  expect(cleanText('x'.repeat(5000))).toHaveLength(256)
  expect(cleanText('\ud800x')).toBe('\ufffdx')
  expect(utf16Text(Buffer.from('DC1\0', 'utf16le'))).toBe('DC1')
  expect(utf16Text(Buffer.from([0x44, 0x00, 0x43]))).toBe('D')
})

test('what is no hostname is none', () => {
  expect(hostname('gemini.local')).toBe('gemini')
  expect(hostname('r1.lab.local')).toBe('r1.lab.local')
  expect(hostname('dc1.corp.example.')).toBe('dc1.corp.example')
  expect(hostname('S7300/ET200M station_1')).toBe('S7300/ET200M station_1')
  for (const text of ['', 'localhost', '10.0.0.1', 'a\\u{1b}b', '<script>', '*.corp.example', 'x'.repeat(65)]) {
    expect(hostname(text)).toBeUndefined()
  }
})
