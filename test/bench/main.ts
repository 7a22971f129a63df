import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * `npm run bench [-- NAME]`: every `*.bench.ts` of this folder, or those whose name holds NAME. A benchmark exports
 * `run`, which prints its own table.
 */
async function main(wanted = ''): Promise<void> {
  if (process.platform !== 'linux') throw new Error('The benchmarks read CPU times from /proc, which only Linux has.')
  const names = readdirSync(__dirname)
    .filter((file) => file.endsWith('.bench.js'))
    .map((file) => file.slice(0, -'.bench.js'.length))
    .sort()
  const chosen = names.filter((name) => name.includes(wanted))
  if (chosen.length === 0) throw new Error(`There is no benchmark ${wanted}; there are ${names.join(', ')}.`)
  for (const name of chosen) {
    const benchmark = (await import(join(__dirname, `${name}.bench.js`))) as { run: () => Promise<void> }
    await benchmark.run()
  }
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
