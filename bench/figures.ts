import type { Figure } from './figure.ts'
import { calls } from './figures/calls.ts'
import { cancel } from './figures/cancel.ts'
import { copy } from './figures/copy.ts'
import { ec2 } from './figures/ec2.ts'
import { firstCause } from './figures/first-cause.ts'
import { lambda } from './figures/lambda.ts'
import { plan } from './figures/plan.ts'
import { red } from './figures/red.ts'
import { start } from './figures/start.ts'
import { success } from './figures/success.ts'
import { superseded } from './figures/superseded.ts'
import { swap } from './figures/swap.ts'
import { synth } from './figures/synth.ts'
import { treeHit } from './figures/tree-hit.ts'

/** Everything that `npm run bench` measures, in the order of its table. */
export const FIGURES: readonly Figure[] = [
  start,
  treeHit,
  copy,
  plan,
  synth,
  calls,
  success,
  firstCause,
  red,
  superseded,
  cancel,
  lambda,
  ec2,
  swap,
]
