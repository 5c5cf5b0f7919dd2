/**
 * Context of the commit status that says whether a pull request may be merged to the branch of this environment; rulesets
 * require it. GitHub keeps one status for a commit and a context, and pull requests into several branches may have one
 * head: each branch has a context of its own, so that the answer of none stands in for that of another.
 */
export const promotionContext = (environment: string): string => `slipway/promotion/${environment}`
