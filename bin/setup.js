'use strict'
/**
 * Brings a fresh clone to where it can run: Node's version, the packages, the TypeScript build. Uses nothing but Node
 * itself, since nothing else is there yet. What is already done is found out in a few milliseconds, so it runs before
 * every start.
 */
const { spawn } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')

const ROOT = path.dirname(__dirname)
const OLDEST_NODE = 20
const PACKAGES_STAMP = path.join(ROOT, 'node_modules', '.nps-packages')
const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP']
const LOCK = path.join(ROOT, '.setup-lock')
const BUILD_STAMP = path.join(ROOT, 'dist', '.nps-build')

/** Do whatever is missing, saying what and for how long on stderr. Rejects with an Error in plain words. */
async function ensureReady() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < OLDEST_NODE) throw new Error(`Node ${OLDEST_NODE} or newer is needed; this is ${process.versions.node}.`)
  if (hasPackages() && isBuilt()) return
  await lock()
  try {
    if (!hasPackages()) await installPackages()
    if (!isBuilt()) await build()
  } finally {
    fs.rmSync(LOCK, { force: true })
  }
}

function hasPackages() {
  return readText(PACKAGES_STAMP) === packagesState()
}

function isBuilt() {
  return readText(BUILD_STAMP) === sourcesState()
}

/** Two set-ups of one clone at once would pull the packages from under each other: the second one waits. */
async function lock() {
  for (let isSaid = false; ; isSaid = true) {
    try {
      fs.writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = Number(readText(LOCK))
    if (holder > 0 && !isAlive(holder)) fs.rmSync(LOCK, { force: true })
    else if (!isSaid) say('Waiting for another set-up of this clone ...')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

async function installPackages() {
  await step('Installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], npmEnvironment())
  // Both are optional to npm, so that a machine without them still gets everything but live capture.
  if (!hasRing() && !fs.existsSync(path.join(ROOT, 'node_modules/pcap/build/Release/pcap_binding.node'))) {
    say('Live capture is off: install libpcap-dev, g++, make and python3 and start again to have it.')
  }
  fs.writeFileSync(PACKAGES_STAMP, packagesState())
}

/** The fast way to capture, through a package that brings its binary. */
function hasRing() {
  if (process.platform !== 'linux') return false
  try {
    return typeof require('koffi').load === 'function'
  } catch {
    return false
  }
}

async function build() {
  const state = sourcesState()
  // From scratch, so that nothing stays behind of a file that was renamed; it takes about two seconds.
  fs.rmSync(path.join(ROOT, 'dist'), { recursive: true, force: true })
  const compiler = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  await step('Building', process.execPath, [compiler, '-p', ROOT], process.env)
  await step('Bundling the console', process.execPath, [path.join(ROOT, 'bin', 'bundle.js')], process.env)
  fs.writeFileSync(BUILD_STAMP, state)
}

/** What the installed packages depend on: the lockfile, Node's binary interface, and whether pcap can be compiled. */
function packagesState() {
  const lockfile = fs.readFileSync(path.join(ROOT, 'package-lock.json'))
  const digest = createHash('sha256').update(lockfile).digest('hex')
  return `${digest} ${process.versions.modules} ${process.arch} ${hasPcapHeaders()}`
}

function hasPcapHeaders() {
  return ['/usr/include/pcap.h', '/usr/local/include/pcap.h'].some((file) => fs.existsSync(file))
}

/** Name, size and time of every source. */
function sourcesState() {
  const hash = createHash('sha256')
  const visit = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) visit(file)
      else if (entry.name.endsWith('.ts')) note(file)
    }
  }
  const note = (file) => {
    const { size, mtimeMs } = fs.statSync(file)
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  visit(path.join(ROOT, 'src'))
  visit(path.join(ROOT, 'test'))
  for (const file of ['tsconfig.json', 'bin/bundle.js', 'bin/fast-start.js']) note(path.join(ROOT, file))
  note(PACKAGES_STAMP)
  return hash.digest('hex')
}

/**
 * node-gyp fetches Node's headers from the network unless it is told where they are. Most installs bring them
 * beside the binary, so it is told.
 */
function npmEnvironment() {
  const prefix = path.dirname(path.dirname(fs.realpathSync(process.execPath)))
  const hasHeaders = fs.existsSync(path.join(prefix, 'include', 'node', 'node.h'))
  return hasHeaders ? { ...process.env, npm_config_nodedir: prefix } : process.env
}

/**
 * Run one command to its end with a line that counts the seconds; its output is shown only when it fails. It is a
 * process group of its own, so that Ctrl-C ends all of it before it ends us: half an installation that goes on behind
 * the prompt would be in the way of the next one.
 */
function step(title, command, args, env) {
  const startedAt = Date.now()
  const live = process.stderr.isTTY
  const seconds = () => Math.round((Date.now() - startedAt) / 1000)
  if (!live) say(`${title} ...`)
  const timer = live && setInterval(() => process.stderr.write(`\r${title} ... ${seconds()} s`), 200)
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    let output = ''
    const keep = (chunk) => (output = (output + chunk).slice(-20_000))
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    let isStopped = false
    const stop = () => {
      if (child.pid === undefined) return
      process.kill(-child.pid, isStopped ? 'SIGKILL' : 'SIGTERM')
      isStopped = true
    }
    for (const signal of STOPPING) process.on(signal, stop)
    const end = (error) => {
      for (const signal of STOPPING) process.off(signal, stop)
      if (live) {
        clearInterval(timer)
        process.stderr.write('\r\x1b[K')
      }
      if (isStopped) reject(new Error(`${title} was stopped; the next start takes it up again.`))
      else if (error) reject(error)
      else {
        say(`${title}: done in ${seconds()} s`)
        resolve()
      }
    }
    child.once('error', (error) => end(new Error(`${title} failed: ${error.message}`)))
    // Closed, not only ended: its own children hold the pipes too, and must be gone as well.
    child.once('close', (code) => {
      if (code === 0) end()
      else end(new Error(`${title} failed (exit status ${code}):\n${output.trim()}`))
    })
  })
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Set up, then become the given script. */
async function setUpAndRun(script, args) {
  try {
    await ensureReady()
  } catch (error) {
    say(`nps: ${error.message}`)
    process.exit(1)
  }
  process.argv = [process.execPath, script, ...args]
  require(script)
}

module.exports = { ROOT, setUpAndRun }
