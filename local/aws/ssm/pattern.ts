/** Go's bound on the count of a repetition, nested ones multiplied: https://pkg.go.dev/regexp/syntax */
const mostRepeats = 1000

const refused: [RegExp, string][] = [
  [/\(\?(?:<?[=!]|>)/, 'invalid or unsupported Perl syntax'],
  [/\\[1-9]|\\k/, 'invalid escape sequence'],
]

/**
 * `allowedPattern` as the agent compiles it: Go's regexp, RE2. It has no look-around and no back-references, counts no further
 * than 1000, and finds its match anywhere in the value unless the pattern is anchored. Throws Go's error.
 */
export const compilePattern = (pattern: string): RegExp => {
  for (const [unsupported, error] of refused) {
    const found = unsupported.exec(pattern)
    if (found !== null) throw new Error(`error parsing regexp: ${error}: \`${found[0]}\``)
  }
  for (const [repeat, least = '0', most = least] of pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) {
    if (Math.max(Number(least), Number(most)) > mostRepeats) {
      throw new Error(`error parsing regexp: invalid repeat count: \`${repeat}\``)
    }
  }
  return new RegExp(pattern.replaceAll('(?P<', '(?<'))
}
