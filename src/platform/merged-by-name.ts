/** What stands before the name in the reason for such a merge, as asset/identity.ts words it; a test holds them together. */
const BY_NAME = ' goes by the same hostname '

/** The hostnames by which addresses became one machine, of the reasons that its sensor gives for that. */
export function namesThatMerged(reasons: readonly string[]): string[] {
  return reasons.flatMap((reason) => {
    const at = reason.indexOf(BY_NAME)
    return at < 0 ? [] : [reason.slice(at + BY_NAME.length)]
  })
}
