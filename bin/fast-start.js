'use strict'
/** Runs the bundle of a program with its code cache, so that V8 need not compile it again. */
const fs = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

/** Those whose start is waited for, or paid for by whoever reads a thousand small captures. */
const BUNDLED = ['console', 'worker']

/** Beside the files it is made of: they look for menus/ and others from where they lie. */
const FOLDER = path.join(__dirname, '..', 'dist', 'src', 'cli')
const COMPILED = path.join(FOLDER, 'main.js')

function bundleOf(program) {
  return path.join(FOLDER, `${program}.bundle.js`)
}

function cacheOf(program) {
  return `${bundleOf(program)}.cache`
}

/** Has it a bundle that was made of what is compiled now? A developer who only ran the compiler does without it. */
function isFresh(program) {
  const madeMs = (file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1
  return BUNDLED.includes(program) && madeMs(bundleOf(program)) > madeMs(COMPILED)
}

/** What stands around a bundle, as Node puts it around a module; in the file, so that no start has to. */
const AROUND = ['(function (exports, require, module, __filename, __dirname) {', '})']

/** The bundle's exports. A cache of another Node is passed by. */
function compile(program) {
  const bundle = bundleOf(program)
  // It is all ASCII, which V8 takes as it is.
  const source = fs.readFileSync(bundle, 'latin1')
  const cachedData = fs.existsSync(cacheOf(program)) ? fs.readFileSync(cacheOf(program)) : undefined
  const script = new vm.Script(source, { filename: bundle, ...(cachedData && { cachedData }) })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, path.dirname(bundle))
  return { script, exports: module.exports }
}

module.exports = { AROUND, BUNDLED, COMPILED, FOLDER, bundleOf, cacheOf, compile, isFresh }
