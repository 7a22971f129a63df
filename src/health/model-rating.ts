/**
 * What a model is built for, in bits per second; 0 for a model that is not known. The second part of its name says
 * it: `QPS-10G-0404-B1` is 10 Gbit/s. Only `01M` is not meant as it stands: both models of that name take 100 Mbit/s.
 */
export function ratedBitsPerSecond(model: string): number {
  const [, digits, unit] = /^QPS-(\d+)([MG])-/.exec(model) ?? []
  if (digits === undefined) return 0
  return unit === 'G' ? Number(digits) * 1e9 : 100e6
}
