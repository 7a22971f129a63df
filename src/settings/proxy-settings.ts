/** The HTTP proxy that all outbound connections take when enabled. */
export interface ProxySettings {
  enabled: boolean
  /** Name or address (C-09), lower case. */
  host: string
  /** 1 to 65535; 443 by default. */
  port: number
  auth: 'none' | 'basic' | 'ntlm'
  /** `user` or `domain\user`, at most 32 characters. */
  user: string
  /** At most 16 characters. Kept apart from the rest, in a file of mode 0600. */
  password: string
}

export const DEFAULT_PROXY: ProxySettings = {
  enabled: false,
  host: '',
  port: 443,
  auth: 'none',
  user: '',
  password: '',
}
