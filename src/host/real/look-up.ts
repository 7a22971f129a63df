import { Resolver } from 'node:dns/promises'

/** The addresses of a name, IPv4 first, as this one server has them. */
export async function lookUp(server: string, name: string, timeoutMs: number): Promise<string[]> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  resolver.setServers([server])
  const asked = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const found = asked.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  if (found.length > 0) return found
  throw (asked[0] as PromiseRejectedResult).reason
}
