import { Collector } from '../export/collector'
import { parseCollectorAddress } from '../export/collector-address'
import type { ExportedFlow } from '../export/exported-flow'
import type { FourTuple } from '../flow/four-tuples'
import { applicationNumbered } from '../services/application'

/** Those of no sensor in particular (RFC 7011 section 3.1). */
const EXPORTER = { observationDomain: 0, name: 'nps worker' }

/** A collector as `--export` names it. */
export interface NamedCollector {
  url: string
  collector: Collector
}

/** Throws in plain words when one of the URLs is none. */
export function collectorsAt(urls: readonly string[]): NamedCollector[] {
  return urls.map((url) => {
    const read = parseCollectorAddress(url)
    if ('problem' in read) throw new Error(`--export ${url}: ${read.problem}`)
    return { url, collector: new Collector(read.value, EXPORTER) }
  })
}

/** Send all flows to each of the collectors, and hang up. Rejects, after trying them all, when one did not take them. */
export async function exportFlows(flows: Iterable<FourTuple>, collectors: readonly NamedCollector[]): Promise<void> {
  await Promise.all(
    collectors.map(async ({ collector }) => {
      await collector.send(exported(flows))
      await collector.close()
    }),
  )
  const failed = collectors.filter(({ collector }) => collector.trouble !== '')
  if (failed.length === 0) return
  throw new Error(
    failed.map(({ url, collector }) => `flows cannot be exported to ${url}: ${collector.trouble}`).join('; '),
  )
}

/** A person's own capture: every address is told as it is, as the report tells it. */
export function* exported(flows: Iterable<FourTuple>): Generator<ExportedFlow> {
  for (const flow of flows) {
    yield {
      ...flow,
      clientMac: 0,
      serverMac: 0,
      firstMs: Math.floor(flow.firstMicros / 1000),
      lastMs: Math.floor(flow.lastMicros / 1000),
      application: applicationNumbered(flow.service)?.name ?? '',
    }
  }
}
