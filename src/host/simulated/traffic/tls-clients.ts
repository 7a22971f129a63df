/** What one TLS library offers, in its order; the order is what fingerprints know it by. */
export interface TlsClient {
  ciphers: readonly number[]
  extensions: readonly ClientExtension[]
  groups: readonly number[]
  signatures: readonly number[]
  /** Put one meaningless value first in each list (RFC 8701), as Chromium does. */
  greases: boolean
}

/** Extensions by their names in the IANA registry. */
export type ClientExtension =
  | 'server_name'
  | 'extended_master_secret'
  | 'renegotiation_info'
  | 'supported_groups'
  | 'ec_point_formats'
  | 'session_ticket'
  | 'alpn'
  | 'status_request'
  | 'signature_algorithms'
  | 'signed_certificate_timestamp'
  | 'key_share'
  | 'psk_key_exchange_modes'
  | 'supported_versions'

export const CHROMIUM: TlsClient = {
  ciphers: [
    0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x9c, 0x9d, 0x2f, 0x35,
  ],
  extensions: [
    'server_name',
    'extended_master_secret',
    'renegotiation_info',
    'supported_groups',
    'ec_point_formats',
    'session_ticket',
    'alpn',
    'status_request',
    'signature_algorithms',
    'signed_certificate_timestamp',
    'key_share',
    'psk_key_exchange_modes',
    'supported_versions',
  ],
  groups: [0x001d, 0x0017, 0x0018],
  signatures: [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
  greases: true,
}

export const FIREFOX: TlsClient = {
  ciphers: [
    0x1301, 0x1303, 0x1302, 0xc02b, 0xc02f, 0xcca9, 0xcca8, 0xc02c, 0xc030, 0xc00a, 0xc009, 0xc013, 0xc014, 0x9c, 0x9d,
    0x2f, 0x35,
  ],
  extensions: [
    'server_name',
    'extended_master_secret',
    'renegotiation_info',
    'supported_groups',
    'ec_point_formats',
    'session_ticket',
    'alpn',
    'status_request',
    'key_share',
    'supported_versions',
    'signature_algorithms',
    'psk_key_exchange_modes',
  ],
  groups: [0x001d, 0x0017, 0x0018, 0x0019, 0x0100, 0x0101],
  signatures: [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201],
  greases: false,
}

export const APPLE_TLS: TlsClient = {
  ciphers: [
    0x1301, 0x1302, 0x1303, 0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8, 0xc00a, 0xc009, 0xc014, 0xc013, 0x9d, 0x9c,
    0x35, 0x2f,
  ],
  extensions: [
    'server_name',
    'extended_master_secret',
    'renegotiation_info',
    'supported_groups',
    'ec_point_formats',
    'alpn',
    'status_request',
    'signature_algorithms',
    'signed_certificate_timestamp',
    'key_share',
    'psk_key_exchange_modes',
    'supported_versions',
  ],
  groups: [0x001d, 0x0017, 0x0018, 0x0019],
  signatures: [0x0403, 0x0804, 0x0401, 0x0503, 0x0203, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201],
  greases: true,
}

/** Updaters and services of Windows: TLS 1.2 only. */
export const SCHANNEL: TlsClient = {
  ciphers: [
    0xc02c, 0xc02b, 0xc030, 0xc02f, 0xc024, 0xc023, 0xc028, 0xc027, 0xc00a, 0xc009, 0xc014, 0xc013, 0x9d, 0x9c, 0x3d,
    0x3c, 0x35, 0x2f,
  ],
  extensions: [
    'server_name',
    'status_request',
    'supported_groups',
    'ec_point_formats',
    'signature_algorithms',
    'session_ticket',
    'alpn',
    'extended_master_secret',
    'renegotiation_info',
  ],
  groups: [0x001d, 0x0017, 0x0018],
  signatures: [0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0202, 0x0601, 0x0603],
  greases: false,
}
