import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { hasProgram, testWith } from '../needs'

const NPS = resolve(__dirname, '../../../bin/nps')

/** What an admin would write with expect(1): no screen model, the words are waited for in the bytes as they come. */
const SCRIPT = `
set timeout 30
log_user 1
proc see {words} { expect -ex $words {} timeout { puts "\\nNOT SEEN: $words"; exit 1 } eof { puts "\\nENDED"; exit 2 } }
set stty_init "rows 24 columns 80"
spawn {*}$argv
expect -re {code to use +([0-9]{14})} { set code $expect_out(1,string) } timeout { exit 3 }
see "Set up Network"
send "\\r"
see "Static IP"
send "\\033\\[B\\r"
see "IP address"
send "192.168.50.41\\t255.255.255.0\\t192.168.50.1\\t192.168.50.1\\t\\t\\r"
see "accepted"
send "\\r"
see "Proxy Configuration"
send "\\033\\[B\\r"
see "Enable Proxy"
send "\\r"
see "Enter the proxy server details"
send "10.1.1.1\\t3128\\t\\r"
see "BasicAuth"
send "\\033\\[B\\r"
see "Proxy Password"
send "sensor\\tsecret;\\"#\\t\\r"
see "OK"
send "\\r"
see "Personalize this scanner"
send "3\\r"
see "Enter the 14 digit Personalization Code:"
send "$code\\t\\r"
see "Appliance registration completed successfully."
send "\\r"
see "Registered"
send "e\\r"
see "has stopped"
expect eof
`

testWith(hasProgram('expect', '-v'), 'expect')(
  'an expect script sets up network and proxy and registers',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'nps-expect-'))
    try {
      const command = [process.execPath, NPS, 'simulate', '--folder', folder, '--port', '0']
      const { status, stdout } = spawnSync('expect', ['-f', '-', ...command], { input: SCRIPT, encoding: 'utf8' })
      expect({ status, end: status === 0 ? '' : stdout.slice(-3000) }).toEqual({ status: 0, end: '' })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  120_000,
)
