import { headline } from '../../errors/catalogue'
import { adviceOf } from '../../errors/issue'
import { kindOf } from '../../form/kinds'
import { places } from '../../form/places'
import type { Field } from '../../form/screen'
import { filled, shown, valueInForce, type FormState, type PlacedIssue } from '../../form/state'
import { wrap } from '../../form/text'
import { printed, REMARKS } from './prompts'
import { isDrawn, questionOf, type Choice, type Question } from './question'

/** What a screen says before its first question: title, explanation, and what there is to choose or to read. */
export function introduction(state: FormState, columns: number): string[] {
  const { screen } = shown(state)
  // Nobody is asked to look at lines that are not drawn.
  const explained = places(screen).some(isDrawn) ? '' : filled(screen.prompt, { ...state.facts, ...state.draft })
  return [
    '',
    filled(screen.title, state.facts),
    ...paragraphs(explained, columns),
    ...(screen.kind === 'page' ? pageLines(state) : []),
  ]
}

/** What is said in front of a prompt: the numbered answers, and at the end of a form what will be sent. */
export function questionLines(state: FormState, columns: number): string[] {
  const question = questionOf(state)
  if (question.kind !== 'choices') return []
  const { screen } = shown(state)
  if (screen.kind === 'message' && question.choices.length === 1) return []
  const summary = screen.kind === 'form' ? screen.fields.map((field) => summaryOf(state, field)) : []
  const choices = question.choices.map((choice, index) => choiceLine(state, choice, index))
  // What is aligned in columns stays so where it fits.
  return [...summary, ...choices.flatMap((line) => (line.length <= columns ? [line] : paragraphs(line, columns)))]
}

/** `Refused: 13 Invalid IP Address`, the plain sentence, and what to do about it. */
export function refusalLines(state: FormState, issues: readonly PlacedIssue[], columns: number): string[] {
  return issues.flatMap((issue) => {
    const { setting, number, message } = issue
    const label = labelOf(state, setting)
    return [
      ...paragraphs(
        `${printed(REMARKS.refused, { error: headline(number) })}${label === '' ? '' : ` (${label})`}`,
        columns,
      ),
      ...paragraphs(message, columns),
      ...paragraphs(adviceOf(issue), columns),
    ]
  })
}

/** How to answer the question that is asked. */
export function helpLines(question: Question, columns: number): string[] {
  const lines =
    question.kind === 'field'
      ? kindOf(question.field.kind).isSecret === true
        ? SECRET_HELP
        : FIELD_HELP
      : question.kind === 'choices'
        ? CHOICE_HELP
        : TEXT_HELP
  return lines.flatMap((line) => paragraphs(line, columns))
}

const BACK_HELP = 'Ctrl-C goes back one screen.'
const CHOICE_HELP = [
  'Type a number and Enter; or the first letters of an entry.',
  'Enter alone takes the number in brackets, where there is one.',
  'b goes back, r reads this again, h is this help.',
  BACK_HELP,
]
const FIELD_HELP = [
  'Type the value and Enter. Enter alone keeps the value in brackets.',
  '- empties the field. b goes back one question, h is this help.',
  'A \\ in front means what follows is the value, whatever it says: \\b is the value b.',
  BACK_HELP,
]
const SECRET_HELP = [
  'Type the value and Enter. Nothing of it is shown, and every character counts as it is.',
  'Enter alone keeps what is kept.',
  BACK_HELP,
]
const TEXT_HELP = ['Enter or b goes back, r reads this again, h is this help.', BACK_HELP]

export function paragraphs(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => wrap(line, columns))
}

function choiceLine(state: FormState, { place, label, reason }: Choice, index: number): string {
  const { screen } = shown(state)
  const value = screen.kind === 'choice' ? screen.items[place]?.value : undefined
  const isInForce = screen.kind === 'choice' && value !== undefined && valueInForce(state, screen.setting) === value
  const words = reason === undefined ? (isInForce ? ' (now)' : '') : `, not possible: ${reason}`
  return `${index + 1} ${label}${words}`
}

/** `IP address: 10.0.0.9, was 192.168.1.4`. */
function summaryOf(state: FormState, { label, kind, setting }: Field): string {
  const { isSecret, show, hint } = kindOf(kind)
  const value = state.draft[setting]
  if (isSecret === true) {
    const isKept = value === undefined && state.keptSecrets.includes(setting)
    return `${label}: ${isKept ? 'kept' : (value ?? '') === '' ? 'empty' : 'typed, not shown'}`
  }
  const text = value ?? ''
  const before = state.inForce[setting] ?? ''
  const beside = [hint?.(text) ?? '', before === '' || before === text ? '' : `was ${before}`]
  const words = text === '' ? 'empty' : (show?.(text, 0).text ?? text)
  return `${label}: ${[words, ...beside.filter((part) => part !== '')].join(', ')}`
}

/** Where the label of a refused field says more than the refusal itself. */
function labelOf(state: FormState, setting: string): string {
  const { screen } = shown(state)
  const field = screen.kind === 'form' ? screen.fields.find((each) => each.setting === setting) : undefined
  return field?.label ?? ''
}

/** A picture made of blocks, such as a QR code, says nothing here. */
function pageLines({ page }: FormState): string[] {
  return [...page.head, ...page.lines]
    .filter((line) => !/[\u2580\u2584\u2588]/.test(line))
    .map((line) => line.trimEnd())
}
