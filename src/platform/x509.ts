/**
 * The X.509 library, made loadable. It brings tsyringe, which refuses to load where nobody keeps decorator
 * metadata, though no class of the library declares any. So we keep it, in the few calls that are made.
 */
interface MetadataReflect {
  defineMetadata(key: unknown, value: unknown, target: object): void
  getMetadata(key: unknown, target: object): unknown
  getOwnMetadata(key: unknown, target: object): unknown
}

const reflect = Reflect as unknown as Partial<MetadataReflect>
if (reflect.getMetadata === undefined) {
  const kept = new WeakMap<object, Map<unknown, unknown>>()
  reflect.defineMetadata = (key, value, target) => {
    kept.set(target, (kept.get(target) ?? new Map<unknown, unknown>()).set(key, value))
  }
  reflect.getMetadata = reflect.getOwnMetadata = (key, target) => kept.get(target)?.get(key)
}

export const x509 = require('@peculiar/x509') as typeof import('@peculiar/x509')
