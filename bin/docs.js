'use strict'
// `npm run docs`: set up what is missing, then write the parts of the manual that come from the code.
const path = require('node:path')
const { ROOT, setUpAndRun } = require('./setup')

setUpAndRun(path.join(ROOT, 'dist', 'test', 'man', 'write.js'), process.argv.slice(2))
