import { createHash } from 'node:crypto'
import jsonata from 'jsonata'

type Json = Record<string, unknown>
type Match = { ErrorEquals: string[]; Next?: string; Assign?: Json; MaxAttempts?: number }
type State = Json & {
  Type: string
  Resource: string
  Next?: string
  Default: string
  End?: boolean
  Retry?: Match[]
  Catch?: Match[]
  Choices: (Json & { Condition: string; Next: string })[]
  ItemProcessor: Definition
}
export type Definition = { StartAt: string; States: Record<string, State> }

/** An error of an AWS API, as Step Functions names it: `Ecs.ConflictException`. */
export class AwsError extends Error {}

/** `ssm:getParameters` and what it is asked; what AWS answers. */
export type Answer = (action: string, asked: Json, now: number) => Json

export type Ended = { state: string; output?: unknown; error?: unknown; cause?: unknown; visited: string[]; seconds: number }

const BEGIN = Date.parse('2026-11-21T08:00:00Z')

/**
 * Runs a state machine of the Amazon States Language with JSONata, as far as ours needs it: Task, Choice, Wait, Map, Succeed,
 * Fail, Assign, Retry and Catch. A value that is undefined is an error, as it is in Step Functions. Nothing is waited for: a clock
 * of its own goes on.
 */
export const runStates = async (definition: Definition, input: unknown, answer: Answer): Promise<Ended> => {
  let now = BEGIN
  const visited: string[] = []

  const evaluate = async (value: unknown, scope: Json, variables: Json): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map((each) => evaluate(each, scope, variables)))
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).map(async ([key, each]) => [key, await evaluate(each, scope, variables)])
      return Object.fromEntries(await Promise.all(entries))
    }
    const text = typeof value === 'string' ? /^\{%(.*)%\}$/s.exec(value)?.[1] : undefined
    if (text === undefined) return value
    const expression = jsonata(text)
    expression.registerFunction('hash', (of: string) => createHash('sha256').update(of).digest('hex'))
    expression.registerFunction('parse', (of: string) => JSON.parse(of))
    const result: unknown = await expression.evaluate(undefined, { ...variables, states: scope })
    if (result === undefined) throw new AwsError('States.QueryEvaluationError', { cause: `nothing is ${text}` })
    return JSON.parse(JSON.stringify(result))
  }

  const work = async (state: State, scope: Json, variables: Json): Promise<unknown> => {
    if (state.Type === 'Map') {
      const items = (await evaluate(state['Items'], scope, variables)) as unknown[]
      const each: unknown[] = []
      for (const item of items) each.push((await walk(state.ItemProcessor, item, variables)).output)
      return each
    }
    const asked = (await evaluate(state['Arguments'], scope, variables)) as Json
    for (let attempt = 0; ; attempt++) {
      try {
        return answer(state.Resource.replace(/^arn:aws:states:::aws-sdk:/, ''), asked, (now - BEGIN) / 1000)
      } catch (error) {
        const retry = state.Retry?.find((match) => matches(match, error))
        if (!(error instanceof AwsError) || attempt >= (retry?.MaxAttempts ?? 0)) throw error
      }
    }
  }

  const walk = async ({ StartAt, States }: Definition, begun: unknown, outer: Json): Promise<Ended> => {
    const variables = { ...outer }
    let current = begun
    for (let name = StartAt; ; ) {
      visited.push(name)
      if (visited.length > 2000) throw new Error('it runs for ever')
      const state = States[name]
      if (state === undefined) throw new Error(`no state ${name}`)
      const context = {
        Execution: { Id: 'run-1', Input: input, StartTime: new Date(BEGIN).toISOString() },
        State: { EnteredTime: new Date(now).toISOString() },
      }
      const scope: Json = { input: current, context }
      const assign = async (of: Json): Promise<void> => {
        Object.assign(variables, await evaluate(of['Assign'] ?? {}, scope, variables))
      }
      const ended = { state: name, visited, seconds: (now - BEGIN) / 1000 }
      if (state.Type === 'Fail')
        return {
          ...ended,
          error: await evaluate(state['Error'], scope, variables),
          cause: await evaluate(state['Cause'], scope, variables),
        }
      if (state.Type === 'Succeed') return { ...ended, output: await evaluate(state['Output'], scope, variables) }
      if (state.Type === 'Wait') {
        now += Number(await evaluate(state['Seconds'], scope, variables)) * 1000
        name = state.Next ?? ''
        continue
      }
      if (state.Type === 'Choice') {
        let chosen: (typeof state.Choices)[number] | undefined
        for (const rule of state.Choices) {
          const holds = await evaluate(rule.Condition, scope, variables)
          if (typeof holds !== 'boolean') throw new Error(`${rule.Condition} is ${holds}`)
          if (holds && chosen === undefined) chosen = rule
          if (holds) break
        }
        if (chosen) await assign(chosen)
        name = chosen?.Next ?? state.Default
        continue
      }
      try {
        scope['result'] = await work(state, scope, variables)
        const output = state['Output'] === undefined ? scope['result'] : await evaluate(state['Output'], scope, variables)
        await assign(state)
        if (state.End) return { ...ended, output }
        current = output
        name = state.Next ?? ''
      } catch (error) {
        const caught = state.Catch?.find((match) => matches(match, error))
        if (!(error instanceof AwsError) || caught?.Next === undefined) throw error
        scope['errorOutput'] = { Error: error.message, Cause: String(error.cause ?? '') }
        await assign(caught)
        name = caught.Next
      }
    }
  }

  return walk(definition, input, {})
}

const matches = ({ ErrorEquals }: Match, error: unknown): boolean =>
  error instanceof AwsError && (ErrorEquals.includes('States.ALL') || ErrorEquals.includes(error.message))
