/** A syslog line as network gear sends it (RFC 3164 section 4.1). `at` is `Mmm dd hh:mm:ss`. */
export const emitSyslog = (facility: number, severity: number, at: string, host: string, text: string): Buffer =>
  Buffer.from(`<${facility * 8 + severity}>${at} ${host} ${text}`)
