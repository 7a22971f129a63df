'use strict'
// `npm start`: set up what is missing, then be a whole simulated appliance on this terminal.
const path = require('node:path')
const { ROOT, setUpAndRun } = require('./setup')

setUpAndRun(path.join(ROOT, 'bin', 'nps'), ['simulate', ...process.argv.slice(2)])
