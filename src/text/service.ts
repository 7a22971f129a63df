/**
 * The application of a flow as tables show it: `https`, or with a question mark when only its server's port tells that;
 * empty while it is unknown.
 */
export function serviceText(service: { app: string; by: 'payload' | 'port' } | undefined): string {
  if (service === undefined) return ''
  return service.by === 'port' ? `${service.app}?` : service.app
}
