'use strict'
/** Runs the bundle of `nps console` with its code cache, so that V8 need not compile it again. */
const fs = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

/** Beside the files it is made of: they look for menus/ and others from where they lie. */
const BUNDLE = path.join(__dirname, '..', 'dist', 'src', 'cli', 'console.bundle.js')
const COMPILED = path.join(path.dirname(BUNDLE), 'main.js')
const CACHE = `${BUNDLE}.cache`

/** Has the bundle been made of what is compiled now? A developer who only ran the compiler does without it. */
function isFresh() {
  const madeMs = (file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1
  return madeMs(BUNDLE) > madeMs(COMPILED)
}

/** The bundle's exports. A cache of another Node is passed by. */
function compile() {
  const source = fs.readFileSync(BUNDLE, 'utf8')
  const cachedData = fs.existsSync(CACHE) ? fs.readFileSync(CACHE) : undefined
  const wrapper = `(function (exports, require, module, __filename, __dirname) {${source}\n})`
  const script = new vm.Script(wrapper, { filename: BUNDLE, ...(cachedData && { cachedData }) })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(BUNDLE), module, BUNDLE, path.dirname(BUNDLE))
  return { script, exports: module.exports }
}

module.exports = { BUNDLE, CACHE, compile, isFresh }
