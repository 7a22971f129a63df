import { readMenus } from '../../../src/console/menu-files'
import { screensOf } from '../../../src/form/menu-file'
import { meaningOf } from '../../../src/console/plain/answer'
import { PROMPTS } from '../../../src/console/plain/prompts'
import { promptOf, questionOf } from '../../../src/console/plain/question'
import { helpLines, introduction, questionLines } from '../../../src/console/plain/words'
import { focusOn } from '../../../src/form/focus'
import { opened } from '../../../src/form/opening'
import { places } from '../../../src/form/places'
import type { Screen } from '../../../src/form/screen'
import { shown, type FormState } from '../../../src/form/state'
import { Engine, FACTS } from '../../form/driver'

/** The prompts of the table, with anything in their places. */
const PROMISED = Object.values(PROMPTS).map(
  ({ says }) => new RegExp(`^${says.replaceAll(/[[\]()]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^:[\\]]+')}$`),
)

/** All of it is shown, even what is there during a trial only. */
function stateAt(screen: Screen): FormState {
  return opened(new Engine({ ...FACTS, 'network.trial': 'person' }).state, screen)
}

/** Everything that is said of a screen, question by question. */
function saidAt(state: FormState): string {
  const asked = places(shown(state).screen).map((_place, index) => focusOn(state, index))
  const questions = (asked.length === 0 ? [state] : asked).map((at) =>
    [...questionLines(at, 79), promptOf(at)].join('\n'),
  )
  return [...introduction(state, 79), ...questions].join('\n')
}

describe.each([...screensOf(readMenus()).values()].map((screen) => [screen.name, screen] as const))(
  '%s',
  (_name, screen) => {
    const state = stateAt(screen)

    test('says its title and all that can be chosen or filled in', () => {
      const said = saidAt(state)
      const labels = places(screen).flatMap((place) => {
        if (place.kind === 'field') return [place.field.label]
        if (place.kind === 'item') return [place.item.lines === undefined ? place.item.label : 'Screens']
        // OK and Cancel of a choice are its numbers and b; the one button of a message is Enter.
        return screen.kind === 'choice' || screen.kind === 'message' ? [] : [place.button.label]
      })
      expect(said).toContain(screen.title)
      for (const label of labels) expect(said).toContain(label)
    })

    test('asks in the words that are promised, and answers h and b', () => {
      const all = places(screen)
      for (const index of all.length === 0 ? [0] : all.keys()) {
        const at = focusOn(state, index)
        expect(PROMISED.filter((prompt) => prompt.test(promptOf(at)))).not.toEqual([])
        const question = questionOf(at)
        expect(helpLines(question, 79).length).toBeGreaterThan(1)
        const place = all[index]
        const isSecret = place?.kind === 'field' && place.field.kind === 'password'
        expect(meaningOf(at, 'h').kind).toBe(isSecret ? 'keys' : 'help')
        expect(meaningOf(at, 'b').kind).toBe('keys')
      }
    })
  },
)
