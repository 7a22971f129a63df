'use strict'
// `npm test [-- NAME]`: set up what is missing, then run the tests, or those whose path holds NAME.
const path = require('node:path')
const { ROOT, setUpAndRun } = require('./setup')

setUpAndRun(path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'), process.argv.slice(2))
