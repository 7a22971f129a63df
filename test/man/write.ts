import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withWrittenParts, WRITTEN_PARTS } from './pages'

// `npm run docs`: write anew what the manual takes from the code.
for (const [name, parts] of Object.entries(WRITTEN_PARTS)) {
  const path = join(process.cwd(), 'man', name)
  const page = readFileSync(path, 'utf8')
  const next = withWrittenParts(page, parts)
  if (next !== page) process.stdout.write(`man/${name} is new\n`)
  writeFileSync(path, next)
}
