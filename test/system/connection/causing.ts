import type { ErrorNumber } from '../../../src/errors/catalogue'

/**
 * Tests in which a number of the product's list is met because of what it is for: each gives the number that it met.
 * `npm run docs` writes number, condition and test of every call of the form `causes(26, '...'` into nps-errors(7).
 */
export function causing(run: jest.It) {
  return (number: ErrorNumber, condition: string, meet: () => Promise<number | undefined>): void =>
    run(`${number} ${condition}`, async () => expect(await meet()).toBe(number))
}
