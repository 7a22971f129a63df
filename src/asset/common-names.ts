/** Hostnames that tell nobody apart: what machines are called before somebody names them. In lower case. */
export const COMMON_NAMES: ReadonlySet<string> = new Set([
  'iphone',
  'ipad',
  'android',
  'raspberrypi',
  'ubuntu',
  'debian',
  'localhost',
  'macbook-pro',
  'macbook-air',
])
