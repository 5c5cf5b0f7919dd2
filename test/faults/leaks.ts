import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Step } from '../../local/github/step.ts'
import type { Stage } from './stage.ts'

/** The only line in which a secret may stand: it asks the runner to hide it. */
const withoutMasks = (log: string): string => log.replaceAll(/^::add-mask::.*$/gm, '')

/** A JSON web token, whoever signed it. */
const TOKEN = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/

/** Where a secret was found outside the memory of the process that needs it. */
export const leaks = (stage: Pick<Stage, 'secrets' | 'traces'>, { log, summary, outputs, state }: Step): string[] => {
  const places: Record<string, string> = {
    'the log': withoutMasks(log),
    'the job summary': summary,
    outputs: JSON.stringify(outputs),
    'the saved state': JSON.stringify(state),
    'a file, an argument or the environment of a child': stage.traces().join('\n'),
  }
  const secrets = stage.secrets().filter((secret) => secret !== '')
  return Object.entries(places).flatMap(([place, text]) => {
    const found = secrets.some((secret) => text.includes(secret)) || TOKEN.test(text)
    return found ? [`a secret is in ${place}`] : []
  })
}

/** All files below a folder, as text. */
export const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    : []
