import { globSync, readFileSync } from 'node:fs'

export type Example = { path: string; text: string }

/** The examples of workflows, jobs and steps in the documentation, each made a whole workflow. */
export const examples = (): Example[] =>
  globSync(['README.md', 'docs/**/*.md', 'actions/*/README.md'])
    .toSorted()
    .flatMap((file) =>
      blocks(readFileSync(file, 'utf8')).map(({ line, text }) => ({ path: `${file}.${line}.yml`, text: whole(text) })),
    )
    .filter(({ text }) => text !== '')

const blocks = (markdown: string): { line: number; text: string }[] =>
  [...markdown.matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)].map(({ 1: text = '', index }) => ({
    line: markdown.slice(0, index).split('\n').length,
    text: dedent(text),
  }))

const dedent = (text: string): string => {
  const margin = Math.min(...[...text.matchAll(/^( *)\S/gm)].map(([, spaces = '']) => spaces.length))
  return text.replaceAll(new RegExp(`^ {${margin}}`, 'gm'), '')
}

const indent = (text: string, by: number): string => text.replaceAll(/^(?=.)/gm, ' '.repeat(by))

/** Empty where the block shows something else, such as a part of another file. */
const whole = (text: string): string => {
  if (/^jobs:/m.test(text)) return /^on:/m.test(text) ? text : `on: push\n${text}`
  if (/^steps:/m.test(text)) return `on: push\njobs:\n  example:\n    runs-on: ubuntu-24.04\n${indent(text, 4)}`
  if (/^- (name|id|uses):/m.test(text))
    return `on: push\njobs:\n  example:\n    runs-on: ubuntu-24.04\n    steps:\n${indent(text, 6)}`
  return ''
}
