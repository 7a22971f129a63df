'use strict'
/**
 * Makes one file of `nps console` and a V8 code cache for it, the last step of the build. Its start is what a person
 * waits for at a terminal, and hundreds of small files would be most of it.
 */
const fs = require('node:fs')
const path = require('node:path')
const { build } = require('esbuild')
const { BUNDLE, CACHE, compile } = require('./fast-start')

/** blessed loads all its widgets by computed names, which nobody can bundle; these are the ones that are used. */
const WIDGETS = ['node', 'screen', 'element', 'box']
const BLESSED = path.dirname(require.resolve('blessed/package.json'))

const asRequires = {
  name: 'blessed',
  setup(build) {
    build.onLoad({ filter: /blessed[\\/]lib[\\/]widget\.js$/ }, () => ({
      contents: WIDGETS.map((name) => `exports.${name} = require('./widgets/${name}')`).join('\n'),
    }))
    // It looks for terminal descriptions beside itself when the system has none.
    build.onLoad({ filter: /blessed[\\/]lib[\\/]tput\.js$/ }, ({ path: file }) => ({
      contents: fs.readFileSync(file, 'utf8').replaceAll('__dirname', JSON.stringify(path.join(BLESSED, 'lib'))),
    }))
  },
}

async function main() {
  await build({
    entryPoints: [path.join(path.dirname(BUNDLE), 'console-start.js')],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    target: 'node20',
    // A script made by hand has no loader for import(); require does as well.
    supported: { 'dynamic-import': false },
    plugins: [asRequires],
    // Native, and needed only with --device; the other two are blessed's for a widget that is not used.
    external: ['serialport', 'term.js', 'pty.js'],
    logLevel: 'error',
  })
  fs.rmSync(CACHE, { force: true })
  const { script, exports: program } = compile()
  program.warmUp()
  fs.writeFileSync(CACHE, script.createCachedData())
  // blessed keeps listening.
  process.exit()
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
