import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withWrittenPart, WRITTEN_PARTS } from './pages'

// `npm run docs`: write anew what the manual takes from the code.
for (const [name, lines] of Object.entries(WRITTEN_PARTS)) {
  const path = join(process.cwd(), 'man', name)
  const page = readFileSync(path, 'utf8')
  const next = withWrittenPart(page, lines())
  if (next !== page) process.stdout.write(`man/${name} is new\n`)
  writeFileSync(path, next)
}
