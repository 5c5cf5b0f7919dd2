const [OPENING, GUARDED] = ['$' + '{{', '$\u2063{{']

/**
 * act evaluates once more what an expression has given, so that what looks like one in data (a reason, a commit message)
 * would be evaluated too; GitHub evaluates the text of the file only, once. Data is therefore handed to act with a sign in
 * between, and what leaves act for a process or for the harness loses it.
 */
export const guard = (text: string): string => text.replaceAll(OPENING, GUARDED)

export const unguard = (text: string): string => text.replaceAll(GUARDED, OPENING)
