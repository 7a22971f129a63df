import { InvalidArgumentError, Option, type Command } from 'commander'

interface PlatformFlags {
  folder: string
  listen: { host: string; port: number }
  name: string[]
  codeDays: number
  keepDays: number
  announce: boolean
}

/** `nps platform`: the self-hosted counterpart that sensors register with. */
export function register(program: Command): void {
  program
    .command('platform')
    .description('the platform sensors register with: enrolment, sessions, uploads, web pages')
    .option('--folder <dir>', 'where it keeps its database and keys', '/var/lib/nps-platform')
    .addOption(
      new Option('--listen <host:port>', 'address to listen on; port 0 takes any')
        .argParser(hostAndPort)
        .default(hostAndPort('0.0.0.0:443'), '0.0.0.0:443'),
    )
    .option('--name <name...>', 'names or addresses that sensors and browsers reach it by', [])
    .option('--code-days <days>', 'how long a personalization code may be used', days(365), 7)
    .option('--keep-days <days>', 'how long reported flows and machines are kept', days(36_500), 400)
    .option('--announce', 'print one line of JSON when ready, and end when standard input ends', false)
    .action(run)
}

async function run(flags: PlatformFlags): Promise<void> {
  // Loaded here: server, database and certificates cost every other command a third of a second.
  const { startPlatform } = await import('../platform/main.js')
  const { host, port } = flags.listen
  const platform = await startPlatform({
    folder: flags.folder,
    host,
    port,
    names: flags.name,
    codeLifetimeMs: flags.codeDays * 86_400_000,
    keepDays: flags.keepDays,
  })
  const { url, caFile, enterUrl, operatorKey } = platform
  // Before anybody hears that we are ready, or a signal sent at once would find nobody listening for it.
  const end = ended(flags.announce)
  if (flags.announce) {
    process.stdout.write(`${JSON.stringify({ url, caFile, enterUrl, operatorKey })}\n`)
  } else {
    // A log must not hold the key, so only a terminal gets the link that does.
    const page = process.stdout.isTTY ? enterUrl : `${url} (the operator key is in ${flags.folder}/operator.key)`
    process.stdout.write(`Platform  ${url}\nCA        ${caFile}\nPage      ${page}\n`)
  }
  await end
  // A pipe that is still open would keep the process.
  process.stdin.destroy()
  await platform.close()
}

/** Resolves when it is time to stop. */
function ended(watchInput: boolean): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    // The program that started us holds the other end of our input: its end is that program's end.
    if (watchInput) process.stdin.on('end', resolve).on('error', resolve).resume()
  })
}

function hostAndPort(text: string): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host === undefined || port > 65_535) throw new InvalidArgumentError('write it as 127.0.0.1:443 or [::1]:443')
  return { host, port }
}

function days(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!(value > 0 && value <= most)) throw new InvalidArgumentError(`a number of days up to ${most}`)
    return value
  }
}
