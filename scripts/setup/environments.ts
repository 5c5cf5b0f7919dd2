import type { DesiredEnvironment } from './desired.ts'
import type { ObservedEnvironment, Reviewer, Seen } from './observed.ts'
import type { Change, EnvironmentBody, Plan } from './plan.ts'

type Standing = ObservedEnvironment | undefined

/**
 * First the rule that nothing but branches named one by one may deploy, then the branches, then the reviewers: killed in
 * between, it lets in less than wanted, never more.
 */
export const planEnvironment = (wanted: DesiredEnvironment, standing: Standing, known: Record<string, Seen<Reviewer>>): Plan => {
  const refs = planRefs(wanted, standing)
  const reviewers = planReviewers(wanted, standing, known)
  return {
    changes: [...refs.changes, ...reviewers.changes],
    kept: [
      ...reviewers.kept,
      ...(standing && standing.waitTimer > 0 ? [`environment ${wanted.name} waits ${standing.waitTimer} minutes`] : []),
      ...(standing?.preventSelfReview ? [`environment ${wanted.name} lets nobody approve an own deployment`] : []),
    ],
    open: [...refs.open, ...reviewers.open],
  }
}

const bodyOf = (standing: Standing): EnvironmentBody => ({
  waitTimer: standing?.waitTimer ?? 0,
  preventSelfReview: standing?.preventSelfReview ?? false,
  reviewers: (standing?.reviewers ?? []).map(({ type, id }) => ({ type, id })),
})

const planRefs = ({ name, branches }: DesiredEnvironment, standing: Standing): Plan => {
  const only = `deployments from ${branches.join(' and ')} only`
  const policies = branches.map((branch): Change => policy(name, branch))
  const body = bodyOf(standing)
  if (standing === undefined) {
    return {
      changes: [{ kind: 'environment', name, line: `+ environment ${name}: ${only}`, body }, ...policies],
      kept: [],
      open: [],
    }
  }
  if (typeof standing.refs === 'string') {
    const now = standing.refs === 'all' ? 'from any ref' : 'from any protected branch'
    return {
      changes: [{ kind: 'environment', name, line: `~ environment ${name}: ${only} (now: ${now})`, body }, ...policies],
      kept: [],
      open: [],
    }
  }
  const there = standing.refs
  const foreign = there.filter(({ name, type }) => type !== 'branch' || !branches.includes(name))
  const missing = branches.filter((branch) => !there.some(({ name, type }) => type === 'branch' && name === branch))
  if (foreign.length === 0) return { changes: missing.map((branch) => policy(name, branch)), kept: [], open: [] }
  const others = foreign.map(({ name, type }) => `${type} '${name}'`).join(', ')
  const lets = `environment ${name} lets in ${others}, which delivery.json does not name: take that out by hand`
  const absent = missing.map((branch) => `environment ${name} does not let in ${branch}: add it by hand, once the others are out`)
  return { changes: [], kept: [], open: [lets, ...absent] }
}

const policy = (environment: string, branch: string): Change => ({
  kind: 'branch-policy',
  environment,
  branch,
  line: `+ environment ${environment}: branch ${branch} may deploy`,
})

/** Whoever is a reviewer already stays alone: each further one is one more who may approve. */
const planReviewers = (
  { name, reviewers }: DesiredEnvironment,
  standing: Standing,
  known: Record<string, Seen<Reviewer>>,
): Plan => {
  const found = reviewers.flatMap((reviewer) => {
    const one = known[reviewer]
    return one !== undefined && 'value' in one ? [one.value] : []
  })
  const unknown = reviewers.flatMap((reviewer) => {
    const one = known[reviewer]
    return one !== undefined && 'unseen' in one
      ? [`environment ${name}: the reviewer ${reviewer} cannot be found: ${one.unseen}`]
      : []
  })
  const there = standing?.reviewers ?? []
  const isThere = (reviewer: Reviewer): boolean => there.some(({ type, id }) => type === reviewer.type && id === reviewer.id)
  const names = (list: Reviewer[]): string => list.map((reviewer) => reviewer.name).join(', ')
  if (there.length > 0) {
    const isSame = found.every(isThere) && there.length === found.length
    if (isSame || unknown.length > 0) return { changes: [], kept: [], open: unknown }
    const wanted = reviewers.length === 0 ? 'none' : reviewers.join(', ')
    if (reviewers.length === 0) return { changes: [], kept: [`environment ${name} has the reviewers ${names(there)}`], open: [] }
    return {
      changes: [],
      kept: [],
      open: [`environment ${name} has the reviewers ${names(there)}, delivery.json says ${wanted}: change them by hand`],
    }
  }
  if (found.length === 0) return { changes: [], kept: [], open: unknown }
  const body = { ...bodyOf(standing), reviewers: found.map(({ type, id }) => ({ type, id })) }
  const line = `+ environment ${name}: one of ${names(found)} approves each deployment`
  return { changes: [{ kind: 'environment', name, line, body }], kept: [], open: unknown }
}
