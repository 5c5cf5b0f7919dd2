import { Refusal } from '../refusal.ts'
import { type Configuration, configuration } from './configuration.ts'
import { checkConsistency } from './consistency.ts'
import { readDraft } from './draft.ts'
import { checkEcs } from './ecs-checks.ts'
import { explainIssue } from './explain.ts'
import type { Finding } from './finding.ts'
import { checkFunctions } from './function-checks.ts'
import { checkHosts } from './hosts.ts'
import { checkTrustSize } from './identity-size.ts'
import { readJson, repeatsNames } from './json.ts'
import { type Locator, locate, type Path, type Position } from './locate.ts'
import { checkNetworks } from './network.ts'

/** One thing to mend. `message` continues the path: "services.api.image must be …". */
export type Problem = Position & { path: string; message: string }

export type Checked = { configuration: Configuration } | { problems: Problem[] }

/** Reads a configuration and reports everything that is wrong with it, in the order of the text. */
export const checkConfiguration = (source: string): Checked => {
  const text = source.replace(/^\uFEFF/, '')
  const json = readJson(text)
  if (!json.valid) return { problems: [{ ...json.position, path: '', message: `is not valid JSON: ${json.message}` }] }
  const parsed = configuration.safeParse(json.value, { reportInput: true })
  const isRepeating = repeatsNames(text, json.value)
  const found = [
    ...causes((parsed.error?.issues ?? []).flatMap((issue) => explainIssue(issue, json.value))),
    ...checkConsistency(readDraft(json.value)),
    ...(parsed.success
      ? [
          ...checkTrustSize(parsed.data),
          ...checkNetworks(parsed.data),
          ...checkFunctions(parsed.data),
          ...checkEcs(parsed.data),
          ...checkHosts(parsed.data),
        ]
      : []),
  ]
  if (parsed.success && found.length === 0 && !isRepeating) return { configuration: parsed.data }
  const locator = locate(text)
  const problems = [...repeated(locator), ...found].map(({ path, at, message }) => ({
    ...locator[at](path),
    path: printPath(path),
    message,
  }))
  return { problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) }
}

/** Like `checkConfiguration`; throws a `Refusal` with a line `FILE:LINE:COLUMN: PATH …` for each problem. */
export const parseConfiguration = (source: string, file = 'delivery.json'): Configuration => {
  const checked = checkConfiguration(source)
  if ('configuration' in checked) return checked.configuration
  throw new Refusal(checked.problems.map((problem) => printProblem(problem, file)).join('\n'))
}

const printProblem = ({ line, column, path, message }: Problem, file: string): string =>
  `${file}:${line}:${column}: ${path === '' ? 'the file' : path} ${message}`

/** One finding a place; and none for a whole, such as a window, where a part of it is wrong already. */
const causes = (findings: Finding[]): Finding[] => {
  const id = ({ path }: Finding): string => path.map((part) => `${part}\0`).join('')
  return findings.filter(
    (finding, index) =>
      !findings.some(
        (other, at) => id(other).startsWith(id(finding)) && (id(other) === id(finding) ? at < index : id(finding) !== ''),
      ),
  )
}

const repeated = ({ duplicates }: Locator): Finding[] =>
  duplicates.map(({ path, first }) => ({
    path,
    at: 'key',
    message: `is there twice, first in line ${first.line}, and JSON would silently drop that one; remove one of them`,
  }))

/** `services.api.preDeploy[0]`; a name that is no plain word is shown in quotes. */
const printPath = (path: Path): string =>
  path
    .map((part) => {
      if (typeof part === 'number') return `[${part}]`
      return /^[\w$-]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`
    })
    .join('')
    .replace(/^\./, '')
