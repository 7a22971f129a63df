'use strict'
/**
 * Makes one file of `nps console` and of `nps worker` each, and a V8 code cache for it, the last step of the build:
 * hundreds of small files would be most of their start. The menus are checked here too.
 */
const fs = require('node:fs')
const path = require('node:path')
const { build } = require('esbuild')
const { AROUND, BUNDLED, FOLDER, bundleOf, cacheOf, compile } = require('./fast-start')

/** blessed loads all its widgets by computed names, which nobody can bundle; these are the ones that are used. */
const WIDGETS = ['node', 'screen', 'element', 'box']
const BLESSED = path.dirname(require.resolve('blessed/package.json'))

/** Checks menus/, which is done below; a start needs it only where they were changed since. */
const MENU_CHECK = path.join(FOLDER, '..', 'form', 'menu-file.js')

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

async function bundle(program) {
  const file = bundleOf(program)
  await build({
    entryPoints: [path.join(path.dirname(file), `${program}-start.js`)],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    // What is shorter is read sooner; names stay, for whoever reads a stack.
    minifyWhitespace: true,
    minifySyntax: true,
    charset: 'ascii',
    banner: { js: AROUND[0] },
    footer: { js: AROUND[1] },
    // A script made by hand has no loader for import(); require does as well.
    supported: { 'dynamic-import': false },
    plugins: [asRequires],
    // Native, and needed only with --device or for live capture; the other two are blessed's for a widget that is not
    // used.
    external: ['serialport', 'koffi', 'pcap', 'term.js', 'pty.js', MENU_CHECK],
    logLevel: 'error',
  })
  // Strings are escaped, regular expressions are not.
  const foreign = /.{0,40}[^\0-\x7f].{0,20}/.exec(fs.readFileSync(file, 'utf8'))?.[0]
  if (foreign !== undefined) throw new Error(`write what is not ASCII here as \\u0000: ${foreign}`)
  fs.rmSync(cacheOf(program), { force: true })
  const { script, exports } = compile(program)
  await exports.warmUp()
  writeDurably(cacheOf(program), script.createCachedData())
}

/** V8 believes what is in a cache, and half of one, as a power cut would leave it, ends every start. */
function writeDurably(file, data) {
  const half = `${file}.new`
  const descriptor = fs.openSync(half, 'w')
  fs.writeFileSync(descriptor, data)
  fs.fsyncSync(descriptor)
  fs.closeSync(descriptor)
  fs.renameSync(half, file)
}

async function main() {
  require(path.join(FOLDER, '..', 'console', 'checked-menus.js')).checkMenus()
  for (const program of BUNDLED) await bundle(program)
  // blessed keeps listening.
  process.exit()
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
