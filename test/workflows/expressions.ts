import { data, Evaluator, Lexer, Parser } from '@actions/expressions'

/** Contexts by name (`needs`, `inputs`, …) as plain values. */
export type Contexts = Record<string, unknown>

/** What has become of the jobs that a job needs. */
export type Standing = 'success' | 'failure' | 'skipped'

const call = (name: string, value: boolean) => ({
  name,
  minArgs: 0,
  maxArgs: 0,
  call: () => new data.BooleanData(value),
})

const statusFunctions = (standings: Standing[], isCancelled: boolean) => [
  call('success', !isCancelled && standings.every((standing) => standing === 'success')),
  call(
    'failure',
    standings.some((standing) => standing === 'failure'),
  ),
  call('always', true),
  call('cancelled', isCancelled),
]

const asData = (value: unknown): data.ExpressionData => JSON.parse(JSON.stringify(value ?? null), data.reviver)

/** Evaluates one expression, without `${{ }}`, with GitHub's own library. */
export const evaluate = (expression: string, contexts: Contexts, standings: Standing[] = [], isCancelled = false): unknown => {
  const functions = statusFunctions(standings, isCancelled)
  const { tokens } = new Lexer(expression).lex()
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse()
  const evaluator = new Evaluator(
    parsed,
    asData(contexts) as data.Dictionary,
    new Map(functions.map((each) => [each.name, each])),
  )
  return JSON.parse(JSON.stringify(evaluator.evaluate(), data.replacer))
}

/** A value of a workflow file: an expression alone keeps its type, one inside a text becomes part of it. */
export const interpolate = (value: unknown, contexts: Contexts): unknown => {
  if (typeof value !== 'string') return value
  const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(value.trim())
  if (whole) return evaluate(whole[1] ?? '', contexts)
  return value.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => String(evaluate(expression, contexts) ?? ''))
}

const isTrue = (value: unknown): boolean => value !== null && value !== false && value !== 0 && value !== ''

/** Whether GitHub would run a job: without a status function in its condition, only after success of all that it needs. */
export const runs = (condition: string | undefined, contexts: Contexts, standings: Standing[], isCancelled = false): boolean => {
  const expression = (condition ?? 'success()').trim().replace(/^\$\{\{(.*)\}\}$/s, '$1')
  const asksItself = /\b(success|failure|always|cancelled)\s*\(/.test(expression)
  if (!asksItself && (isCancelled || standings.some((standing) => standing !== 'success'))) return false
  return isTrue(evaluate(expression, contexts, standings, isCancelled))
}
