import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/**
 * Lets the operator in. A browser shows the operator key once and gets a cookie; a script sends the key as a bearer
 * token. Everything that is not named as open needs one of the two.
 */
export class Operator {
  constructor(
    private readonly key: string,
    private readonly now: () => number,
  ) {}

  /** Is this the operator key? Takes as long for a near miss as for a far one. */
  isKey(text: string): boolean {
    return sameText(text, this.key)
  }

  /** Give the browser its cookie: nothing but an end time that only this key could have signed. */
  begin(c: Context): void {
    const end = String(this.now() + SESSION_MS)
    setCookie(c, COOKIE, `${end}.${this.sign(end)}`, {
      httpOnly: true,
      secure: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: SESSION_MS / 1000,
    })
  }

  end(c: Context): void {
    deleteCookie(c, COOKIE, { path: '/', secure: true })
  }

  /** Middleware for every route but those `isOpen` names. Browsers are sent to the login page, scripts get 401. */
  guard(isOpen: (method: string, path: string) => boolean): MiddlewareHandler {
    return async (c, next) => {
      if (isOpen(c.req.method, c.req.path)) return next()
      const bearer = /^Bearer (.+)$/.exec(c.req.header('Authorization') ?? '')?.[1]
      if (bearer !== undefined && this.isKey(bearer)) return next()
      if (!this.hasCookie(c)) {
        if (c.req.path.startsWith('/api/')) return c.json({ error: 'the operator key is needed' }, 401)
        return c.redirect('/login', 303)
      }
      // The browser adds the cookie to whatever page makes it send, so a change has to come from our own pages.
      if (!isReading(c.req.method) && !isFromOurPage(c)) {
        return c.json({ error: 'this request came from another site' }, 403)
      }
      return next()
    }
  }

  private hasCookie(c: Context): boolean {
    const [end = '', signature = ''] = (getCookie(c, COOKIE) ?? '').split('.')
    return sameText(signature, this.sign(end)) && Number(end) > this.now()
  }

  private sign(end: string): string {
    return createHmac('sha256', this.key).update(`session until ${end}`).digest('base64url')
  }
}

/** The prefix makes browsers refuse it without Secure and from any other host. */
const COOKIE = '__Host-nps'
const SESSION_MS = 12 * 3_600_000

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Browsers say where a request comes from in Sec-Fetch-Site, older ones in Origin alone; silence is not trusted. */
function isFromOurPage(c: Context): boolean {
  const site = c.req.header('Sec-Fetch-Site')
  if (site !== undefined) return site === 'same-origin'
  return c.req.header('Origin') === `https://${c.req.header('Host')}`
}

function sameText(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}
