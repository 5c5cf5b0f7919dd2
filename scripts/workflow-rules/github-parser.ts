import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { parse } from 'yaml'

type Metadata = { name: string; description: string; inputs?: Record<string, { description: string; required?: boolean }> }
type Position = { line: number; character: number }

// GitHub's packages import JSON without saying that it is, which only bundlers accept.
registerHooks({
  load: (url, context, next) =>
    next(
      url,
      /\/@actions\/.*\.json$/.test(url)
        ? { ...context, importAttributes: { ...context.importAttributes, type: 'json' } }
        : context,
    ),
})

const { registerLogger, validate } = await import('@actions/languageservice')

// What the service cannot cope with it only logs, and then finds nothing.
const fail = (message: string): never => {
  throw new Error(message)
}
registerLogger({ error: fail, warn: () => undefined, info: () => undefined, log: () => undefined })

/** Owner and name under which this repository's own actions are looked up: only a full reference is asked for. */
const SELF = 'slipway-own/actions'

/**
 * What GitHub's own parser and language service say about a workflow or an action.yml at `path`, one line a problem. The
 * inputs of steps that use this repository's actions are compared with their action.yml; actions of others are not known here.
 */
export const gitHubProblems = async (path: string, text: string): Promise<string[]> => {
  const content = text.replaceAll(/uses: \.\/actions\/([\w-]+)/g, `uses: ${SELF}/$1@self`)
  const document = textDocument(`file:///${path}`, content)
  const diagnostics = await validate(document, {
    actionsMetadataProvider: { fetchActionMetadata },
    fileProvider: { getFileContent },
  })
  return diagnostics
    .filter(({ severity = 1 }) => severity <= 2)
    .map(({ message, range }) => `${path}:${range.start.line + 1}: ${message}`)
    .filter((problem) => !/Unable to resolve action `actions\/(checkout|attest)@/.test(problem))
}

const fetchActionMetadata = async ({ owner, name, path = '' }: { owner: string; name: string; path?: string }) => {
  const action = `${owner}/${name}` === SELF ? path : name === 'slipway' ? path.replace(/^actions\//, '') : undefined
  return action === undefined ? undefined : metadataOf(action)
}

const metadataOf = (action: string): Metadata | undefined => {
  try {
    return parse(readFileSync(`actions/${action}/action.yml`, 'utf8'))
  } catch {
    return undefined
  }
}

const getFileContent = async (reference: { path: string }) => {
  const path = reference.path.replace(/^\.\//, '')
  return { name: path, content: readFileSync(path, 'utf8') }
}

const textDocument = (uri: string, text: string) => {
  const lines = text.split('\n')
  const startOf = (line: number): number => lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0)
  return {
    uri,
    languageId: 'yaml',
    version: 1,
    lineCount: lines.length,
    getText: () => text,
    offsetAt: ({ line, character }: Position) => startOf(line) + character,
    positionAt: (offset: number): Position => {
      const before = text.slice(0, offset).split('\n')
      return { line: before.length - 1, character: before.at(-1)?.length ?? 0 }
    },
    getLineRange: (line: number) => ({ start: { line, character: 0 }, end: { line, character: lines[line]?.length ?? 0 } }),
    getEOLCharacters: (line: number) => (line < lines.length - 1 ? '\n' : ''),
  }
}
