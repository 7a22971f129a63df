import { request } from 'node:https'

/** A platform as its operator knows it. */
export interface Operated {
  url: string
  operatorKey: string
}

/** Ask the platform's JSON interface as its operator. */
export function operate(
  { url, operatorKey }: Operated,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, url), {
      method,
      // The tests talk to a platform of their own, whose authority is a minute old.
      rejectUnauthorized: false,
      headers: { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' },
    })
    asked.once('error', reject)
    asked.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.once('end', () => resolve(JSON.parse(text)))
    })
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
