import { LineCounter, parseDocument, visit } from 'yaml'
import { z } from 'zod'

const values = z.record(z.string(), z.unknown())

const step = z.looseObject({
  name: z.string().optional(),
  id: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: values.optional(),
  env: values.optional(),
})

const concurrency = z.looseObject({ group: z.string(), 'cancel-in-progress': z.union([z.boolean(), z.string()]).optional() })
const permissions = z.union([z.string(), z.record(z.string(), z.string())])

const job = z.looseObject({
  name: z.string().optional(),
  if: z.union([z.string(), z.boolean()]).optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  uses: z.string().optional(),
  with: values.optional(),
  secrets: z.unknown().optional(),
  'runs-on': z.unknown().optional(),
  'timeout-minutes': z.unknown().optional(),
  environment: z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)]).optional(),
  permissions: permissions.optional(),
  concurrency: z.union([z.string(), concurrency]).optional(),
  env: values.optional(),
  outputs: values.optional(),
  steps: z.array(step).default([]),
})

const trigger = z.looseObject({
  branches: z.array(z.string()).optional(),
  inputs: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string().default('string'),
        required: z.boolean().default(false),
        options: z.array(z.string()).optional(),
      }),
    )
    .default({}),
  outputs: values.default({}),
})

/** `on: push` and `on: [push]` say the same as `on: { push: }`. */
const triggers = z.preprocess(
  (on) => {
    if (typeof on === 'string') return { [on]: {} }
    if (Array.isArray(on)) return Object.fromEntries(on.map((name) => [name, {}]))
    return Object.fromEntries(Object.entries(on ?? {}).map(([name, settings]) => [name, toTrigger(settings)]))
  },
  z.record(z.string(), trigger),
)

const toTrigger = (settings: unknown): unknown =>
  typeof settings === 'object' && !Array.isArray(settings) ? (settings ?? {}) : {}

const workflow = z.looseObject({
  name: z.string().optional(),
  'run-name': z.string().optional(),
  on: triggers,
  permissions: permissions.optional(),
  concurrency: z.union([z.string(), concurrency]).optional(),
  env: values.optional(),
  jobs: z.record(z.string(), job),
})

export type Step = z.infer<typeof step>
export type Job = z.infer<typeof job>
export type Path = (string | number)[]

export type Workflow = z.infer<typeof workflow> & {
  /** Name of the file, without folders. */
  file: string
  /** Line on which the value at a path begins; that of what holds it where there is none. */
  lineOf: (path: Path) => number
  /** Comment at the end of the line of the value at a path. */
  commentOf: (path: Path) => string | undefined
  /** Every text of the file with the path that leads to it. */
  texts: { path: Path; text: string }[]
}

/** Throws where the text is no workflow at all; whether GitHub takes it is GitHub's own parser to say. */
export const readWorkflow = (file: string, text: string): Workflow => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const data = workflow.safeParse(document.toJS())
  if (document.errors[0] !== undefined) throw new Error(`${file}: ${document.errors[0].message}`)
  if (!data.success) throw new Error(`${file}: ${z.prettifyError(data.error)}`)
  const nodeAt = (path: Path): unknown => document.getIn(path, true)
  const lineOf = (path: Path): number => {
    const node = nodeAt(path)
    if (isRanged(node)) return lines.linePos(node.range[0]).line
    return path.length === 0 ? 1 : lineOf(path.slice(0, -1))
  }
  const commentOf = (path: Path): string | undefined => {
    const node = nodeAt(path)
    return hasComment(node) ? node.comment.trim() : undefined
  }
  return { ...data.data, file, lineOf, commentOf, texts: textsOf(document) }
}

const isRanged = (node: unknown): node is { range: [number, number, number] } =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)

const hasComment = (node: unknown): node is { comment: string } =>
  typeof node === 'object' && node !== null && 'comment' in node && typeof node.comment === 'string'

const textsOf = (document: ReturnType<typeof parseDocument>): { path: Path; text: string }[] => {
  const found: { path: Path; text: string }[] = []
  visit(document, {
    Scalar: (key, node, ancestors) => {
      if (key !== 'key' && typeof node.value === 'string') found.push({ path: pathOf(key, ancestors), text: node.value })
    },
  })
  return found
}

/** A pair lends its key, a sequence the place in it. */
const pathOf = (key: number | 'key' | 'value' | null, ancestors: readonly unknown[]): Path => {
  const path: Path = []
  for (const [index, ancestor] of ancestors.entries()) {
    if (isPair(ancestor)) path.push(String(ancestor.key.value))
    const next = ancestors[index + 1]
    if (isSequence(ancestor)) path.push(next === undefined ? Number(key) : ancestor.items.indexOf(next))
  }
  return path
}

const isPair = (node: unknown): node is { key: { value: unknown } } =>
  typeof node === 'object' &&
  node !== null &&
  'key' in node &&
  typeof node.key === 'object' &&
  node.key !== null &&
  'value' in node.key

const isSequence = (node: unknown): node is { items: unknown[]; flow?: boolean } =>
  typeof node === 'object' && node !== null && node.constructor.name === 'YAMLSeq'
