import { inCheckOrder, type Issue } from '../errors/issue'

/** Thrown by an operation that changed nothing; the issues are what the face shows. */
export class Refused extends Error {
  constructor(readonly issues: Issue[]) {
    super(issues.map((each) => each.message).join(' '))
    this.name = 'Refused'
  }
}

/** Refuse with all issues, in the order of G-12, when there are any. */
export function refuseIfAny(issues: Issue[]): void {
  if (issues.length > 0) throw new Refused(inCheckOrder(issues))
}
