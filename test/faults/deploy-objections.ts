import type { Step } from '../../local/github/step.ts'
import type { ServiceState, TargetWorld } from '../behaviour/world.ts'
import type { DeployState } from './observe.ts'
import { LONGEST } from './stage.ts'

const GREEN = ['succeeded', 'no-change', 'skipped']
const BACK = ['failed-rolled-back', 'cancelled', 'timed-out', 'refused']
const OUTCOMES = [...GREEN, ...BACK, 'failed-not-rolled-back', 'superseded']

type Reported = { service: string; outcome: string; runningDigest: string }

/** Which promises a run of deploy-service has broken, judged by what the cloud says afterwards. */
export const deployObjections = (
  world: TargetWorld,
  mark: number,
  step: Step,
  state: DeployState,
  { superseded, dry, proven }: { superseded: boolean; dry: boolean; proven: boolean },
): string[] => {
  const { outcome = '(none)' } = step.outputs
  const isGreen = GREEN.includes(outcome)
  // A dry run says what would be done, and nothing of what runs.
  const claims = isGreen && !dry
  const reported: Reported[] = JSON.parse(step.outputs['services'] ?? '[]')
  const is = (digest: string | undefined) => (service: ServiceState) =>
    service.running.length === service.copies && service.running.every((each) => each === digest)
  const runsNew = is(world.digests['v2'])
  const runsOld = is(world.digests['v1'])
  const services = Object.entries(state.services)
  const rules: [broken: boolean, objection: string][] = [
    ...stepRules(step, isGreen),
    [!OUTCOMES.includes(outcome), `the outcome ${outcome} is not one of the list`],
    [claims && !services.every(([, service]) => runsNew(service)), 'green although something else runs'],
    [claims && step.outputs['running-digest'] !== world.digests['v2'], 'green without naming the digest that runs'],
    [claims && !isProven(world, mark), 'green without having looked at what runs after the deployment'],
    [(outcome === 'superseded') !== superseded, `${outcome}, and somebody else has ${superseded ? '' : 'not '}deployed`],
    [outcome === 'refused' && world.writes(mark).some(isChange), 'refused after something was written'],
    ...services.flatMap(([name, service]): [boolean, string][] => [
      [service.orphans > 0, 'a pre-deploy command was left running'],
      [service.started > (superseded ? 2 : 1), `${service.started} deployments of ${name} were started`],
      [service.revisions > 1, `${service.revisions} revisions of ${name} were registered`],
    ]),
    ...reported.flatMap(({ service: name, outcome: said, runningDigest }): [boolean, string][] => {
      // By hand a service may be called by what it is made of.
      const service = state.services[name] ?? (services.length === 1 ? services[0]?.[1] : undefined)
      if (service === undefined) return [[true, `an unknown service ${name} is reported`]]
      return [
        [BACK.includes(said) && !runsOld(service), `${name} is reported as ${said}, but what ran before does not run`],
        [GREEN.includes(said) && !dry && !runsNew(service), `${name} is reported as ${said}, but something else runs`],
        [
          BACK.includes(said) && runningDigest !== (service.copies === 0 ? '' : world.digests['v1']),
          `${name} is ${said} without naming what runs`,
        ],
      ]
    }),
    // What is to be proven was on record before.
    ...(proven && !isGreen ? [] : recordRules(state, runsNew)),
  ]
  return rules.flatMap(([broken, objection]) => (broken ? [objection] : []))
}

/** A question to a host that is not answered is cancelled. */
const isChange = (call: string): boolean => !call.startsWith('sts:') && call !== 'ssm:CancelCommand'

/** What holds for every action: exit code, one clear line, no stack, an end in time. */
export const stepRules = ({ exitCode, log, milliseconds }: Step, isGreen: boolean): [boolean, string][] => {
  const red = log.split('\n').filter((line) => /^::error::(deploy-service|deploy-infrastructure|build-push-image): /.test(line))
  return [
    [exitCode !== (isGreen ? 0 : 1), `exit code ${exitCode}`],
    [red.length !== (isGreen ? 0 : 1), `${red.length} closing error lines`],
    [/^\s+at .+:\d+|TypeError|ReferenceError|\bundefined\b|\[object /m.test(log), 'a stack or a broken text in the log'],
    [milliseconds > LONGEST, `it took ${milliseconds} ms`],
  ]
}

/** The last change of what serves is followed by a look at it. */
const isProven = ({ cloud, proof }: TargetWorld, since: number): boolean => {
  const calls = cloud.recorder.calls({ since }).filter(({ outcome, role }) => outcome === 'ok' && role !== undefined)
  const last = (which: RegExp): number =>
    calls.findLast(({ service, operation }) => which.test(`${service}:${operation}`))?.sequence ?? 0
  return last(proof.reads) > last(proof.changes)
}

/** What is on record runs, whatever the end: nothing of a release that failed is written. */
const recordRules = ({ services, records }: DeployState, runsNew: (service: ServiceState) => boolean): [boolean, string][] =>
  Object.keys(records)
    .filter((name) => !/\/(lock|hold)$/.test(name))
    .map((name) => {
      const [, , , service = ''] = name.split('/')
      const concerned = name.endsWith('/image') ? [services[service]] : Object.values(services)
      return [!concerned.every((each) => each !== undefined && runsNew(each)), `${name} is on record, but does not run`]
    })
