'use strict'
// `npm run bench [-- NAME]`: set up what is missing, then measure ourselves beside our peers.
const path = require('node:path')
const { ROOT, setUpAndRun } = require('./setup')

setUpAndRun(path.join(ROOT, 'dist', 'test', 'bench', 'main.js'), process.argv.slice(2))
