'use strict'
/**
 * Makes src/fingerprint/tables/card-makers.txt of IEEE's registries (Debian package ieee-data), to standard output:
 * `node bin/make-card-makers.js > src/fingerprint/tables/card-makers.txt`. Only names and ranges are taken.
 */
const fs = require('node:fs')
const path = require('node:path')

const FOLDER = process.argv[2] ?? '/usr/share/ieee-data'

/** A line of IEEE's CSV: registry, assignment, name, address; the last two may be quoted. */
const LINE = /^MA-[LMS],([0-9A-F]+),("(?:[^"]|"")*"|[^,]*),/

const makers = new Map()
for (const file of ['oui.csv', 'mam.csv', 'oui36.csv']) {
  for (const line of fs.readFileSync(path.join(FOLDER, file), 'utf8').split(/\r?\n/)) {
    const match = LINE.exec(line)
    if (match === null) continue
    const [, range, quoted] = match
    const name = quoted.replace(/^"|"$/g, '').replaceAll('""', '"').replace(/\s+/g, ' ').trim()
    if (name === '' || name === 'Private' || name === 'IEEE Registration Authority') continue
    // The same range twice is of whoever's name comes last.
    const other = makers.get(range.toLowerCase()) ?? ''
    if (name > other) makers.set(range.toLowerCase(), name)
  }
}
const updated = fs.statSync(path.join(FOLDER, 'oui.csv')).mtime.toISOString().slice(0, 10)
process.stdout.write(`# Makers of network cards and the ranges of MACs that IEEE gave them (MA-L, MA-M, MA-S).
# Origin: the public registries at standards-oui.ieee.org, as of ${updated}, by way of Debian's ieee-data.
# Facts only: name and range; the registries' addresses are left out. Made by bin/make-card-makers.js.
`)
for (const [range, name] of [...makers].sort(([a], [b]) => (a < b ? -1 : 1)))
  process.stdout.write(`${range}\t${name}\n`)
