import { stdin, stderr } from 'node:process'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { readStandardInput } from './appliance'

/**
 * Secrets that a person types without seeing them, or that a script has on standard input, one a line. Never from the
 * command line, where every user of the machine could read them. What is not given is empty.
 */
export async function askSecrets(prompts: readonly string[]): Promise<string[]> {
  if (!stdin.isTTY) {
    const lines = (await readStandardInput()).split(/\r?\n/)
    return prompts.map((_, at) => lines[at] ?? '')
  }
  // The interface edits a line as usual; what it would draw goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true })
  const typed = lines[Symbol.asyncIterator]()
  // Ctrl-C reaches the interface as a key.
  lines.once('SIGINT', () => {
    stderr.write('\n')
    process.exit(130)
  })
  try {
    const secrets: string[] = []
    for (const prompt of prompts) {
      stderr.write(`${prompt}: `)
      const { value } = await typed.next()
      stderr.write('\n')
      secrets.push(value ?? '')
    }
    return secrets
  } finally {
    lines.close()
  }
}
