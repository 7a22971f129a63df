/** What plain mode prints where an answer is typed, or a line that a script may look for. */
interface Printed {
  /** As it is printed, with `{name}` places. */
  says: string
  /** What is to be answered, or what it means. */
  means: string
}

/**
 * Every prompt of plain mode. Scripts wait for them, so man/nps-console.8 has this table and a test compares the two. A
 * prompt ends in a colon and a blank, and nothing follows it before it is answered.
 */
export const PROMPTS = {
  menu: {
    says: 'Choose 1 to {last}: ',
    means:
      'One of the numbered entries: its number, or as many first letters of it as no other has. Enter alone has them said again.',
  },
  choice: {
    says: 'Choose 1 to {last} [{number}]: ',
    means: 'The same, but Enter alone takes the number in brackets.',
  },
  empty: {
    says: '{label}: ',
    means: 'The value of a field that is empty. Enter alone leaves it so.',
  },
  filled: {
    says: '{label} [{value}]: ',
    means: 'The value of a field. Enter alone keeps the one in brackets.',
  },
  secret: {
    says: '{label} (not shown): ',
    means: 'A password; nothing of what is typed is echoed. Enter alone leaves it empty.',
  },
  kept: {
    says: '{label} (not shown) [kept]: ',
    means: 'A password that is there already. Enter alone keeps it.',
  },
  message: {
    says: 'Enter goes on: ',
    means: 'Nothing: what was asked for is done, and Enter goes back to the main menu.',
  },
  page: {
    says: 'Enter goes back, r repeats: ',
    means: 'Nothing: all of the page was printed. r reads it anew; Test connection tests again.',
  },
} as const satisfies Record<string, Printed>

/** The lines that say why an answer was not taken. A script that sees one of them is not where it thinks it is. */
export const REMARKS = {
  refused: {
    says: 'Refused: {error}',
    means:
      'The number and the text of nps-errors(7), with the label of the field in parentheses where it was one. What to do about it follows, and then the question again.',
  },
  unused: {
    says: 'Stopped here: what was typed ahead is not used.',
    means: 'Answers that came before they were asked for, behind a refusal or behind an answer that meant nothing.',
  },
  unknown: {
    says: 'There is no {answer} here.',
    means: 'No entry has this number or begins like this.',
  },
  ambiguous: {
    says: '{answer} can be {labels}.',
    means: 'More than one entry begins like this.',
  },
  disabled: {
    says: '{label}: {reason}.',
    means: 'The entry cannot be chosen now.',
  },
  long: {
    says: '{label} takes {most} characters at most. Nothing of this was used.',
    means: 'The value is longer than any that could be right.',
  },
} as const satisfies Record<string, Printed>

/** Names of the `{name}` places of a text. */
type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never

/** A prompt or a remark with its places filled in. */
export function printed<Text extends string>(
  { says }: { says: Text },
  values: Record<Places<Text>, string | number>,
): string {
  return says.replace(/\{(\w+)\}/g, (_place, name: string) => String(values[name as Places<Text>]))
}
