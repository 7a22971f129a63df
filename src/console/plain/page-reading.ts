import { setTimeout as pause } from 'node:timers/promises'
import type { Page, Screens } from '../../form/screen'
import type { PageText } from '../../form/state'
import { LivePages, type PageSight } from '../live-pages'
import type { Work } from './speaker'

/** How soon a page that is still going on is looked at again. */
const LOOK_AGAIN_MS = 1000

/** A page is said once all of it is there, as it is at that moment; a test when it has come to its end. */
export class PageReading {
  private readonly pages: LivePages
  /** The page that is being fetched, and since when. */
  private reading: { page: Page; sinceMs: number } | undefined

  /** `sight`: what pages are made of, as it is now. */
  constructor(
    screens: Screens,
    private readonly sight: () => PageSight,
  ) {
    this.pages = new LivePages(screens)
  }

  /** What is waited for; undefined where nothing is. Ctrl-C leaves it at any time. */
  get work(): Work | undefined {
    if (this.reading === undefined) return undefined
    const { page, sinceMs } = this.reading
    const isTest = this.pages.isGoingOn(page)
    return { busy: isTest ? 'Testing' : 'Asking the sensor', sinceMs, isQuick: !isTest, wayOut: 'goes back' }
  }

  /** Read a page; `done` gets it unless it was stopped, and `onWork` hears when something else is waited for. */
  open(page: Page, onWork: () => void, done: (page: PageText) => void): void {
    const reading = { page, sinceMs: performance.now() }
    this.reading = reading
    this.pages.opened()
    const isStopped = (): boolean => this.reading !== reading
    const read = async (): Promise<void> => {
      await this.pages.fetch(page, this.sight())
      onWork()
      while (!isStopped() && this.pages.isGoingOn(page) && this.sight().control !== undefined) {
        await pause(LOOK_AGAIN_MS)
        if (!isStopped()) await this.pages.fetch(page, this.sight())
      }
    }
    void read().then(() => {
      if (isStopped()) return
      this.reading = undefined
      done({ ...this.pages.text(page, this.sight()), rows: Infinity })
    })
  }

  /** Nobody waits for it any more. */
  stop(): void {
    this.reading = undefined
  }
}
