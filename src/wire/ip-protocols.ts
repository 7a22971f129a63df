// IP protocol numbers that are asked for by name (IANA protocol-numbers).

export const PROTOCOL_HOP_BY_HOP = 0
export const PROTOCOL_TCP = 6
export const PROTOCOL_UDP = 17
