import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')
export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Fenced blocks of a page in one language, indented ones of lists included. */
export const blocks = (path: string, language: string): string[] =>
  [...read(path).matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\`$`, 'gms'))].map(([, indent = '', text = '']) =>
    text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )

export const commandsOf = (path: string): string[] =>
  blocks(path, 'sh').flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .filter((line) => line !== ''),
  )

/** Words of a command as a shell splits them; only single quotes are used on the pages. */
export const words = (command: string): string[] =>
  [...command.matchAll(/(?:[^\s']+|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''))

/** `--name value` and `-f key=value` of a command; a flag without a value is `true`. */
export const optionsOf = (command: string) => {
  const options: Record<string, string> = {}
  const fields: Record<string, string> = {}
  const list = words(command)
  for (const [index, word] of list.entries()) {
    const next = list[index + 1] ?? ''
    if (word === '-f') fields[next.slice(0, next.indexOf('='))] = next.slice(next.indexOf('=') + 1)
    else if (word.startsWith('--')) options[word.slice(2)] = next === '' || next.startsWith('-') ? 'true' : next
  }
  return { options, fields }
}

/** Name of a call in the SDK from its name in the CLI. */
export const pascal = (text: string): string => text.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())
