const PLAIN: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'it cut the connection',
  EPIPE: 'it cut the connection',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'no DNS server answers',
  ENETUNREACH: 'there is no way there',
  EHOSTUNREACH: 'there is no way there',
  ENETDOWN: 'there is no way there',
  ETIMEDOUT: 'no answer',
}

/** Why the network did not take something, in plain words. */
export function reasonOf(error: unknown): string {
  // Several addresses were tried: each has its own error, and the whole has no text.
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join(', ')
  const { code, message } = error as NodeJS.ErrnoException
  return PLAIN[code ?? ''] ?? message
}
