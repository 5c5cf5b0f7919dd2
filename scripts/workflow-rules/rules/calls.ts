import { calledFile, eachJob, eachStep, ownAction, type Rule, type World } from '../rule.ts'
import type { Workflow } from '../workflow.ts'

/** What is passed must be declared where it arrives: a wrong name is an empty string at run time. */
export const calls: Rule[] = [
  {
    id: 'known-inputs',
    check: (workflow, world) => [
      ...eachJob((job, _key, _workflow, { workflows }) => {
        const inputs = declared(workflows, calledFile(job))?.inputs
        if (inputs === undefined) return []
        const missing = Object.keys(inputs).filter((name) => inputs[name]?.required && job.with?.[name] === undefined)
        return [
          ...unknown(job.with, Object.keys(inputs)).map(
            (name) => `gives ${calledFile(job)} the input '${name}', which it does not have`,
          ),
          ...missing.map((name) => `does not give ${calledFile(job)} its required input '${name}'`),
        ]
      })(workflow, world),
      ...eachStep((step, _job, _workflow, _place, { actions }) => {
        const name = ownAction(step) ?? ''
        const contract = actions[name]
        if (contract === undefined) return []
        return unknown(step.with, contract.inputs).map((input) => `actions/${name} has no input '${input}'`)
      })(workflow, world),
    ],
  },
  {
    id: 'known-outputs',
    check: (workflow, world) =>
      workflow.texts.flatMap(({ path, text }) =>
        [
          ...references(text, /\bneeds\.([\w-]+)\.outputs\.([\w-]+)/g).filter(
            ([job, output]) => !outputsOfJob(workflow, job, world).includes(output),
          ),
          ...references(text, /\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g).filter(
            ([step, output]) => !outputsOfStep(workflow, String(path[1]), step, world).includes(output),
          ),
        ].map(([source, output]) => ({ at: path, message: `'${source}' has no output '${output}'` })),
      ),
  },
  {
    // A called workflow that hands on only some outputs of its action hides the others from every caller.
    id: 'all-outputs',
    check: (workflow, world) =>
      workflow.file === '_plan.yml' && 'plan-delivery' in world.actions
        ? (world.actions['plan-delivery']?.outputs ?? [])
            .filter((output) => !(output in (workflow.on['workflow_call']?.outputs ?? {})))
            .map((output) => ({ at: ['on'], message: `the output '${output}' of plan-delivery is not handed on` }))
        : [],
  },
]

const declared = (workflows: Workflow[], file: string | undefined) =>
  workflows.find((workflow) => workflow.file === file)?.on['workflow_call']

const unknown = (given: Record<string, unknown> | undefined, known: string[]): string[] =>
  Object.keys(given ?? {}).filter((name) => !known.includes(name))

const references = (text: string, pattern: RegExp): [string, string][] =>
  [...text.matchAll(pattern)].map(([, source = '', output = '']) => [source, output])

const outputsOfJob = ({ jobs }: Workflow, key: string, { workflows }: World): string[] => {
  const job = jobs[key]
  if (job === undefined) return []
  return Object.keys(declared(workflows, calledFile(job))?.outputs ?? job.outputs ?? {})
}

/** Of a script what it visibly writes; what somebody else's action puts out is not written down here. */
const outputsOfStep = ({ jobs }: Workflow, key: string, id: string, { actions }: World): string[] => {
  const step = jobs[key]?.steps.find((each) => each.id === id)
  if (step?.run?.includes('GITHUB_OUTPUT')) return [...step.run.matchAll(/\b([\w-]+)=/g)].map(([, name = '']) => name)
  return actions[(step && ownAction(step)) ?? '']?.outputs ?? []
}
