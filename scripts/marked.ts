/** `text` with other lines between the markers `<!-- KIND:start -->` and `<!-- KIND:end -->`. Throws where `path` has none. */
export const between = (text: string, kind: string, lines: string[], path: string): string => {
  const marked = new RegExp(`(<!-- ${kind}:start -->)[\\s\\S]*?(<!-- ${kind}:end -->)`)
  if (!marked.test(text)) throw new Error(`${path} has no markers <!-- ${kind}:start --> and <!-- ${kind}:end -->`)
  return text.replace(marked, (_, start, end) => `${start}\n\n${lines.join('\n')}\n\n${end}`)
}
