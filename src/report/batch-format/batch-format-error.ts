/** Bytes that are no batch this release can read. `version`: it may be whole, and is of a format we do not know. */
export class BatchFormatError extends Error {
  constructor(
    message: string,
    readonly why: 'damaged' | 'version' = 'damaged',
  ) {
    super(message)
    this.name = 'BatchFormatError'
  }
}
