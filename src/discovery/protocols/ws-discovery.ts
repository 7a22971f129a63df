import { speaker, type Voice } from '../voice'

/**
 * Web Services Dynamic Discovery (OASIS, 2009): SOAP in datagrams. A hello, or a match to a probe, names the types of the
 * device; a probe names what its sender looks for.
 */
export const WS_DISCOVERY: Voice = {
  source: 'ws-discovery',
  udp: [3702],
  hear(heard, notes) {
    const text = heard.bytes.toString('utf8', 0, 8192)
    if (!/<[^>]*:?(Hello|ProbeMatches|ResolveMatches)[\s>]/.test(text)) return
    const types = /<[\w-]*:?Types[^>]*>([^<]{1,250})</.exec(text)?.[1]
    if (types !== undefined) notes.add(speaker(heard), 'wsd-types', types)
    for (const [, name] of text.matchAll(/onvif:\/\/www\.onvif\.org\/(?:name|hardware)\/([^\s<]{1,64})/g)) {
      notes.add(speaker(heard), 'onvif', decodedUri(name!))
    }
  },
}

function decodedUri(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
