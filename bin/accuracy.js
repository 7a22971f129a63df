'use strict'
// `npm run accuracy [-- NAME]`: set up what is missing, then measure the inventory against captures that are known.
const path = require('node:path')
const { ROOT, setUpAndRun } = require('./setup')

setUpAndRun(path.join(ROOT, 'dist', 'test', 'accuracy', 'main.js'), process.argv.slice(2))
