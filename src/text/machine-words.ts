interface Said {
  kind: string
  value: string
}

/** What a machine is in words, by its attributes; empty where nothing told. */
export interface MachineWords {
  hostname: string
  vendor: string
  /** Family and version. */
  os: string
  /** Maker, model and type; a maker that the model begins with is not said twice. */
  device: string
}

export function machineWords(attributes: readonly Said[]): MachineWords {
  const values = new Map(attributes.map(({ kind, value }) => [kind, value]))
  const words = (...kinds: string[]): string => kinds.flatMap((kind) => values.get(kind) ?? []).join(' ')
  const maker = words('maker').toLowerCase().split(' ')[0]!
  const isTwice = maker !== '' && words('model').toLowerCase().startsWith(maker)
  return {
    hostname: words('hostname'),
    vendor: words('vendor'),
    os: words('os', 'version'),
    device: isTwice ? words('model', 'device') : words('maker', 'model', 'device'),
  }
}
